import VRMCrypto
public import VRMModel

/// A bundle taken apart but not judged: what it claims to be, for looking up what is remembered, and for showing.
public struct Unverified: Sendable {
    public let envelope: Envelope
    public let issuer: String?
    public let jti: String?
    public let issuedAt: Instant?
    /// The payload as it stands. UNVERIFIED.
    public let payload: JSONObject?

    /// - Throws: A ``Rejection`` of B-01 to B-03.
    public init(parsing bytes: [UInt8]) throws(Rejection) {
        envelope = try Envelope(parsing: bytes)
        guard let bytes = Base64URL.decode(envelope.payload.utf8) else { throw Rejection(.base64url, "in the payload") }
        payload = try StrictJSON.parse(bytes, in: "the payload").object
        issuer = payload?["iss"]?.string
        jti = payload?["jti"]?.string
        issuedAt = payload?["iat"]?.integer.map { Instant(seconds: $0) }
    }

    public var reference: BundleReference? {
        jti.map { BundleReference(jti: $0, s256: SHA256.digest(envelope.signingInput)) }
    }

    /// The header's members, for showing.
    public var header: JSONObject? {
        Base64URL.decode(envelope.protected.utf8).flatMap { try? JSONParser.parse($0).object }
    }

    /// The Disclosures that can be read, for showing.
    public var disclosures: [Disclosure] {
        envelope.disclosures.compactMap { try? Disclosure(encoded: $0) }
    }
}

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
    public func verify(_ unverified: Unverified, recalling recollection: Recollection, at now: Instant) throws(Rejection)
        -> VerifiedBundle
    {
        let envelope = unverified.envelope
        let header = try TokenHeader(decoding: envelope.protected)
        guard let signature = Base64URL.decode(envelope.signature.utf8) else { throw Rejection(.base64url, "in the signature") }
        guard let raw = unverified.payload else { throw Rejection(.json, "the payload is not an object") }
        let type = try type(header, raw, envelope)
        let common = try CommonClaims(raw)

        let (key, standing) = try signer(of: type, header, raw, common, recollection)
        guard key.isValid(signature, of: envelope.signingInput) else {
            throw Rejection(.signature, "not a signature of these bytes by this key")
        }

        try judgeTimes(common, type, at: now)
        if let audience = policy.audience {
            guard audience == common.aud else { throw Rejection(.audience, "for somebody else") }
        }
        var claims = raw
        var disclosed: [(path: String, value: JSONValue)] = []
        if type.isSelectiveDisclosure {
            let opened = try DisclosedPayload(raw, disclosures: envelope.disclosures, containers: type.disclosable)
            (claims, disclosed) = (opened.claims, opened.disclosed)
        }
        guard envelope.keyBinding == nil else {
            throw Rejection(.keyBinding, "a Key Binding JWT where this type has none")
        }
        let payload = try Payload(type, claims)
        var open = try judgeTermsText(payload)
        let reference = BundleReference(jti: common.jti, s256: SHA256.digest(envelope.signingInput))
        open += try judgeReferences(payload, common, type)
        guard !recollection.isRevoked else { throw Rejection(.revoked, "by its issuer") }
        if let seen = recollection.seen, seen != reference.s256 {
            throw Rejection(.replay, "the same id was seen with other content")
        }
        if policy.audience == nil { open.append(Rule.audience.title) }
        if !policy.remembers {
            open += [Rule.replay.title, Rule.revoked.title]
            if standing == .first_contact { open.append("key continuity") }
        }
        let all = Rule.allCases.filter { $0 != .encryption && $0 != .keyBinding }.map(\.title)
        return VerifiedBundle(
            type: type, common: common, payload: payload, claims: claims, disclosed: disclosed, key: key, kid: header.kid,
            standing: standing, reference: reference, checked: all.filter { !open.contains($0) }, notChecked: open,
            isReplay: recollection.seen != nil, envelope: envelope)
    }

    // B-06
    private func type(_ header: TokenHeader, _ payload: JSONObject, _ envelope: Envelope) throws(Rejection) -> TokenType {
        let name: String
        if header.typ == TokenType.selectiveDisclosure {
            guard let vct = try? payload.token("vct") else { throw Rejection(.type, "no vct") }
            name = vct
        } else {
            name = header.typ
        }
        guard let type = TokenType.allCases.first(where: { $0.rawValue == name }),
            type.typ == header.typ
        else { throw Rejection(.type, "not a type of this profile") }
        guard policy.types.contains(type) else { throw Rejection(.type, "not the type that is wanted here") }
        guard type.isSelectiveDisclosure == envelope.isSelectiveDisclosure else {
            throw Rejection(.disclosures, "an SD-JWT without its final ~, or a plain token with one")
        }
        return type
    }

    // B-05, B-07. Never a key the header names.
    private func signer(
        of type: TokenType, _ header: TokenHeader, _ payload: JSONObject, _ common: CommonClaims, _ recollection: Recollection
    ) throws(Rejection) -> (PublicJWK, VerifiedBundle.KeyStanding) {
        let key: PublicJWK
        let standing: VerifiedBundle.KeyStanding
        switch type.signer {
        case .person:
            let held = try PublicJWK(unchecked: try payload.object("cnf").object("jwk"))
            guard case .ed25519 = held else { throw Rejection(.key, "a person's key is Ed25519") }
            guard PairwiseIssuer.name(held) == common.iss else { throw Rejection(.key, "iss is not the thumbprint of cnf.jwk") }
            guard held.thumbprint == header.kid else { throw Rejection(.key, "kid is not the thumbprint of cnf.jwk") }
            guard recollection.pinned.isEmpty || recollection.pinned.contains(where: { $0.key == held }) else {
                throw Rejection(.key, "another key than the pinned one")
            }
            (key, standing) = (held, recollection.pinned.isEmpty ? .first_contact : .pinned)
        case .company:
            guard Origin(common.iss) != nil else { throw Rejection(.key, "iss is no https origin") }
            guard !recollection.pinned.isEmpty else { throw Rejection(.key, "no key of this company is known") }
            guard let match = recollection.pinned.first(where: { $0.kid == header.kid }) else {
                throw Rejection(.key, "none of the company's known keys has this kid")
            }
            (key, standing) = (match.key, .pinned)
        }
        guard key.algorithms.contains(header.alg) else { throw Rejection(.algorithm, "not an algorithm of this key") }
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
        guard policy.ignoresExpiry || now.seconds < common.exp.seconds + leeway else { throw Rejection(.times, "expired") }
    }

    // B-18
    private func judgeTermsText(_ payload: Payload) throws(Rejection) -> [String] {
        guard case .terms(let terms) = payload else { return [Rule.termsText.title] }
        if let text = policy.termsText { try terms.terms.check(text) }
        return terms.terms.text == nil && policy.termsText == nil ? [Rule.termsText.title] : []
    }

    // B-14: a reference counts only within the same conversation.
    private func judgeReferences(_ payload: Payload, _ common: CommonClaims, _ type: TokenType) throws(Rejection) -> [String] {
        var isOpen = false
        for (reference, types) in payload.references {
            guard let target = policy.references.first(where: { $0.reference.jti == reference.jti }) else {
                isOpen = true
                continue
            }
            guard target.reference == reference else { throw Rejection(.reference, "another token has that id") }
            guard types.contains(target.type) else { throw Rejection(.reference, "to a token of another type") }
            let (iss, aud) = type.signer == .person ? (common.iss, common.aud) : (common.aud, common.iss)
            guard target.common.iss == iss, target.common.aud == aud else {
                throw Rejection(.reference, "to a token of somebody else")
            }
        }
        return isOpen ? [Rule.reference.title] : []
    }
}
