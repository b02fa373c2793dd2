import CSodium
import Crypto

/// An Ed25519 key pair (RFC 8032), from a random 32-byte seed.
public struct SigningKey: ~Copyable, @unchecked Sendable {
    private let secret: SecretBytes
    public let publicKey: Ed25519PublicKey

    public static let seedBytes = 32

    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes) throws(CryptoFailure) {
        guard seed.count == SigningKey.seedBytes else { throw .invalidKey }
        let secret = SecretBytes(count: 64)
        var point = [UInt8](repeating: 0, count: 32)
        _ = unsafe crypto_sign_seed_keypair(&point, secret.mutableBase, seed.base)
        self.secret = secret
        publicKey = Ed25519PublicKey(trusted: point)
    }

    /// The 64-byte signature of `message`.
    public borrowing func sign(_ message: [UInt8]) -> [UInt8] {
        let base = unsafe secret.base
        var signature = [UInt8](repeating: 0, count: 64)
        _ = unsafe crypto_sign_detached(&signature, nil, message, UInt64(message.count), base)
        return signature
    }
}

/// An ECDSA key pair on P-256 (FIPS 186-5), from its 32-byte scalar.
public struct P256SigningKey: ~Copyable, @unchecked Sendable {
    private let scalar: SecretBytes
    public let publicKey: P256PublicKey

    /// - Throws: ``CryptoFailure/invalidKey`` unless the scalar is one: 32 bytes, neither zero nor beyond the group's order.
    public init(scalar: borrowing SecretBytes) throws(CryptoFailure) {
        guard scalar.count == 32, let key = P256SigningKey.key(scalar) else { throw .invalidKey }
        let point = Array(key.publicKey.rawRepresentation)
        publicKey = try P256PublicKey(x: Array(point[..<32]), y: Array(point[32...]))
        self.scalar = scalar.slice(0..<32)
    }

    /// The scalar of a fresh key.
    public static func randomScalar() -> SecretBytes {
        var raw = Array(P256.Signing.PrivateKey().rawRepresentation)
        defer { wipe(&raw) }
        return SecretBytes(copying: raw)
    }

    /// r | s, 64 bytes (RFC 7518 §3.4).
    public borrowing func sign(_ message: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        guard let key = P256SigningKey.key(scalar), let signature = try? key.signature(for: message) else { throw .invalidKey }
        return Array(signature.rawRepresentation)
    }

    private static func key(_ scalar: borrowing SecretBytes) -> P256.Signing.PrivateKey? {
        unsafe scalar.withUnsafeBytes { unsafe try? P256.Signing.PrivateKey(rawRepresentation: $0) }
    }
}
