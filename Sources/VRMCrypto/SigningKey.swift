import CSodium

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
