import CSodium
import Crypto

/// The public half of an Ed25519 key: 32 bytes.
public struct Ed25519PublicKey: Hashable, Sendable {
    public let bytes: [UInt8]

    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// For a key that is only tried: verification itself refuses small-order and non-canonical points.
    ///
    /// - Throws: ``CryptoFailure/invalidKey`` unless there are 32 bytes.
    public init(unchecked bytes: [UInt8]) throws(CryptoFailure) {
        guard bytes.count == 32 else { throw .invalidKey }
        self.bytes = bytes
    }

    /// For a key that will be trusted: on the curve, canonical, in the main subgroup, not of small order.
    public init(checked bytes: [UInt8]) throws(CryptoFailure) {
        _ = Sodium.ready
        guard bytes.count == 32, unsafe crypto_core_ed25519_is_valid_point(bytes) == 1 else { throw .invalidKey }
        self.bytes = bytes
    }

    /// RFC 8032 verification as libsodium does it: S < L, no small-order key or R, canonical encodings.
    public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        _ = Sodium.ready
        guard signature.count == 64 else { return false }
        return unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
    }
}

/// The public half of an ECDSA key on P-256: the coordinates, 32 bytes each.
public struct P256PublicKey: Hashable, Sendable {
    public let x: [UInt8]
    public let y: [UInt8]

    /// - Throws: ``CryptoFailure/invalidKey`` unless the point is on the curve.
    public init(x: [UInt8], y: [UInt8]) throws(CryptoFailure) {
        guard x.count == 32, y.count == 32, (try? P256.Signing.PublicKey(rawRepresentation: x + y)) != nil else {
            throw .invalidKey
        }
        self.x = x
        self.y = y
    }

    /// - Parameter signature: r | s, 64 bytes (RFC 7518 §3.4).
    public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64, let key = try? P256.Signing.PublicKey(rawRepresentation: x + y),
            let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
        else { return false }
        return key.isValidSignature(parsed, for: message)
    }
}
