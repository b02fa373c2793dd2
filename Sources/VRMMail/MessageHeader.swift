/// The header of one message, in the order of its fields (RFC 5322 §2.2). Nothing in it is believed yet.
public struct MessageHeader: Sendable {
    public struct Field: Sendable {
        /// Lower case.
        public let name: String
        /// Unfolded: line ends are gone, the white space after them stays.
        public let body: [UInt8]
    }
    public let fields: [Field]

    /// - Parameter block: Everything before the empty line; lines end with LF or CRLF.
    /// - Throws: ``MailFault``. A `>From ` line that a mailbox program left among the fields is no fault.
    public init(parsing block: [UInt8]) throws(MailFault) {
        guard block.count <= MailLimits.headerBytes else { throw .headerTooLong }
        var fields: [Field] = []
        var name = ""
        var body: [UInt8] = []
        for part in block.split(separator: 10, omittingEmptySubsequences: false) {
            let line = part.last == 13 ? part.dropLast() : part
            guard line.count <= MailLimits.lineBytes else { throw .lineTooLong }
            guard !line.contains(0), !line.contains(13) else { throw .strayControl }
            guard let first = line.first else { continue }
            if first == 32 || first == 9 {
                guard !name.isEmpty else { throw .brokenField }
                body += line
                continue
            }
            if line.starts(with: ">From ".utf8) { continue }
            if !name.isEmpty { fields.append(Field(name: name, body: body)) }
            guard fields.count < MailLimits.fields else { throw .tooManyFields }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), let found = MessageHeader.name(line[..<colon]) else {
                throw .brokenField
            }
            name = found
            body = Array(line[(colon + 1)...])
        }
        if !name.isEmpty { fields.append(Field(name: name, body: body)) }
        self.fields = fields
    }

    /// The bodies of all fields of a name, from the top.
    public func all(_ name: String) -> [[UInt8]] { fields.filter { $0.name == name }.map(\.body) }

    /// The topmost field of a name: what was added last, on the way in.
    public func first(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.body }

    /// A text field as people read it; empty when it is missing.
    public func text(_ name: String) -> String { first(name).map { EncodedWords.decode($0[...]) } ?? "" }

    /// Printable ASCII without a colon; white space before the colon is the obsolete form (§4.5).
    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        var bytes = bytes
        while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        return String(decoding: bytes.map(\.asciiLowered), as: UTF8.self)
    }
}

extension UInt8 {
    var asciiLowered: UInt8 { (65...90).contains(self) ? self + 32 : self }
    var isBlank: Bool { self == 32 || self == 9 || self == 10 || self == 13 }

    var hexValue: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without white space at either end.
    var trimmed: ArraySlice<UInt8> {
        var rest = drop(while: \.isBlank)
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return rest
    }
}
