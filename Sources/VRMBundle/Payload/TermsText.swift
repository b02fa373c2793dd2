import VRMCrypto

/// A text of terms inside a token: its digest, and the text itself or not.
public struct TermsText: Hashable, Sendable, JSONMembers {
    public let id: String?
    public let uri: String?
    public let sha256: [UInt8]
    public let lang: String
    public let text: String?

    public init(id: String?, uri: String?, sha256: [UInt8], lang: String, text: String?) {
        self.id = id
        self.uri = uri
        self.sha256 = sha256
        self.lang = lang
        self.text = text
    }

    /// - Throws: A ``Rejection`` of B-09. Whether the text is the one whose digest is given is asked later (B-18).
    init(_ json: JSONObject) throws(Rejection) {
        id = try json.optionalText("id")
        uri = try json.optionalText("uri")
        lang = try json.text("lang")
        text = try json.optionalText("text")
        sha256 = try json.digest("sha-256")
    }

    /// Whether `bytes` are the text that was signed.
    ///
    /// - Throws: A ``Rejection`` of B-18.
    func check(_ bytes: [UInt8]) throws(Rejection) {
        guard bytes.count <= Limits.textBytes else { throw Rejection(.termsText, "longer than 64 KiB") }
        guard SHA256.digest(bytes) == sha256 else { throw Rejection(.termsText, "not the text whose digest was signed") }
    }

    func members(_ json: inout JSONWriter) {
        json.member("id", id)
        json.member("uri", uri)
        json.member("sha-256", base64URL: sha256)
        json.member("lang", lang)
        json.member("text", text)
    }
}
