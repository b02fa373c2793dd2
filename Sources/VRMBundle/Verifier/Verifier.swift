public import VRMModel

/// Decides whether a signed bundle can be trusted, by the rules of docs/spec/bundle.md §6.
///
/// Reads no file, no network, and no clock: the same arguments always give the same answer.
public struct Verifier: Sendable {
    let policy: Policy

    public init(_ policy: Policy) { self.policy = policy }

    /// Verifies a bundle exactly as it arrived. The first broken rule ends the run.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, at most ``Limits/fileBytes``.
    ///   - recollection: What is remembered of its issuer and id.
    ///   - now: The time to judge by.
    /// - Throws: A ``Rejection`` naming the broken rule.
    public func verify(_ bytes: [UInt8], recalling recollection: Recollection, at now: Instant) throws(Rejection)
        -> VerifiedBundle
    {
        try verify(try Unverified(parsing: bytes), recalling: recollection, at: now)
    }

    /// The same for a bundle already taken apart.
    public func verify(_ bundle: Unverified, recalling recollection: Recollection, at now: Instant) throws(Rejection)
        -> VerifiedBundle
    {
        let envelope = bundle.envelope
        guard let signed = bundle.signed else { throw Rejection(.json, "the payload is not an object") }
        let raw = JSONObject(signed)
        let header = try TokenHeader(bundle.header, byteCount: bundle.headerBytes)
        let type = try type(header, raw)
        let iss = try raw.token("iss")
        let signer = type.signer(named: iss)
        guard !bundle.wasSealed || type.maySeal(signer) else { throw Rejection(.encryption, "a type that is never sealed") }
        let (key, standing) = try signerKey(signer, iss, header, raw, bundle, recollection)
        guard key.key.algorithms.contains(header.alg) else { throw Rejection(.algorithm, "not an algorithm of this key") }
        guard key.key.isValid(bundle.signature, of: bundle.signingInput) else {
            throw Rejection(.signature, "not a signature of these bytes by this key")
        }

        let common = try CommonClaims(raw, of: type, iss: iss, signer: signer)
        var payload = try Payload(type, raw)
        try judgeTimes(common, type, at: now)
        try judgeAudience(common, type, signer)
        guard type.isSelectiveDisclosure == envelope.isSelectiveDisclosure else {
            throw Rejection(.disclosures, "an SD-JWT without its final ~, or a plain token with one")
        }
        var unpacked: DisclosedPayload?
        if type.isSelectiveDisclosure {
            let opened = try DisclosedPayload(signed, of: bundle, containers: type.disclosable)
            if type == .intent, raw["attributes"]?.object?["_sd"]?.array?.count != Limits.attributes {
                throw Rejection(.disclosures, "an intent has exactly \(Limits.attributes) digests")
            }
            try payload.disclose(opened)
            unpacked = opened
        }
        let presentation = try judgeKeyBinding(type, envelope, key.key, recollection, at: now)
        let hasText = try judgeTermsTexts(payload)
        if case .evidence(let evidence) = payload { try evidence.checkChain() }
        let successor = try successor(payload, common, signer, key)
        let hasReferences = try judgeReferences(payload, common, recollection.chain)
        if type.canEnd {
            let isOver = type != .intent && recollection.endedUpTo.map { common.iat <= $0 } ?? false
            guard !recollection.isEnded, !isOver else { throw Rejection(.ended, "by its issuer") }
        }
        if let seen = recollection.seen, seen != bundle.s256 {
            throw Rejection(.replay, "the same id was seen with other content")
        }
        var open: [String] = []
        open.reserveCapacity(6)
        if !hasText { open.append(Rule.termsText.title) }
        if !hasReferences { open.append(Rule.reference.title) }
        if policy.audience == nil, type.hasAudience || presentation != nil { open.append(Rule.audience.title) }
        if !policy.remembers {
            open.append(Rule.replay.title)
            open.append(Rule.ended.title)
            if standing == .first_contact { open.append("key continuity") }
        }
        return VerifiedBundle(
            type: type, signer: signer, common: common, payload: payload, bundle: bundle, unpacked: unpacked, key: key,
            standing: standing, binding: recollection.isBound ? .account : .none,
            reference: BundleReference(jti: common.jti, s256: bundle.s256), successor: successor, presentation: presentation,
            isReplay: recollection.seen != nil, notChecked: open)
    }

    // B-06
    private func type(_ header: TokenHeader, _ payload: JSONObject) throws(Rejection) -> TokenType {
        let name: String
        if header.typ == TokenType.selectiveDisclosure {
            guard let vct = try? payload.token("vct") else { throw Rejection(.type, "no vct") }
            name = vct
        } else {
            name = header.typ
        }
        guard let type = TokenType(rawValue: name), type.typ == header.typ else {
            throw Rejection(.type, "not a type of this profile")
        }
        guard policy.types.contains(type) else { throw Rejection(.type, "not the type that is wanted here") }
        return type
    }

    // B-07. Never a key the header names.
    private func signerKey(
        _ signer: TokenType.Signer, _ iss: String, _ header: TokenHeader, _ payload: JSONObject, _ bundle: Unverified,
        _ recollection: Recollection
    ) throws(Rejection) -> (PinnedKey, VerifiedBundle.KeyStanding) {
        let key: PinnedKey
        let standing: VerifiedBundle.KeyStanding
        switch signer {
        case .person:
            let held = try PublicJWK(unchecked: try payload.object("cnf").object("jwk"))
            guard case .ed25519 = held else { throw Rejection(.key, "a person's key is Ed25519") }
            let thumbprint = held.thumbprint
            guard thumbprint == header.kid else { throw Rejection(.key, "kid is not the thumbprint of cnf.jwk") }
            guard iss == PairwiseIssuer.prefix + thumbprint else {
                throw Rejection(.key, "iss is not the thumbprint of cnf.jwk")
            }
            key = PinnedKey(held, kid: thumbprint)
            guard recollection.pinned.isEmpty || recollection.pinned.contains(where: { $0.key == held }) else {
                throw Rejection(.key, "another key than the pinned one")
            }
            standing = recollection.pinned.isEmpty ? .first_contact : .pinned
        case .company:
            guard Origin(iss) != nil else { throw Rejection(.key, "iss is no https origin") }
            guard !recollection.pinned.isEmpty else { throw Rejection(.key, "no key of this company is known") }
            guard let match = recollection.pinned.first(where: { $0.kid == header.kid }) else {
                throw Rejection(.key, "none of the company's known keys has this kid")
            }
            (key, standing) = (match, .pinned)
        }
        if recollection.retired.contains(where: { $0.key == key.key }) {
            guard recollection.seen == bundle.s256 else { throw Rejection(.key, "a key that was replaced by another") }
        }
        return (key, standing)
    }

    // B-10
    private func judgeTimes(_ common: CommonClaims, _ type: TokenType, at now: Instant) throws(Rejection) {
        let leeway = Limits.leewaySeconds
        guard common.iat <= common.exp, common.nbf <= common.exp else { throw Rejection(.times, "it ends before it begins") }
        guard common.exp.seconds - common.iat.seconds <= type.longestLife else {
            throw Rejection(.times, "a life longer than its type allows")
        }
        guard common.iat.seconds <= now.seconds + leeway, common.nbf.seconds <= now.seconds + leeway else {
            throw Rejection(.times, "not valid yet")
        }
        guard policy.ignoresExpiry || now.seconds < common.exp.seconds + leeway else { throw Rejection.expired }
    }

    // B-11. A company's rotation is for everybody who pinned its key.
    private func judgeAudience(_ common: CommonClaims, _ type: TokenType, _ signer: TokenType.Signer) throws(Rejection) {
        guard type.hasAudience else { return }
        let wanted = type == .rotation && signer == .company ? common.iss : policy.audience
        guard wanted == nil || wanted == common.aud else { throw Rejection(.audience, "for somebody else") }
    }

    // B-13: by policy, and not by what is there.
    private func judgeKeyBinding(
        _ type: TokenType, _ envelope: Envelope, _ key: PublicJWK, _ recollection: Recollection, at now: Instant
    ) throws(Rejection) -> (audience: String, nonce: String)? {
        func refuse(_ reason: String) -> Rejection { Rejection(.keyBinding, reason) }
        guard type == .intent else {
            guard envelope.keyBinding == nil else { throw refuse("a Key Binding JWT where this type has none") }
            guard policy.nonce == nil else { throw refuse("a nonce is expected, which this type cannot answer") }
            return nil
        }
        guard let nonce = policy.nonce else {
            guard envelope.keyBinding == nil else { throw refuse("a Key Binding JWT, and no nonce is expected") }
            guard envelope.disclosures.isEmpty else { throw refuse("attributes shown without key binding") }
            return nil
        }
        guard let binding = envelope.keyBinding else { throw refuse("no Key Binding JWT, and a nonce is expected") }
        guard !recollection.isNonceUsed else { throw refuse("the nonce was used before") }
        guard let audience = policy.audience else { throw refuse("made for one reader, and who reads is not said") }
        try KeyBinding.check(binding, of: envelope, by: key, audience: audience, nonce: nonce, at: now)
        return (audience, nonce)
    }

    /// B-18.
    ///
    /// - Returns: False when there is no text to check.
    private func judgeTermsTexts(_ payload: Payload) throws(Rejection) -> Bool {
        let texts = payload.termsTexts
        for terms in texts { if let text = terms.text { try terms.check(Array(text.utf8)) } }
        guard let terms = texts.first else { return true }
        if let text = policy.termsText { try terms.check(text) }
        return terms.text != nil || policy.termsText != nil
    }

    // B-19
    private func successor(
        _ payload: Payload, _ common: CommonClaims, _ signer: TokenType.Signer, _ key: PinnedKey
    ) throws(Rejection) -> Successor? {
        switch payload {
        case .rotation(let rotation): try Successor(rotation.new, pop: rotation.pop, of: common, signer: signer, old: key)
        case .award(let award): try Successor(award.new, pop: award.pop, of: common, signer: .person, old: key)
        default: nil
        }
    }

    /// B-14.
    ///
    /// - Returns: False when what is named is not at hand.
    private func judgeReferences(
        _ payload: Payload, _ common: CommonClaims, _ chain: Set<String>
    ) throws(Rejection) -> Bool {
        var areAtHand = true
        for rule in payload.references {
            guard let target = policy.references.first(where: { $0.reference.jti == rule.reference.jti }) else {
                areAtHand = false
                continue
            }
            try rule.check(target, namedBy: common, in: chain)
            if case .acceptance(let acceptance) = payload, case .terms(let offered) = target.payload {
                guard offered.terms.sha256 == acceptance.terms.sha256 else { throw Rejection(.reference, "to other terms") }
            }
        }
        return areAtHand
    }
}
