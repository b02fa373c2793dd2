import VRMCrypto

/// A salted value (RFC 9901 §4.2): the token holds its digest, the Disclosure travels beside it.
public struct Disclosure: Hashable, Sendable {
    /// The base64url text; the digest is over exactly these bytes.
    public let encoded: String
    /// The member name; nil for an array element.
    public let name: String?
    public let value: JSONValue

    /// A fresh one with a 128-bit salt.
    init(name: String, value: JSONValue) {
        var random = RandomBits(count: 1)
        self = Disclosure.fresh([(name, value)], &random)[0]
    }

    /// Fresh ones, with salts that were drawn for them.
    static func fresh(_ values: [(name: String, value: JSONValue)], _ random: inout RandomBits) -> [Disclosure] {
        var json = JSONWriter(reserving: 128)
        return values.map { name, value in
            json.removeAll()
            json.array { json in
                json.write(base64URL: random.next())
                json.write(name)
                json.write(value)
            }
            return Disclosure(encoded: json.base64URL, name: name, value: value)
        }
    }

    private init(encoded: String, name: String, value: JSONValue) {
        self.encoded = encoded
        self.name = name
        self.value = value
    }

    /// Reads one as it arrived.
    ///
    /// - Parameter content: The place of what is inside.
    /// - Throws: A ``Rejection`` of B-12.
    init(encoded: String, _ content: Int, in text: JSONText) throws(Rejection) {
        let parts = try Parts(content, in: text)
        self.encoded = encoded
        name = parts.name.map(text.said)
        value = text.value(parts.value)
    }

    /// Where its parts stand in a text.
    struct Parts {
        /// Nil for an array element.
        let name: Int?
        let value: Int

        /// - Throws: A ``Rejection`` of B-12.
        init(_ content: Int, in text: JSONText) throws(Rejection) {
            var places = text.elements(content)
            guard let salt = places.next(), text.places[salt].kind == .string, let second = places.next() else {
                throw Parts.malformed
            }
            guard let third = places.next() else {
                (name, value) = (nil, second)
                return
            }
            guard places.next() == nil else { throw Parts.malformed }
            let said = text.utf8(second)
            guard text.places[second].kind == .string, !said.isEmpty, PlainText.isPrintable(said),
                !Unpacking.isReserved(second, in: text)
            else {
                throw Rejection(.disclosures, "a Disclosure has a reserved or no name")
            }
            (name, value) = (second, third)
        }

        private static var malformed: Rejection { Rejection(.disclosures, "a Disclosure is not [salt, name, value]") }
    }

    var digest: DisclosureDigest { DisclosureDigest(of: encoded.utf8) }
}
