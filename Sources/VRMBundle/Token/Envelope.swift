/// A signed token taken apart, nothing of it believed yet.
///
/// Read from the compact form (RFC 7515 §7.1), the flattened JSON form (§7.2.2), or either form of an SD-JWT
/// (RFC 9901 §4 and §8).
public struct Envelope: Hashable, Sendable {
    public let protected: String
    public let payload: String
    public let signature: String
    public let disclosures: [String]
    public let keyBinding: String?
    /// It came as an SD-JWT: with `~`, or with a `header.disclosures` member.
    public let isSelectiveDisclosure: Bool

    /// - Throws: A ``Rejection`` of B-01, and of B-03 when the file is JSON but not strict JSON.
    public init(parsing bytes: [UInt8]) throws(Rejection) {
        guard bytes.count <= Limits.fileBytes else { throw Rejection(.shape, "more than \(Limits.fileBytes) bytes") }
        var text = bytes[...]
        if text.last == UInt8(ascii: "\n") { text = text.dropLast() }
        guard let first = text.first else { throw Rejection(.shape, "empty") }
        let isJSON = first == UInt8(ascii: "{")
        // White space in JSON is the exception, and looked for only then.
        guard
            PlainText.isPrintable(text)
                || isJSON && text.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D })
        else {
            throw Rejection(.shape, "bytes that no bundle has")
        }
        self = isJSON ? try Envelope(flattened: text.count == bytes.count ? bytes : Array(text)) : try Envelope(compact: text)
        guard compactByteCount <= Limits.tokenBytes else {
            throw Rejection(.shape, "a token of more than \(Limits.tokenBytes) bytes")
        }
        guard disclosures.count <= Limits.disclosures else {
            throw Rejection(.shape, "more than \(Limits.disclosures) Disclosures")
        }
    }

    private init(compact text: ArraySlice<UInt8>) throws(Rejection) {
        let parts = text.split(separator: UInt8(ascii: "~"), maxSplits: Limits.disclosures + 2, omittingEmptySubsequences: false)
        let token = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard token.count == 3, token[0].count > 0, token[1].count > 0, text.allSatisfy(Envelope.belongs) else {
            throw Rejection(.shape, "neither flattened JSON nor a compact token")
        }
        protected = String(decoding: token[0], as: UTF8.self)
        payload = String(decoding: token[1], as: UTF8.self)
        signature = String(decoding: token[2], as: UTF8.self)
        isSelectiveDisclosure = parts.count > 1
        guard let last = parts.dropFirst().last else {
            (disclosures, keyBinding) = ([], nil)
            return
        }
        // RFC 9901 §4: without a Key Binding JWT the text ends with "~".
        disclosures = parts.dropFirst().dropLast().map { String(decoding: $0, as: UTF8.self) }
        keyBinding = last.isEmpty ? nil : String(decoding: last, as: UTF8.self)
        guard !disclosures.contains(""), keyBinding.map({ $0.utf8.count { $0 == UInt8(ascii: ".") } == 2 }) ?? true else {
            throw Rejection(.disclosures, "the final ~ is missing, or a Disclosure is empty")
        }
    }

    private init(flattened bytes: [UInt8]) throws(Rejection) {
        guard let object = try StrictJSON.parse(bytes, in: "the file").object else { throw Rejection(.shape, "not an object") }
        guard let protected = object["protected"]?.string, let payload = object["payload"]?.string,
            let signature = object["signature"]?.string
        else { throw Rejection(.shape, "not a flattened JWS: payload, protected and signature are needed") }
        // Names in it are unique: so many, and no others.
        guard object.members.count == (object["header"] == nil ? 3 : 4) else {
            throw Rejection(.header, "the file has members that no bundle has")
        }
        self.protected = protected
        self.payload = payload
        self.signature = signature
        guard let header = object["header"] else {
            (isSelectiveDisclosure, disclosures, keyBinding) = (false, [], nil)
            return
        }
        guard let header = header.object, header.members.count == (header["kb_jwt"] == nil ? 1 : 2),
            let listed = header["disclosures"]?.array
        else { throw Rejection(.header, "the unprotected header holds disclosures and kb_jwt, nothing else") }
        var disclosures: [String] = []
        disclosures.reserveCapacity(listed.count)
        for entry in listed {
            guard let text = entry.string, !text.isEmpty else { throw Rejection(.disclosures, "a Disclosure is no text") }
            disclosures.append(text)
        }
        if let entry = header["kb_jwt"] {
            guard let text = entry.string else { throw Rejection(.keyBinding, "kb_jwt is no text") }
            keyBinding = text
        } else {
            keyBinding = nil
        }
        isSelectiveDisclosure = true
        self.disclosures = disclosures
    }

    /// What the signature is over (RFC 7515 §5.1).
    public var signingInput: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(protected.utf8.count + 1 + payload.utf8.count)
        bytes += protected.utf8
        bytes.append(UInt8(ascii: "."))
        bytes += payload.utf8
        return bytes
    }

    /// What a Key Binding JWT is over: the compact form up to and including its last `~` (RFC 9901 §4.3).
    var presentation: [UInt8] {
        var bytes = signingInput + [UInt8(ascii: ".")] + Array(signature.utf8) + [UInt8(ascii: "~")]
        for disclosure in disclosures {
            bytes += disclosure.utf8
            bytes.append(UInt8(ascii: "~"))
        }
        return bytes
    }

    private var compactByteCount: Int {
        protected.utf8.count + payload.utf8.count + signature.utf8.count + disclosures.reduce(0) { $0 + $1.utf8.count + 1 }
            + (keyBinding?.utf8.count ?? 0) + 3
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func belongs(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") || byte == UInt8(ascii: "=")
    }
}
