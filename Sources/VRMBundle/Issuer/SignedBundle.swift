import VRMCrypto

/// A token as it leaves: its parts, from which every form is put together and nothing is ever encoded again.
public struct SignedBundle: Hashable, Sendable {
    public let protected: String
    public let payload: String
    public let signature: String
    /// In the order they travel. Nil for a token that is no SD-JWT.
    public let disclosures: [String]?
    public let jti: String

    public init(protected: String, payload: String, signature: String, disclosures: [String]?, jti: String) {
        self.protected = protected
        self.payload = payload
        self.signature = signature
        self.disclosures = disclosures
        self.jti = jti
    }

    /// The file (RFC 7515 §7.2.2; RFC 9901 §8), without insignificant white space.
    public var flattened: [UInt8] {
        var members: [(String, JSONValue)] = []
        if let disclosures {
            members.append(("header", ["disclosures": .array(disclosures.map { .string($0) })]))
        }
        members += [("payload", .string(payload)), ("protected", .string(protected)), ("signature", .string(signature))]
        return JSONValue.object(JSONObject(members)).bytes
    }

    public var reference: BundleReference {
        BundleReference(jti: jti, s256: SHA256.digest(Array("\(protected).\(payload)".utf8)))
    }
}
