/// A signed token taken apart, nothing of it believed yet.
///
/// Read from the compact form (RFC 7515 §7.1), the flattened JSON form (§7.2.2), or either form of an SD-JWT
/// (RFC 9901 §4 and §8).
public struct Envelope: Sendable {
    /// The file, and behind it what it spells with escapes. The parts below stand in it.
    private let bytes: [UInt8]
    let protectedRange: Range<Int>
    let payloadRange: Range<Int>
    let signatureRange: Range<Int>
    let disclosureRanges: [Range<Int>]
    private let keyBindingRange: Range<Int>?
    /// It came as an SD-JWT: with `~`, or with a `header.disclosures` member.
    public let isSelectiveDisclosure: Bool

    public var protected: String { text(protectedRange) }
    public var payload: String { text(payloadRange) }
    public var signature: String { text(signatureRange) }
    public var disclosures: [String] { disclosureRanges.map(text) }
    public var keyBinding: String? { keyBindingRange.map(text) }

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
        self = isJSON ? try Envelope(flattened: bytes) : try Envelope(compact: bytes, text)
        guard compactByteCount <= Limits.tokenBytes else {
            throw Rejection(.shape, "a token of more than \(Limits.tokenBytes) bytes")
        }
        guard disclosureRanges.count <= Limits.disclosures else {
            throw Rejection(.shape, "more than \(Limits.disclosures) Disclosures")
        }
    }

    private init(compact bytes: [UInt8], _ text: ArraySlice<UInt8>) throws(Rejection) {
        let parts = text.split(separator: UInt8(ascii: "~"), maxSplits: Limits.disclosures + 2, omittingEmptySubsequences: false)
        let token = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard token.count == 3, token[0].count > 0, token[1].count > 0, text.allSatisfy(Envelope.belongs) else {
            throw Rejection(.shape, "neither flattened JSON nor a compact token")
        }
        self.bytes = bytes
        (protectedRange, payloadRange, signatureRange) = (token[0].indices, token[1].indices, token[2].indices)
        isSelectiveDisclosure = parts.count > 1
        guard let last = parts.dropFirst().last else {
            (disclosureRanges, keyBindingRange) = ([], nil)
            return
        }
        // RFC 9901 §4: without a Key Binding JWT the text ends with "~".
        disclosureRanges = parts.dropFirst().dropLast().map(\.indices)
        keyBindingRange = last.isEmpty ? nil : last.indices
        guard !disclosureRanges.contains(where: \.isEmpty), last.isEmpty || last.count(where: { $0 == UInt8(ascii: ".") }) == 2
        else {
            throw Rejection(.disclosures, "the final ~ is missing, or a Disclosure is empty")
        }
    }

    private init(flattened file: [UInt8]) throws(Rejection) {
        let text = try StrictJSON.parse(file, in: "the file").text
        guard text.places[0].kind == .object else { throw Rejection(.shape, "not an object") }
        func range(_ place: Int?) -> Range<Int>? {
            guard let place, text.places[place].kind == .string else { return nil }
            return text.places[place].range
        }
        bytes = text.bytes
        guard let protected = range(text.member("protected", of: 0)), let payload = range(text.member("payload", of: 0)),
            let signature = range(text.member("signature", of: 0))
        else { throw Rejection(.shape, "not a flattened JWS: payload, protected and signature are needed") }
        (protectedRange, payloadRange, signatureRange) = (protected, payload, signature)
        let header = text.member("header", of: 0)
        // Names in it are unique: so many, and no others.
        guard text.count(0) == (header == nil ? 3 : 4) else {
            throw Rejection(.header, "the file has members that no bundle has")
        }
        guard let header else {
            (isSelectiveDisclosure, disclosureRanges, keyBindingRange) = (false, [], nil)
            return
        }
        let binding = text.member("kb_jwt", of: header)
        guard text.places[header].kind == .object, text.count(header) == (binding == nil ? 1 : 2),
            let listed = text.member("disclosures", of: header), text.places[listed].kind == .array
        else { throw Rejection(.header, "the unprotected header holds disclosures and kb_jwt, nothing else") }
        var disclosures: [Range<Int>] = []
        disclosures.reserveCapacity(text.count(listed))
        for entry in text.elements(listed) {
            guard let range = range(entry), !range.isEmpty else { throw Rejection(.disclosures, "a Disclosure is no text") }
            disclosures.append(range)
        }
        keyBindingRange = range(binding)
        guard binding == nil || keyBindingRange != nil else { throw Rejection(.keyBinding, "kb_jwt is no text") }
        isSelectiveDisclosure = true
        disclosureRanges = disclosures
    }

    private var parts: [ArraySlice<UInt8>?] {
        ([protectedRange, payloadRange, signatureRange] + disclosureRanges).map(part) + [keyBindingRange.map(part)]
    }

    /// A part as it stands.
    func part(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// What the signature is over (RFC 7515 §5.1).
    public var signingInput: [UInt8] {
        var input: [UInt8] = []
        input.reserveCapacity(protectedRange.count + 1 + payloadRange.count)
        input += bytes[protectedRange]
        input.append(UInt8(ascii: "."))
        input += bytes[payloadRange]
        return input
    }

    /// What a Key Binding JWT is over: the compact form up to and including its last `~` (RFC 9901 §4.3).
    var presentation: [UInt8] {
        var out = signingInput + [UInt8(ascii: ".")] + bytes[signatureRange] + [UInt8(ascii: "~")]
        for range in disclosureRanges {
            out += bytes[range]
            out.append(UInt8(ascii: "~"))
        }
        return out
    }

    private var compactByteCount: Int {
        protectedRange.count + payloadRange.count + signatureRange.count + disclosureRanges.reduce(0) { $0 + $1.count + 1 }
            + (keyBindingRange?.count ?? 0) + 3
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

/// By their parts: in which form they came makes no difference.
extension Envelope: Equatable {
    public static func == (one: Envelope, other: Envelope) -> Bool {
        one.isSelectiveDisclosure == other.isSelectiveDisclosure && one.parts.elementsEqual(other.parts, by: ==)
    }
}
