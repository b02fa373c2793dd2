public import VRMModel

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

/// What a caller remembers of a bundle's issuer and id, looked up before verifying. ``Memory`` does it.
public struct Recollection: Hashable, Sendable {
    /// Keys pinned for this issuer, each under the `kid` it was published with. Empty for a first contact.
    public var pinned: [PinnedKey] = []
    /// Keys of this issuer that a rotation retired.
    public var retired: [PinnedKey] = []
    /// The company recorded whose account the key belongs to.
    public var isBound = false
    /// All names of the person concerned, tied by rotations and awards; the bundle's own may be left out.
    public var chain: Set<String> = []
    /// The signing-input digest under which this (issuer, jti) was seen before.
    public var seen: [UInt8]?
    /// Its issuer ended this very token: revoked, superseded, replaced or withdrawn.
    public var isEnded = false
    /// Its issuer ended all grants and terms dated no later than this.
    public var endedUpTo: Instant?
    /// The nonce expected now was shown before.
    public var isNonceUsed = false

    public init(pinned: [PinnedKey] = []) { self.pinned = pinned }
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
    /// The nonce a Key Binding JWT must answer. Whether there must be one is decided here, never by what arrived.
    public var nonce: String?
    /// Take a bundle whose time is over, as a record of what was.
    public var ignoresExpiry: Bool
    /// There is a memory behind the recollection: replay, revocation and key continuity count as checked.
    public var remembers: Bool

    public init(
        audience: String?, types: Set<TokenType> = Set(TokenType.allCases), references: [VerifiedBundle] = [],
        termsText: [UInt8]? = nil, nonce: String? = nil, ignoresExpiry: Bool = false, remembers: Bool = false
    ) {
        self.audience = audience
        self.types = types
        self.references = references
        self.termsText = termsText
        self.nonce = nonce
        self.ignoresExpiry = ignoresExpiry
        self.remembers = remembers
    }
}
