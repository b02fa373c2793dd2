import VRMCrypto
public import VRMModel

/// Signs a company's answers, under the key it publishes.
public struct CompanyIssuer: ~Copyable {
    private let key: TokenKey
    private let kid: String
    private let origin: String
    private let now: Instant

    /// - Parameter kid: The key's name in the company's JWKS.
    public init(key: consuming TokenKey, kid: String, origin: Origin, now: Instant) {
        self.key = key
        self.kid = kid
        self.origin = origin.description
        self.now = now
    }

    /// Answers verified terms. Two years: as long as terms last.
    public func sign(acceptance: AcceptancePayload, to person: String) -> SignedBundle {
        sign(.acceptance, acceptance, to: person, days: 730)
    }

    /// Answers a verified request or revocation. Three years, as evidence for both sides.
    public func sign(receipt: ReceiptPayload, to person: String) -> SignedBundle {
        sign(.receipt, receipt, to: person, days: 1095)
    }

    public func sign(message: MessagePayload, to person: String) -> SignedBundle {
        sign(.message, message, to: person, days: 365)
    }

    /// Offers what an intent looks for. It is sent sealed to the intent's key.
    public func sign(offer: OfferPayload, to intent: String) -> SignedBundle {
        sign(.offer, offer, to: intent, days: 91)
    }

    /// Hands over to a fresh key of the same kind; for everybody who pinned this one.
    ///
    /// - Parameter kid: The new key's name in the JWKS.
    public func sign(rotationTo new: borrowing TokenKey, kid: String) -> SignedBundle {
        let common = common(to: origin, days: 1095)
        var jwk = new.publicKey.json
        jwk["kid"] = .string(kid)
        let pop = Successor.prove(new, kid: kid, name: origin, common)
        return sign(.rotation, common, RotationPayload(new: jwk, pop: pop))
    }

    private func common(to reader: String, days: Int64) -> CommonClaims {
        CommonClaims(iss: origin, aud: reader, iat: now, exp: now.adding(seconds: days * 86_400), jti: RandomBits.id())
    }

    private func sign(_ type: TokenType, _ claims: some JSONMembers, to person: String, days: Int64) -> SignedBundle {
        sign(type, common(to: person, days: days), claims)
    }

    private func sign(_ type: TokenType, _ common: CommonClaims, _ claims: some JSONMembers) -> SignedBundle {
        let header = TokenHeader(alg: key.algorithm, kid: kid, typ: type.typ)
        return SignedBundle(header, with: key, disclosures: nil, jti: common.jti) { json in
            common.members(&json)
            claims.members(&json)
        }
    }
}
