public import VRMCrypto
public import VRMModel

/// Signs what a person says to one company, under the key of that relationship.
public struct PersonIssuer: ~Copyable {
    private let key: TokenKey
    private let audience: String
    private let now: Instant
    public let publicKey: PublicJWK
    public let name: String

    /// - Parameter audience: How the company is named: its origin.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes, audience: Origin, now: Instant) throws(CryptoFailure) {
        key = .ed25519(try SigningKey(seed: seed))
        publicKey = key.publicKey
        name = PairwiseIssuer.name(publicKey)
        self.audience = audience.description
        self.now = now
    }

    /// - Parameter ends: Rounded up to midnight UTC: finer times would link bundles to one another.
    public func sign(terms: TermsPayload, ends: Instant) -> SignedBundle {
        sign(.terms, terms.members, ends: ends)
    }

    /// - Parameter data: Members of `data`, each with its Disclosure.
    public func sign(grant: GrantPayload, ends: Instant, data: [Disclosure]) -> SignedBundle {
        sign(.grant, grant.members, ends: ends, disclosing: [("data", data)])
    }

    public func sign(revocation: RevocationPayload, ends: Instant) -> SignedBundle {
        sign(.revocation, revocation.members, ends: ends)
    }

    /// - Parameter changes: Of a rectification.
    public func sign(
        request: RequestPayload, ends: Instant, subject: [Disclosure], changes: [DisclosedChange] = []
    ) -> SignedBundle {
        let outer = changes.isEmpty ? [] : [(name: "changes", values: changes.map(\.outer))]
        return sign(
            .request, request.members, ends: ends, disclosing: [("subject", subject)] + outer,
            disclosures: subject + changes.flatMap(\.disclosures))
    }

    public func sign(message: MessagePayload, ends: Instant) -> SignedBundle {
        sign(.message, message.members, ends: ends)
    }

    public func sign(evidence: EvidencePayload, ends: Instant) -> SignedBundle {
        sign(.evidence, evidence.members, ends: ends)
    }

    /// Hands over to a fresh key. From then on this one signs nothing more.
    ///
    /// - Parameter seed: Of the new key.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public func sign(rotationTo seed: borrowing SecretBytes, ends: Instant) throws(CryptoFailure) -> SignedBundle {
        let new = TokenKey.ed25519(try SigningKey(seed: seed))
        let common = common(ends: ends)
        let jwk = new.publicKey
        let pop = Successor.prove(new, kid: jwk.thumbprint, name: PairwiseIssuer.name(jwk), common)
        return PersonToken.sign(.rotation, common, RotationPayload(new: jwk.json, pop: pop).members, with: key)
    }

    /// When a token made at `now` is dated: floored to the minute and a minute back, because common verifiers
    /// refuse an `iat` one second ahead of their clock.
    public static func date(of now: Instant) -> Instant { now.floored(to: 60).adding(seconds: -60) }

    private func common(ends: Instant) -> CommonClaims {
        CommonClaims(
            iss: name, aud: audience, iat: PersonIssuer.date(of: now), exp: PersonToken.midnight(notBefore: ends),
            jti: PersonToken.id())
    }

    private func sign(
        _ type: TokenType, _ members: [(String, JSONValue)], ends: Instant,
        disclosing containers: [(name: String, values: [Disclosure])] = [], disclosures: [Disclosure]? = nil
    ) -> SignedBundle {
        let digests = containers.map { ($0.name, $0.values.map(\.digest)) }
        return PersonToken.sign(
            type, common(ends: ends), members, digests: digests, disclosures: disclosures ?? containers.flatMap(\.values),
            with: key)
    }
}

/// What all tokens under a person's keys have in common: the pairwise ones and those of an intent.
enum PersonToken {
    /// 128 random bits.
    static func id() -> String { Base64URL.encode(Random.bytes(16)) }

    static func midnight(notBefore time: Instant) -> Instant {
        let midnight = time.floored(to: 86_400)
        return midnight == time ? time : midnight.adding(seconds: 86_400)
    }

    /// - Parameter digests: Below each member that discloses.
    static func sign(
        _ type: TokenType, _ common: CommonClaims, _ members: [(String, JSONValue)],
        digests: [(name: String, values: [String])] = [], disclosures: [Disclosure] = [], with key: borrowing TokenKey
    ) -> SignedBundle {
        var claims = common.members + [("cnf", ["jwk": .object(key.publicKey.json)])] + members
        if type.isSelectiveDisclosure {
            claims += [("vct", .string(type.rawValue)), ("_sd_alg", "sha-256")]
            // Sorted: the order would tell which value is which (RFC 9901 §4.2.4.1).
            claims += digests.map { ($0.name, ["_sd": .array($0.values.sorted().map { .string($0) })]) }
        }
        return SignedBundle(
            signing: claims, TokenHeader(alg: key.algorithm, kid: PairwiseIssuer.thumbprint(common.iss), typ: type.typ),
            with: key,
            disclosures: type.isSelectiveDisclosure ? disclosures.map(\.encoded) : nil, jti: common.jti)
    }
}

extension SignedBundle {
    init(
        signing claims: [(String, JSONValue)], _ header: TokenHeader, with key: borrowing TokenKey, disclosures: [String]?,
        jti: String
    ) {
        let (protected, payload) = (header.encoded, Base64URL.encode(JSONValue.object(JSONObject(claims)).bytes))
        let signature = Base64URL.encode(key.sign(Array("\(protected).\(payload)".utf8)))
        self.init(protected: protected, payload: payload, signature: signature, disclosures: disclosures, jti: jti)
    }
}
