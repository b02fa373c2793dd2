public import VRMCrypto
public import VRMModel

/// Signs what a person says to one company, under the key of that relationship.
public struct PersonIssuer: ~Copyable {
    private let key: PersonKey
    private let audience: String
    private let now: Instant

    public var publicKey: PublicJWK { key.publicKey }
    public var name: String { key.name }

    /// - Parameter audience: How the company is named: its origin.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes, audience: Origin, now: Instant) throws(CryptoFailure) {
        key = try PersonKey(seed: seed)
        self.audience = audience.description
        self.now = now
    }

    /// - Parameter ends: Rounded up to midnight UTC: finer times would link bundles to one another.
    public func sign(terms: TermsPayload, ends: Instant) -> SignedBundle {
        sign(.terms, terms, ends: ends)
    }

    /// - Parameter data: The members of `data`, each to travel in a Disclosure.
    public func sign(grant: GrantPayload, ends: Instant, data: [(name: String, value: JSONValue)]) -> SignedBundle {
        var random = RandomBits(count: data.count + 1)
        let data = Disclosure.fresh(data, &random)
        return key.sign(
            .grant, common(ends: ends, jti: random.id()), grant, digests: [("data", data.map(\.digest))], disclosures: data)
    }

    public func sign(revocation: RevocationPayload, ends: Instant) -> SignedBundle {
        sign(.revocation, revocation, ends: ends)
    }

    /// - Parameters:
    ///   - subject: The members of `subject`.
    ///   - changes: Of a rectification.
    public func sign(
        request: RequestPayload, ends: Instant, subject: [(name: String, value: JSONValue)], changes: [DisclosedChange] = []
    ) -> SignedBundle {
        var random = RandomBits(count: subject.count + 1)
        let subject = Disclosure.fresh(subject, &random)
        var digests: [(name: StaticString, values: [DisclosureDigest])] = [("subject", subject.map(\.digest))]
        if !changes.isEmpty { digests.append(("changes", changes.map(\.outer.digest))) }
        return key.sign(
            .request, common(ends: ends, jti: random.id()), request, digests: digests,
            disclosures: subject + changes.flatMap(\.disclosures))
    }

    public func sign(message: MessagePayload, ends: Instant) -> SignedBundle {
        sign(.message, message, ends: ends)
    }

    public func sign(evidence: EvidencePayload, ends: Instant) -> SignedBundle {
        sign(.evidence, evidence, ends: ends)
    }

    /// Hands over to a fresh key. From then on this one signs nothing more.
    ///
    /// - Parameter seed: Of the new key.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public func sign(rotationTo seed: borrowing SecretBytes, ends: Instant) throws(CryptoFailure) -> SignedBundle {
        let new = try PersonKey(seed: seed)
        let common = common(ends: ends)
        return key.sign(.rotation, common, RotationPayload(new: new.publicKey.json, pop: new.prove(common)))
    }

    /// When a token made at `now` is dated: floored to the minute and a minute back, because common verifiers
    /// refuse an `iat` one second ahead of their clock.
    public static func date(of now: Instant) -> Instant { now.floored(to: 60).adding(seconds: -60) }

    private func common(ends: Instant, jti: String = RandomBits.id()) -> CommonClaims {
        CommonClaims(
            iss: key.name, aud: audience, iat: PersonIssuer.date(of: now), exp: PersonKey.midnight(notBefore: ends),
            jti: jti)
    }

    private func sign(_ type: TokenType, _ claims: some JSONMembers, ends: Instant) -> SignedBundle {
        key.sign(type, common(ends: ends), claims)
    }
}
