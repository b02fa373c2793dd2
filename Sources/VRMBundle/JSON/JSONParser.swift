/// Why bytes are no JSON to us. The offset is where reading stopped; no part of the text is quoted.
public struct JSONFailure: Error, Equatable {
    public enum Kind: Sendable {
        case syntax, duplicateName, loneSurrogate, invalidUTF8, tooDeep, trailingBytes, byteOrderMark
        /// Only in tokens.
        case foreignName, unsafeNumber
    }
    public let kind: Kind
    public let offset: Int
}

/// A strict reader of RFC 8259: no duplicate names, no lone surrogates, no trailing bytes, no byte order mark,
/// valid UTF-8 only, numbers kept by their spelling.
///
/// Foundation's reader accepts all of these and more (docs/decisions/0003-strict-json.md).
public struct JSONParser {
    private let bytes: [UInt8]
    private var at = 0
    private let deepest: Int
    /// Member names in ASCII, whole numbers within ±(2^53 − 1): as tokens may hold it.
    private let isToken: Bool

    /// The whole of `bytes` as one JSON text.
    ///
    /// - Parameter deepest: How many objects and arrays may be open at once. Reading recurses once per level.
    /// - Throws: ``JSONFailure``.
    public static func parse(_ bytes: [UInt8], deepest: Int = Limits.jsonDepth) throws(JSONFailure) -> JSONValue {
        try parse(bytes, deepest: deepest, isToken: false)
    }

    static func parse(_ bytes: [UInt8], deepest: Int = Limits.jsonDepth, isToken: Bool) throws(JSONFailure) -> JSONValue {
        var parser = JSONParser(bytes: bytes, deepest: deepest, isToken: isToken)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw parser.failure(.byteOrderMark) }
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.count else { throw parser.failure(.trailingBytes) }
        return value
    }

    /// The widest record of ours has some 15 members.
    private static let narrow = 24

    private init(bytes: [UInt8], deepest: Int, isToken: Bool) {
        self.bytes = bytes
        self.deepest = deepest
        self.isToken = isToken
    }

    private func failure(_ kind: JSONFailure.Kind) -> JSONFailure { JSONFailure(kind: kind, offset: at) }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func value(depth: Int) throws(JSONFailure) -> JSONValue {
        guard let first = next else { throw failure(.syntax) }
        switch first {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string().text)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFailure) -> JSONValue {
        let matches = text.withUTF8Buffer { bytes[at...].starts(with: $0) }
        guard matches else { throw failure(.syntax) }
        at += text.utf8CodeUnitCount
        return value
    }

    private mutating func object(depth: Int) throws(JSONFailure) -> JSONObject {
        guard depth <= deepest else { throw failure(.tooDeep) }
        at += 1
        skipSpace()
        var members: [JSONObject.Member] = []
        var seen = Set<[UInt8]>()  // only of an object too wide to compare each name with the others
        if next == UInt8(ascii: "}") {
            at += 1
            return JSONObject(members: [])
        }
        members.reserveCapacity(depth == 1 ? 16 : 3)  // as many as a payload and a key have
        while true {
            guard next == UInt8(ascii: "\"") else { throw failure(.syntax) }
            let (name, isASCII) = try string()
            guard isASCII || !isToken else { throw failure(.foreignName) }
            guard isNew(name, among: members, &seen) else { throw failure(.duplicateName) }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw failure(.syntax) }
            at += 1
            skipSpace()
            members.append(JSONObject.Member(name: name, value: try value(depth: depth)))
            skipSpace()
            switch next {
            case UInt8(ascii: ","):
                at += 1
                skipSpace()
            case UInt8(ascii: "}"):
                at += 1
                return JSONObject(members: members)
            default: throw failure(.syntax)
            }
        }
    }

    private func isNew(_ name: String, among members: [JSONObject.Member], _ seen: inout Set<[UInt8]>) -> Bool {
        if members.count < JSONParser.narrow {
            for i in members.indices where JSONObject.isSame(members[i].name, name) { return false }
            return true
        }
        if seen.isEmpty { for member in members { seen.insert(Array(member.name.utf8)) } }
        return seen.insert(Array(name.utf8)).inserted
    }

    private mutating func array(depth: Int) throws(JSONFailure) -> [JSONValue] {
        guard depth <= deepest else { throw failure(.tooDeep) }
        at += 1
        skipSpace()
        var elements: [JSONValue] = []
        if next == UInt8(ascii: "]") {
            at += 1
            return []
        }
        elements.reserveCapacity(3)
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            switch next {
            case UInt8(ascii: ","):
                at += 1
                skipSpace()
            case UInt8(ascii: "]"):
                at += 1
                return elements
            default: throw failure(.syntax)
            }
        }
    }

    private mutating func number() throws(JSONFailure) -> JSONNumber {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        if next == UInt8(ascii: "0") {
            at += 1
        } else {
            try skipDigits()
        }
        if next == UInt8(ascii: ".") {
            at += 1
            try skipDigits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            try skipDigits()
        }
        let number = JSONNumber(text: String(decoding: bytes[start..<at], as: UTF8.self))
        guard !isToken || number.integer != nil else { throw failure(.unsafeNumber) }
        return number
    }

    private mutating func skipDigits() throws(JSONFailure) {
        let start = at
        while let byte = next, (48...57).contains(byte) { at += 1 }
        guard at > start else { throw failure(.syntax) }
    }

    private mutating func string() throws(JSONFailure) -> (text: String, isASCII: Bool) {
        at += 1
        let start = at
        var isASCII = true
        skipPlain(&isASCII)
        guard next == UInt8(ascii: "\"") else { return try escapedString(from: start) }
        // Nearly every one: no escape in it. What is ASCII need not be validated.
        guard
            let text = isASCII
                ? String(decoding: bytes[start..<at], as: UTF8.self) : String(validating: bytes[start..<at], as: UTF8.self)
        else { throw failure(.invalidUTF8) }
        at += 1
        return (text, isASCII)
    }

    private mutating func escapedString(from start: Int) throws(JSONFailure) -> (text: String, isASCII: Bool) {
        var text = Array(bytes[start..<at])
        var isASCII = true
        while true {
            switch next {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else { throw failure(.invalidUTF8) }
                at += 1
                return (valid, text.allSatisfy { $0 < 0x80 })
            case UInt8(ascii: "\\"):
                at += 1
                try escape(into: &text)
            default: throw failure(.syntax)  // the end, or a bare control character
            }
            let start = at
            skipPlain(&isASCII)
            text += bytes[start..<at]
        }
    }

    /// Runs over what stands for itself in a string, eight bytes at a time.
    private mutating func skipPlain(_ isASCII: inout Bool) {
        var place = at
        defer { at = place }
        let raw = bytes.span.bytes
        while place + 8 <= raw.byteCount {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
            let (quote, backslash) = (word ^ 0x2222_2222_2222_2222, word ^ 0x5C5C_5C5C_5C5C_5C5C)
            // Sets the high bit of every byte that is one of these, below a space or not ASCII. A borrow may set it of more, but
            // of none before the first of them.
            let stops =
                ((quote &- 0x0101_0101_0101_0101) | (backslash &- 0x0101_0101_0101_0101) | (word &- 0x2020_2020_2020_2020) | word)
                & 0x8080_8080_8080_8080
            place += stops.trailingZeroBitCount / 8
            guard stops != 0 else { continue }
            guard raw.unsafeLoad(fromByteOffset: place, as: UInt8.self) >= 0x80 else { return }
            break
        }
        while place < raw.byteCount {
            let byte = raw.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            guard byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 else { return }
            if byte >= 0x80 { isASCII = false }
            place += 1
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
        guard let letter = next else { throw failure(.syntax) }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try hex4())
            if (0xD800..<0xDC00).contains(code) {
                guard next == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
                    throw failure(.loneSurrogate)
                }
                at += 2
                let low = UInt32(try hex4())
                guard (0xDC00..<0xE000).contains(low) else { throw failure(.loneSurrogate) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure(.loneSurrogate) }
            text += Array(String(Character(scalar)).utf8)
        default: throw failure(.syntax)
        }
    }

    private mutating func hex4() throws(JSONFailure) -> UInt16 {
        guard at + 4 <= bytes.count else { throw failure(.syntax) }
        var value: UInt16 = 0
        for byte in bytes[at..<at + 4] {
            let digit: UInt8
            switch byte {
            case 48...57: digit = byte - 48
            case 65...70: digit = byte - 55
            case 97...102: digit = byte - 87
            default: throw failure(.syntax)
            }
            value = value << 4 | UInt16(digit)
        }
        at += 4
        return value
    }
}
