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

    /// - Throws: A ``Rejection`` of B-04.
    init(_ object: JSONObject?, byteCount: Int) throws(Rejection) {
        guard byteCount <= Limits.headerBytes else { throw Rejection(.header, "longer than \(Limits.headerBytes) bytes") }
        guard let object else { throw Rejection(.header, "not an object") }
        guard object.count == 3, let alg = try? object.token("alg"), let kid = try? object.token("kid"),
            let typ = try? object.token("typ")
        else { throw Rejection(.header, "its members must be alg, kid and typ, all texts") }
        self.init(alg: alg, kid: kid, typ: typ)
    }

    var encoded: String {
        var json = JSONWriter(reserving: 128)
        json.object { json in
            json.member("alg", alg)
            json.member("kid", kid)
            json.member("typ", typ)
        }
        return json.base64URL
    }
}
