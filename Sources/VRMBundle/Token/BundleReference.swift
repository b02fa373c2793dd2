import VRMCrypto

/// How one token names another: its id, and the SHA-256 of its signing input.
///
/// The digest is over `protected "." payload` and not over the signature, of which lenient verifiers accept several spellings.
public struct BundleReference: Hashable, Sendable, JSONMembers {
    public let jti: String
    public let s256: [UInt8]

    public init(jti: String, s256: [UInt8]) {
        self.jti = jti
        self.s256 = s256
    }

    public init(json: JSONValue?) throws(Rejection) {
        guard let object = json?.object else { throw Rejection(.members, "a reference is missing or no object") }
        let jti = try object.token("jti")
        guard let s256 = object.utf8("s256").flatMap(Base64URL.decode), s256.count == SHA256.byteCount else {
            throw Rejection(.members, "a reference needs jti and s256")
        }
        self.init(jti: jti, s256: s256)
    }

    func members(_ json: inout JSONWriter) {
        json.member("jti", jti)
        json.member("s256", base64URL: s256)
    }
}
