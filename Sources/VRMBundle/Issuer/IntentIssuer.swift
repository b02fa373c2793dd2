public import VRMCrypto
public import VRMModel

/// Signs an intent and what follows from it, under a key used for it alone.
public struct IntentIssuer: ~Copyable {
    private let key: PersonKey
    private let now: Instant

    public var publicKey: PublicJWK { key.publicKey }
    public var name: String { key.name }

    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes, now: Instant) throws(CryptoFailure) {
        key = try PersonKey(seed: seed)
        self.now = now
    }

    /// - Parameter attributes: What can be revealed later, at most ``Limits/attributes``; decoys fill up.
    /// - Returns: The intent with all its Disclosures; it is published ``SignedBundle/withoutDisclosures``.
    public func sign(intent: IntentPayload, ends: Instant, attributes: [(name: String, value: JSONValue)]) -> SignedBundle {
        precondition(attributes.count <= Limits.attributes)
        var random = RandomBits(count: attributes.count + 1)
        let attributes = Disclosure.fresh(attributes, &random)
        var digests = attributes.map(\.digest)
        while digests.count < Limits.attributes { digests.append(DisclosureDigest.decoy()) }
        return key.sign(
            .intent, common(nil, ends: ends, jti: random.id()), intent, digests: [("attributes", digests)],
            disclosures: attributes)
    }

    /// Shows an intent with some of its attributes to one company, once.
    ///
    /// - Parameter names: Which attributes.
    /// - Throws: A ``Rejection`` when the Disclosures cannot be read.
    public func present(_ intent: SignedBundle, revealing names: Set<String>, to company: Origin, nonce: String) throws(Rejection)
        -> SignedBundle
    {
        let all = try Unverified(parsing: intent.flattened).disclosures
        let chosen = all.filter { $0.name.map(names.contains) ?? false }.map(\.encoded)
        let shown = SignedBundle(
            protected: intent.protected, payload: intent.payload, signature: intent.signature, disclosures: chosen,
            jti: intent.jti)
        let binding = key.bind(shown.compact, to: company, nonce: nonce, now: now)
        return SignedBundle(
            protected: intent.protected, payload: intent.payload, signature: intent.signature, disclosures: chosen,
            jti: intent.jti, keyBinding: binding)
    }

    public func sign(withdrawal: WithdrawalPayload, ends: Instant) -> SignedBundle {
        key.sign(.withdrawal, common(nil, ends: ends), withdrawal)
    }

    /// Demands that a company which was shown something delete it. It knows no other key of the person.
    public func sign(
        request: RequestPayload, to company: Origin, ends: Instant, subject: [(name: String, value: JSONValue)]
    ) -> SignedBundle {
        var random = RandomBits(count: subject.count + 1)
        let subject = Disclosure.fresh(subject, &random)
        return key.sign(
            .request, common(company.description, ends: ends, jti: random.id()), request,
            digests: [("subject", subject.map(\.digest))], disclosures: subject)
    }

    /// Chooses an offer, and names the fresh key under which the person goes on with the winner.
    ///
    /// - Parameter seed: Of the pairwise key.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public func sign(
        awardOf offer: BundleReference, to company: Origin, continuingUnder seed: borrowing SecretBytes, ends: Instant
    ) throws(CryptoFailure) -> SignedBundle {
        let new = try PersonKey(seed: seed)
        let common = common(company.description, ends: ends)
        return key.sign(.award, common, AwardPayload(ref: offer, new: new.publicKey.json, pop: new.prove(common)))
    }

    /// When a token for everybody is dated: a minute back, floored to the hour.
    public static func date(of now: Instant) -> Instant { now.adding(seconds: -60).floored(to: 3600) }

    private func common(_ audience: String?, ends: Instant, jti: String = RandomBits.id()) -> CommonClaims {
        CommonClaims(
            iss: key.name, aud: audience, iat: IntentIssuer.date(of: now), exp: PersonKey.midnight(notBefore: ends),
            jti: jti)
    }
}

extension SignedBundle {
    /// As an intent is published.
    public var withoutDisclosures: SignedBundle {
        SignedBundle(
            protected: protected, payload: payload, signature: signature, disclosures: disclosures.map { _ in [] }, jti: jti)
    }
}
