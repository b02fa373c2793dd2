public import VRMCrypto

/// A public X25519 key as JSON (RFC 8037 §2), and the name its owner gives it: whom a bundle can be sealed to.
public struct AgreementJWK: Hashable, Sendable {
    public let kid: String
    public let key: X25519PublicKey

    /// - Parameter kid: The owner's name for it; by default its thumbprint.
    public init(_ key: X25519PublicKey, kid: String? = nil) {
        self.key = key
        self.kid = kid ?? AgreementJWK.thumbprint(key)
    }

    /// The members an ephemeral key has, in the order RFC 7638 hashes them.
    static func members(_ key: X25519PublicKey) -> JSONObject {
        JSONObject([("crv", "X25519"), ("kty", "OKP"), ("x", .string(Base64URL.encode(key.bytes)))])
    }

    static func thumbprint(_ key: X25519PublicKey) -> String {
        Base64URL.encode(SHA256.digest(JSONValue.object(members(key)).bytes))
    }

    public var thumbprint: String { AgreementJWK.thumbprint(key) }

    /// As a key document and an intent publish it.
    public var json: JSONObject {
        JSONObject([
            ("alg", "ECDH-ES"), ("crv", "X25519"), ("kid", .string(kid)), ("kty", "OKP"), ("use", "enc"),
            ("x", .string(Base64URL.encode(key.bytes))),
        ])
    }

    /// Reads a key that will be trusted: canonical and not of small order. Nil when it is not, or no X25519 key at all.
    public init?(checked json: JSONObject) {
        guard let bytes = AgreementJWK.coordinate(json), let key = try? X25519PublicKey(checked: bytes) else { return nil }
        self.init(key, kid: try? json.token("kid"))
    }

    /// The public coordinate of an X25519 key without a private member.
    static func coordinate(_ json: JSONObject) -> [UInt8]? {
        guard let kty = try? json.token("kty"), let crv = try? json.token("crv"), kty == "OKP", crv == "X25519",
            json["d"] == nil, let x = json["x"]?.string, let bytes = Base64URL.decode(x.utf8), bytes.count == 32
        else { return nil }
        return bytes
    }
}
