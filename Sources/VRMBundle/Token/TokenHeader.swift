/// The protected header: exactly `alg`, `kid` and `typ` (docs/spec/bundle.md, B-04).
struct TokenHeader {
    let alg: String
    let kid: String
    let typ: String

    init(alg: String, kid: String, typ: String) {
        self.alg = alg
        self.kid = kid
        self.typ = typ
    }

    init(decoding text: String) throws(Rejection) {
        guard text.utf8.count <= Limits.headerBytes else { throw Rejection(.header, "longer than \(Limits.headerBytes) bytes") }
        guard let bytes = Base64URL.decode(text.utf8) else { throw Rejection(.base64url, "in the header") }
        guard let object = try StrictJSON.parse(bytes, in: "the header").object else {
            throw Rejection(.header, "not an object")
        }
        guard object.members.count == 3, let alg = try? object.token("alg"), let kid = try? object.token("kid"),
            let typ = try? object.token("typ")
        else { throw Rejection(.header, "its members must be alg, kid and typ, all texts") }
        guard ["EdDSA", "Ed25519", "ES256"].contains(alg) else { throw Rejection(.algorithm, "not one of the accepted ones") }
        self.init(alg: alg, kid: kid, typ: typ)
    }

    var encoded: String {
        Base64URL.encode(
            JSONValue.object(JSONObject([("alg", .string(alg)), ("kid", .string(kid)), ("typ", .string(typ))])).bytes)
    }
}
