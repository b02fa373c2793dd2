public import VRMCrypto

/// A key that signs tokens: Ed25519 for everybody, P-256 for companies.
public enum TokenKey: ~Copyable {
    case ed25519(SigningKey)
    case p256(P256SigningKey)

    /// The names of `alg` a company can choose from.
    public static let algorithms = ["EdDSA", "ES256"]

    /// - Parameters:
    ///   - secret: The seed of an Ed25519 key, or the scalar of one on P-256.
    ///   - algorithm: `EdDSA` or `ES256`.
    /// - Throws: ``CryptoFailure/invalidKey``.
    public init(_ secret: borrowing SecretBytes, algorithm: String) throws(CryptoFailure) {
        switch algorithm {
        case "EdDSA": self = .ed25519(try SigningKey(seed: secret))
        case "ES256": self = .p256(try P256SigningKey(scalar: secret))
        default: throw .invalidKey
        }
    }

    /// What makes a fresh key of a kind.
    public static func randomSecret(_ algorithm: String) -> SecretBytes {
        algorithm == "ES256" ? P256SigningKey.randomScalar() : SecretBytes(random: SigningKey.seedBytes)
    }

    /// What is emitted. Common libraries do not know the newer name `Ed25519`.
    public var algorithm: String {
        switch self {
        case .ed25519: "EdDSA"
        case .p256: "ES256"
        }
    }

    public var publicKey: PublicJWK {
        switch self {
        case .ed25519(let key): .ed25519(key.publicKey)
        case .p256(let key): .p256(key.publicKey)
        }
    }

    borrowing func sign(_ message: [UInt8]) -> [UInt8] {
        switch self {
        case .ed25519(let key): return key.sign(message)
        case .p256(let key):
            // The scalar was checked when the key was made.
            guard let signature = try? key.sign(message) else { fatalError("a P-256 key that cannot sign") }
            return signature
        }
    }
}
