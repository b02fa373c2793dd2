import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@Suite struct IssuerTests {
    let now = Instant("2027-01-01T12:34:56Z")!
    let shop = Origin("https://shop.example")!

    func issuer() throws -> PersonIssuer {
        try PersonIssuer(seed: SecretBytes(random: SigningKey.seedBytes), audience: shop, now: now)
    }

    func terms(_ text: String) -> TermsPayload {
        TermsPayload(terms: TermsText(id: "own-1", uri: nil, sha256: SHA256.digest(text.utf8), lang: "en", text: text))
    }

    @Test func `what is signed is accepted, and dated a minute back`() throws {
        let signed = try issuer().sign(terms: terms("Be kind."), ends: now.adding(seconds: 86_400))
        let bundle = try Verifier(Policy(audience: shop.description)).verify(signed.flattened, recalling: Recollection(), at: now)
        #expect(bundle.type == .terms)
        #expect(bundle.common.iat == Instant("2027-01-01T12:33:00Z"))
        #expect(bundle.common.exp == Instant("2027-01-03T00:00:00Z"))
        #expect(bundle.standing == .first_contact)
        #expect(bundle.reference == signed.reference)
    }

    @Test func `a grant shows its values and nothing else`() throws {
        let issuer = try issuer()
        let offer = issuer.sign(terms: terms("Be kind."), ends: now.adding(seconds: 86_400))
        let payload = GrantPayload(
            purposes: [.CustomerCare], basis: .consent, terms: offer.reference, retention: Day("2027-02-01")!, supersedes: nil,
            data: JSONObject())
        let signed = issuer.sign(
            grant: payload, ends: now.adding(seconds: 30 * 86_400),
            data: [Disclosure(name: "email", value: "mara@muster.example"), Disclosure(name: "shoe_size", value: "42")])
        let bundle = try Verifier(Policy(audience: shop.description)).verify(signed.flattened, recalling: Recollection(), at: now)
        guard case .grant(let grant) = bundle.payload else { return #expect(Bool(false), "no grant") }
        #expect(grant.data.names.count == 2)
        #expect(grant.data["email"]?.string == "mara@muster.example")
        let payloadBytes = try #require(Base64URL.decode(signed.payload.utf8))
        let payloadText = String(decoding: payloadBytes, as: UTF8.self)
        #expect(!payloadText.contains("muster"))
        #expect(!payloadText.contains("email"))
    }

    @Test func `two companies get nothing in common`() throws {
        let first = try issuer().sign(terms: terms("Be kind."), ends: now.adding(seconds: 86_400))
        let second = try issuer().sign(terms: terms("Be kind."), ends: now.adding(seconds: 86_400))
        let claims = try [first, second].map { signed in
            let unverified = try Unverified(parsing: signed.flattened)
            return try #require(unverified.payload)
        }
        for name in ["iss", "jti", "cnf"] { #expect(claims[0][name] != claims[1][name]) }
        #expect(first.protected != second.protected)
    }

    @Test func `a company's key that is not a point is never trusted`() {
        let zeros = JSONObject([
            ("kty", "OKP"), ("crv", "Ed25519"), ("x", .string(Base64URL.encode([UInt8](repeating: 0, count: 32)))),
        ])
        #expect(throws: Rejection.self) { try PublicJWK(checked: zeros) }
        let document = JSONValue.object(JSONObject([("keys", .array([.object(zeros)]))])).bytes
        #expect(throws: KeyDocumentFailure.badKey) { try KeyDocument(parsing: document) }
    }

    @Test func `a thumbprint is the one of RFC 8037, appendix A`() throws {
        let json = JSONObject([("kty", "OKP"), ("crv", "Ed25519"), ("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")])
        #expect(try PublicJWK(checked: json).thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }
}
