public import VRMCrypto

/// A public key as JSON (RFC 7517), one of the two kinds we know: Ed25519 (RFC 8037) or P-256.
public enum PublicJWK: Hashable, Sendable, JSONMembers {
    case ed25519(Ed25519PublicKey)
    case p256(P256PublicKey)

    public var json: JSONObject {
        switch self {
        case .ed25519(let key):
            JSONObject([("crv", "Ed25519"), ("kty", "OKP"), ("x", .string(Base64URL.encode(key.bytes)))])
        case .p256(let key):
            JSONObject([
                ("crv", "P-256"), ("kty", "EC"), ("x", .string(Base64URL.encode(key.x))),
                ("y", .string(Base64URL.encode(key.y))),
            ])
        }
    }

    /// The required members in the order RFC 7638 hashes them.
    func members(_ json: inout JSONWriter) {
        switch self {
        case .ed25519(let key):
            json.member("crv", "Ed25519")
            json.member("kty", "OKP")
            json.member("x", base64URL: key.bytes)
        case .p256(let key):
            json.member("crv", "P-256")
            json.member("kty", "EC")
            json.member("x", base64URL: key.x)
            json.member("y", base64URL: key.y)
        }
    }

    /// RFC 7638, SHA-256, base64url.
    public var thumbprint: String {
        var json = JSONWriter(reserving: 128)
        json.object(self)
        return Base64URL.encode(json.withBytes { SHA256.digest($0) })
    }

    /// The `alg` names a token under this key may carry (RFC 8037 §3.1, RFC 9864 §2.2).
    public var algorithms: [String] {
        switch self {
        case .ed25519: ["EdDSA", "Ed25519"]
        case .p256: ["ES256"]
        }
    }

    /// Reads a key that will only be tried against a signature.
    ///
    /// - Throws: A ``Rejection`` of the key rule when it is private, of another kind, or malformed.
    public init(unchecked json: JSONObject) throws(Rejection) {
        try self.init(json, check: false)
    }

    /// Reads a key that will be trusted: with the full point check.
    ///
    /// - Throws: A ``Rejection`` of the key rule.
    public init(checked json: JSONObject) throws(Rejection) {
        try self.init(json, check: true)
    }

    private init(_ json: JSONObject, check: Bool) throws(Rejection) {
        guard json["d"] == nil else { throw Rejection(.key, "a private key where a public one belongs") }
        func coordinate(_ name: String) throws(Rejection) -> [UInt8] {
            guard let bytes = json.utf8(name).flatMap(Base64URL.decode), bytes.count == 32 else {
                throw Rejection(.key, "a key coordinate is missing or malformed")
            }
            return bytes
        }
        switch (try? json.token("kty"), try? json.token("crv")) {
        case ("OKP", "Ed25519"):
            let x = try coordinate("x")
            guard let key = check ? try? Ed25519PublicKey(checked: x) : try? Ed25519PublicKey(unchecked: x) else {
                throw Rejection(.key, "not a usable Ed25519 point")
            }
            self = .ed25519(key)
        case ("EC", "P-256"):
            guard let key = try? P256PublicKey(x: try coordinate("x"), y: try coordinate("y")) else {
                throw Rejection(.key, "not a point on P-256")
            }
            self = .p256(key)
        default: throw Rejection(.key, "neither an Ed25519 nor a P-256 key")
        }
    }

    func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch self {
        case .ed25519(let key): key.isValid(signature, of: message)
        case .p256(let key): key.isValid(signature, of: message)
        }
    }
}

/// The name a person signs under towards one company: the thumbprint of the pairwise key (RFC 9278).
public enum PairwiseIssuer {
    public static let prefix = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"

    /// Whether a text is such a name.
    public static func isName(_ text: String) -> Bool {
        text.utf8.starts(with: prefix.utf8) && Base64URL.decode(text.utf8.dropFirst(prefix.utf8.count))?.count == SHA256.byteCount
    }

    public static func name(_ key: PublicJWK) -> String { prefix + key.thumbprint }
}
