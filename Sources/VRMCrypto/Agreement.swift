import CSodium

/// The public half of an X25519 key (RFC 7748): 32 bytes.
public struct X25519PublicKey: Hashable, Sendable {
    public let bytes: [UInt8]

    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// For a key that is only used once, as an ephemeral one: agreement itself refuses what it must.
    ///
    /// - Throws: ``CryptoFailure/invalidKey`` unless there are 32 bytes.
    public init(unchecked bytes: [UInt8]) throws(CryptoFailure) {
        guard bytes.count == 32 else { throw .invalidKey }
        self.bytes = bytes
    }

    /// For a key that will be trusted: canonical, and not of small order.
    public init(checked bytes: [UInt8]) throws(CryptoFailure) {
        try self.init(unchecked: bytes)
        let isCanonical =
            bytes[31] < 0x7F || bytes[31] == 0x7F && !(bytes[0] >= 0xED && bytes[1..<31].allSatisfy { $0 == 0xFF })
        guard isCanonical,
            (try? AgreementKey(seed: SecretBytes(copying: [UInt8](repeating: 8, count: 32))).agree(with: self)) != nil
        else { throw .invalidKey }
    }
}

/// An X25519 key pair: whom a message can be sealed to.
public struct AgreementKey: ~Copyable, @unchecked Sendable {
    private let secret: SecretBytes
    public let publicKey: X25519PublicKey

    public static let seedBytes = 32

    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes) throws(CryptoFailure) {
        _ = Sodium.ready
        guard seed.count == AgreementKey.seedBytes else { throw .invalidKey }
        let base = unsafe seed.base
        var point = [UInt8](repeating: 0, count: 32)
        guard unsafe crypto_scalarmult_base(&point, base) == 0 else { throw .invalidKey }
        secret = seed.slice(0..<AgreementKey.seedBytes)
        publicKey = X25519PublicKey(trusted: point)
    }

    /// What both sides can compute and nobody else (RFC 7748 §6.1).
    ///
    /// - Throws: ``CryptoFailure/invalidKey`` for a peer of small order, with whom everybody would agree on zeros.
    public borrowing func agree(with peer: X25519PublicKey) throws(CryptoFailure) -> SecretBytes {
        let shared = SecretBytes(count: 32)
        let base = unsafe secret.base
        guard unsafe crypto_scalarmult(shared.mutableBase, base, peer.bytes) == 0 else { throw .invalidKey }
        return shared
    }
}

/// The Concat KDF of JOSE (RFC 7518 §4.6.2; NIST SP 800-56A §5.8.1) over SHA-256, for keys of 256 bits: one round.
public enum ConcatKDF {
    /// - Parameters:
    ///   - algorithm: The `enc` the key is for, with direct agreement.
    ///   - partyU: The decoded `apu`; empty when there is none.
    ///   - partyV: The decoded `apv`.
    public static func derive(
        from shared: borrowing SecretBytes, algorithm: String, partyU: [UInt8] = [], partyV: [UInt8] = []
    ) -> SecretBytes {
        func counted(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt32(bytes.count)) + bytes }
        var input = bigEndian(1)
        unsafe shared.withUnsafeBytes { input += unsafe Array($0) }
        input += counted(Array(algorithm.utf8)) + counted(partyU) + counted(partyV) + bigEndian(256)
        let key = SecretBytes(count: 32)
        _ = unsafe crypto_hash_sha256(key.mutableBase, input, UInt64(input.count))
        wipe(&input)
        return key
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: number >> 24), UInt8(truncatingIfNeeded: number >> 16),
            UInt8(truncatingIfNeeded: number >> 8),
            UInt8(truncatingIfNeeded: number),
        ]
    }
}
