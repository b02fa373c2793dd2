public import VRMCrypto
public import VRMModel

/// Signs what a person says to one company, under the key of that relationship.
public struct PersonIssuer: ~Copyable {
    private let key: SigningKey
    private let jwk: PublicJWK
    private let audience: String
    private let now: Instant

    /// - Parameter audience: How the company is named: its origin.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes, audience: Origin, now: Instant) throws(CryptoFailure) {
        key = try SigningKey(seed: seed)
        jwk = .ed25519(key.publicKey)
        self.audience = audience.description
        self.now = now
    }

    public var name: String { PairwiseIssuer.name(jwk) }
    public var publicKey: PublicJWK { jwk }

    /// - Parameter ends: Rounded up to midnight UTC: finer times would link bundles to one another.
    public func sign(terms: TermsPayload, ends: Instant) -> SignedBundle {
        sign(.terms, terms.members, ends: ends, disclosing: nil)
    }

    /// - Parameter data: Members of `data`, each with its Disclosure.
    public func sign(grant: GrantPayload, ends: Instant, data: [Disclosure]) -> SignedBundle {
        sign(.grant, grant.members, ends: ends, disclosing: ("data", data))
    }

    public func sign(revocation: RevocationPayload, ends: Instant) -> SignedBundle {
        sign(.revocation, revocation.members, ends: ends, disclosing: nil)
    }

    public func sign(request: RequestPayload, ends: Instant, subject: [Disclosure]) -> SignedBundle {
        sign(.request, request.members, ends: ends, disclosing: ("subject", subject))
    }

    /// When a token made at `now` is dated: floored to the minute and a minute back, because common verifiers
    /// refuse an `iat` one second ahead of their clock.
    public static func date(of now: Instant) -> Instant { now.floored(to: 60).adding(seconds: -60) }

    private func sign(
        _ type: TokenType, _ members: [(String, JSONValue)], ends: Instant, disclosing: (container: String, values: [Disclosure])?
    ) -> SignedBundle {
        let midnight = ends.floored(to: 86_400)
        let common = CommonClaims(
            iss: name, aud: audience, iat: PersonIssuer.date(of: now),
            exp: midnight == ends ? ends : midnight.adding(seconds: 86_400), jti: Base64URL.encode(Random.bytes(16)))
        var claims = common.members + [("cnf", ["jwk": .object(jwk.json)])] + members
        if let (container, values) = disclosing {
            claims.append(("vct", .string(type.rawValue)))
            claims.append(("_sd_alg", "sha-256"))
            // Sorted: the order would tell which value is which (RFC 9901 §4.2.4.1).
            claims.append((container, ["_sd": .array(values.map(\.digest).sorted().map { .string($0) })]))
        }
        let header = TokenHeader(alg: "EdDSA", kid: jwk.thumbprint, typ: type.typ).encoded
        let payload = Base64URL.encode(JSONValue.object(JSONObject(claims)).bytes)
        let signature = Base64URL.encode(key.sign(Array("\(header).\(payload)".utf8)))
        return SignedBundle(
            protected: header, payload: payload, signature: signature, disclosures: disclosing?.values.map(\.encoded),
            jti: common.jti)
    }
}
