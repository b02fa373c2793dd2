/// A key trusted for one issuer, and the name its owner gives it.
public struct PinnedKey: Hashable, Sendable {
    public let kid: String
    public let key: PublicJWK

    /// - Parameter kid: The owner's name for it; by default its thumbprint.
    public init(_ key: PublicJWK, kid: String? = nil) {
        self.key = key
        self.kid = kid ?? key.thumbprint
    }
}

/// What a caller remembers of the issuer of a bundle, looked up by ``Unverified/issuer`` before verifying.
public struct Recollection: Sendable {
    /// Keys pinned for this issuer, each under the `kid` it was published with. Empty for a first contact.
    public var pinned: [PinnedKey]
    /// The signing-input digest under which this (issuer, jti) was seen before.
    public var seen: [UInt8]?
    /// A revocation of this very token, or one of `all` this issuer had sent by then.
    public var isRevoked: Bool

    public init(pinned: [PinnedKey] = [], seen: [UInt8]? = nil, isRevoked: Bool = false) {
        self.pinned = pinned
        self.seen = seen
        self.isRevoked = isRevoked
    }
}

/// What the caller demands of a bundle.
public struct Policy: Sendable {
    /// Who it must be for; nil leaves the audience unchecked and the verdict says so.
    public var audience: String?
    public var types: Set<TokenType>
    /// Tokens that references may resolve to, verified before.
    public var references: [VerifiedBundle]
    /// The text of terms that travels beside its digest.
    public var termsText: [UInt8]?
    /// Judge the times of a bundle that is kept as a record by its own `iat`.
    public var ignoresExpiry: Bool
    /// There is a memory behind the recollection: replay, revocation and key continuity count as checked.
    public var remembers: Bool

    public init(
        audience: String?, types: Set<TokenType> = Set(TokenType.allCases), references: [VerifiedBundle] = [],
        termsText: [UInt8]? = nil, ignoresExpiry: Bool = false, remembers: Bool = false
    ) {
        self.audience = audience
        self.types = types
        self.references = references
        self.termsText = termsText
        self.ignoresExpiry = ignoresExpiry
        self.remembers = remembers
    }
}

/// A bundle that kept every rule. Only ``Verifier`` makes one.
public struct VerifiedBundle: Sendable {
    /// How the key came to be trusted. A first contact proves a pseudonym, not an account.
    public enum KeyStanding: String, Sendable { case pinned, first_contact }

    public let type: TokenType
    public let common: CommonClaims
    public let payload: Payload
    /// All claims with the Disclosures in place.
    public let claims: JSONObject
    /// The paths that came from Disclosures.
    public let disclosed: [(path: String, value: JSONValue)]
    public let key: PublicJWK
    /// The name its owner gives the key.
    public let kid: String
    public let standing: KeyStanding
    public let reference: BundleReference
    public let checked: [String]
    public let notChecked: [String]
    /// It was seen before, the very same.
    public let isReplay: Bool
    public let envelope: Envelope
}
