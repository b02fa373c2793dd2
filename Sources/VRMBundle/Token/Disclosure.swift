import VRMCrypto

/// A salted value (RFC 9901 §4.2): the token holds its digest, the Disclosure travels beside it.
public struct Disclosure: Hashable, Sendable {
    /// The base64url text; the digest is over exactly these bytes.
    public let encoded: String
    /// The member name; nil for an array element.
    public let name: String?
    public let value: JSONValue

    /// A fresh one with a 128-bit salt.
    public init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
        let salt = JSONValue.string(Base64URL.encode(Random.bytes(16)))
        encoded = Base64URL.encode(JSONValue.array([salt, .string(name), value]).bytes)
    }

    /// Reads one as it arrived.
    ///
    /// - Parameter json: What is inside, decoded before.
    /// - Throws: A ``Rejection`` of B-12.
    init(encoded: String, _ json: JSONValue) throws(Rejection) {
        guard let parts = json.array, (2...3).contains(parts.count), parts[0].string != nil else {
            throw Rejection(.disclosures, "a Disclosure is not [salt, name, value]")
        }
        self.encoded = encoded
        value = parts[parts.count - 1]
        if parts.count == 3 {
            guard let name = parts[1].string, !name.isEmpty, name.isPrintableASCII, !Unpacking.isReserved(name)
            else {
                throw Rejection(.disclosures, "a Disclosure has a reserved or no name")
            }
            self.name = name
        } else {
            name = nil
        }
    }

    /// A digest no Disclosure belongs to, to hide how many values there are.
    static func decoy() -> String { Base64URL.encode(SHA256.digest(Random.bytes(SHA256.byteCount))) }

    public var digest: String { Base64URL.encode(SHA256.digest(encoded.utf8)) }
}
