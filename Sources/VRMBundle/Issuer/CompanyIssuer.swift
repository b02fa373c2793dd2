public import VRMCrypto
public import VRMModel

/// Signs a company's answers, under the key it publishes.
public struct CompanyIssuer: ~Copyable {
    private let key: SigningKey
    private let kid: String
    private let origin: String
    private let now: Instant

    /// - Parameter kid: The key's name in the company's JWKS.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes, kid: String, origin: Origin, now: Instant) throws(CryptoFailure) {
        key = try SigningKey(seed: seed)
        self.kid = kid
        self.origin = origin.description
        self.now = now
    }

    /// Answers verified terms. Two years: as long as terms last.
    public func sign(acceptance: AcceptancePayload, to person: String) -> SignedBundle {
        sign(.acceptance, acceptance.members, to: person, days: 730)
    }

    /// Answers a verified request or revocation. Three years, as evidence for both sides.
    public func sign(receipt: ReceiptPayload, to person: String) -> SignedBundle {
        sign(.receipt, receipt.members, to: person, days: 1095)
    }

    private func sign(_ type: TokenType, _ members: [(String, JSONValue)], to person: String, days: Int64) -> SignedBundle {
        let common = CommonClaims(
            iss: origin, aud: person, iat: now, exp: now.adding(seconds: days * 86_400), jti: Base64URL.encode(Random.bytes(16)))
        let header = TokenHeader(alg: "EdDSA", kid: kid, typ: type.typ).encoded
        let payload = Base64URL.encode(JSONValue.object(JSONObject(common.members + members)).bytes)
        let signature = Base64URL.encode(key.sign(Array("\(header).\(payload)".utf8)))
        return SignedBundle(protected: header, payload: payload, signature: signature, disclosures: nil, jti: common.jti)
    }
}
