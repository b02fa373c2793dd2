import VRMModel

/// The key that continues another: `new` and `pop` of a rotation or an award (docs/spec/bundle.md §5.12).
public struct Successor: Hashable, Sendable {
    public let key: PinnedKey
    /// The `iss` under which the new key signs.
    public let name: String

    /// - Parameters:
    ///   - json: The member `new`.
    ///   - pop: The member `pop`.
    ///   - old: The key that signed the outer token, and its `kid`.
    /// - Throws: A ``Rejection`` of B-19.
    init(_ json: JSONObject, pop: String, of common: CommonClaims, signer: TokenType.Signer, old: PinnedKey) throws(Rejection) {
        func refuse(_ reason: String) -> Rejection { Rejection(.successor, reason) }
        guard let new = try? PublicJWK(checked: json) else { throw refuse("new is no usable public key") }
        guard new.algorithms == old.key.algorithms else { throw refuse("new is a key of another kind") }
        guard new != old.key else { throw refuse("new is the old key") }
        let kid: String
        switch signer {
        case .person:
            (kid, name) = (new.thumbprint, PairwiseIssuer.name(new))
        case .company:
            guard let given = try? json.token("kid"), given != old.kid else { throw refuse("new needs a kid other than the old") }
            (kid, name) = (given, common.iss)
        }
        key = PinnedKey(new, kid: kid)
        guard let proof = CompactToken(pop), proof.header.members.count == 3, let typ = try? proof.header.token("typ"),
            let named = try? proof.header.token("kid"), typ == TokenType.proofOfPossession, named == kid
        else { throw refuse("pop is no proof of possession of exactly alg, kid and typ") }
        guard proof.isSigned(by: new) else { throw refuse("pop is not signed by new") }
        guard proof.payload.members.count == 7,
            Successor.claims(name, common).members.allSatisfy({ proof.payload[$0.name] == $0.value })
        else { throw refuse("pop is not about this token") }
    }

    private static func claims(_ name: String, _ common: CommonClaims) -> JSONObject {
        JSONObject([
            ("iss", .string(name)), ("sub", .string(common.iss)), ("aud", JSONValue(common.aud)),
            ("iat", .integer(common.iat.seconds)), ("nbf", .integer(common.nbf.seconds)), ("exp", .integer(common.exp.seconds)),
            ("jti", .string(common.jti)),
        ])
    }

    /// Proves possession of `new` inside the token that `common` begins.
    static func prove(_ new: borrowing TokenKey, kid: String, name: String, _ common: CommonClaims) -> String {
        CompactToken.sign(
            JSONObject([
                ("alg", .string(new.algorithm)), ("kid", .string(kid)), ("typ", .string(TokenType.proofOfPossession)),
            ]), claims(name, common), with: new)
    }
}
