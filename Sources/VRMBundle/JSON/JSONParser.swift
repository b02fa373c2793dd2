/// Why bytes are no JSON to us. The offset is where reading stopped; no part of the text is quoted.
public struct JSONFailure: Error, Equatable {
    public enum Kind: Sendable {
        case syntax, duplicateName, loneSurrogate, invalidUTF8, tooDeep, trailingBytes, byteOrderMark
        /// Places are counted in 32 bits, and escapes may take as many again.
        case tooLong
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
    private let bytes: UnsafeRawBufferPointer
    private(set) var places: [JSONText.Place] = []
    /// What is written with escapes, read: it stands behind the bytes.
    private(set) var unescaped: [UInt8] = []
    /// What is read now: from `start` to `end`.
    private var (start, at, end) = (0, 0, 0)
    private let deepest: Int
    /// Member names in ASCII, whole numbers within ±(2^53 − 1): as tokens may hold it.
    private let isToken: Bool

    /// The whole of `bytes` as one JSON text.
    ///
    /// - Parameter deepest: How many objects and arrays may be open at once. Reading recurses once per level.
    /// - Throws: ``JSONFailure``.
    public static func parse(_ bytes: [UInt8], deepest: Int = Limits.jsonDepth) throws(JSONFailure) -> JSONValue {
        try read(bytes) { bytes throws(JSONFailure) in
            var parser = JSONParser(bytes, deepest: deepest)
            try parser.read(0..<bytes.count)
            return parser
        }.value(0)
    }

    /// What a parser of these bytes has read.
    static func read<Failure>(
        _ bytes: [UInt8], by parse: (UnsafeBufferPointer<UInt8>) throws(Failure) -> JSONParser
    ) throws(Failure) -> JSONText {
        let (places, unescaped) = try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
            let parser = try parse(bytes)
            return (parser.places, parser.unescaped)
        }
        return JSONText(bytes: unescaped.isEmpty ? bytes : bytes + unescaped, places: places)
    }

    /// - Parameter bytes: They outlive the parser.
    init(_ bytes: UnsafeBufferPointer<UInt8>, deepest: Int = Limits.jsonDepth, isToken: Bool = false) {
        self.bytes = UnsafeRawBufferPointer(bytes)
        self.deepest = deepest
        self.isToken = isToken
        places.reserveCapacity(min(bytes.count / 12 + 8, 1024))  // of a payload with room to spare
    }

    /// Reads a part of the bytes as one JSON text, whose value stands behind those read before.
    mutating func read(_ range: Range<Int>) throws(JSONFailure) {
        (start, at, end) = (range.lowerBound, range.lowerBound, range.upperBound)
        guard bytes.count < Int32.max else { throw failure(.tooLong) }
        if next == 0xEF, bytes[range].starts(with: [0xEF, 0xBB, 0xBF]) { throw failure(.byteOrderMark) }
        skipSpace()
        try value(depth: 0)
        skipSpace()
        guard at == end else { throw failure(.trailingBytes) }
    }

    /// The widest record of ours has some 15 members.
    private static let narrow = 24

    private func failure(_ kind: JSONFailure.Kind) -> JSONFailure { JSONFailure(kind: kind, offset: at - start) }

    private var next: UInt8? { at < end ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func value(depth: Int) throws(JSONFailure) {
        guard let first = next else { throw failure(.syntax) }
        switch first {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "\""): _ = try string(.string)
        case UInt8(ascii: "t"): try word("true", .yes)
        case UInt8(ascii: "f"): try word("false", .no)
        case UInt8(ascii: "n"): try word("null", .null)
        default: try number()
        }
    }

    /// Keeps the place of a value that ends here and holds no other.
    private mutating func keep(_ kind: JSONText.Kind, from start: Int) {
        places.append(JSONText.Place(kind, from: start, to: at, next: places.count + 1))
    }

    private mutating func word(_ text: StaticString, _ kind: JSONText.Kind) throws(JSONFailure) {
        let matches = text.withUTF8Buffer { bytes[at..<end].starts(with: $0) }
        guard matches else { throw failure(.syntax) }
        let start = at
        at += text.utf8CodeUnitCount
        keep(kind, from: start)
    }

    private mutating func object(depth: Int) throws(JSONFailure) {
        guard depth <= deepest else { throw failure(.tooDeep) }
        let own = places.count
        keep(.object, from: at)
        at += 1
        skipSpace()
        var count = 0
        var seen = Set<[UInt8]>()  // only of an object too wide to compare each name with the others
        if next == UInt8(ascii: "}") {
            at += 1
            return
        }
        while true {
            guard next == UInt8(ascii: "\"") else { throw failure(.syntax) }
            let name = places.count
            let isASCII = try string(.name)
            guard isASCII || !isToken else { throw failure(.foreignName) }
            guard isNew(name, after: own, count, &seen) else { throw failure(.duplicateName) }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw failure(.syntax) }
            at += 1
            skipSpace()
            try value(depth: depth)
            count += 1
            skipSpace()
            switch next {
            case UInt8(ascii: ","):
                at += 1
                skipSpace()
            case UInt8(ascii: "}"):
                at += 1
                places[own].close(before: places.count)
                return
            default: throw failure(.syntax)
            }
        }
    }

    /// Whether none of the `count` names of the object at the place `own` says the same, byte by byte.
    private func isNew(_ name: Int, after own: Int, _ count: Int, _ seen: inout Set<[UInt8]>) -> Bool {
        let new = places[name]
        if count < JSONParser.narrow {
            var other = own + 1
            while other < name {
                let old = places[other]
                if old.count == new.count, isSame(old, new) { return false }
                other = Int(places[other + 1].next)
            }
            return true
        }
        if seen.isEmpty {
            var other = own + 1
            while other < name {
                seen.insert(said(other))
                other = Int(places[other + 1].next)
            }
        }
        return seen.insert(said(name)).inserted
    }

    /// - Parameter one: As long as the other.
    private func isSame(_ one: JSONText.Place, _ other: JSONText.Place) -> Bool {
        let (a, b) = (one.range.lowerBound, other.range.lowerBound)
        for offset in 0..<one.count where byte(a + offset) != byte(b + offset) { return false }
        return true
    }

    private func said(_ name: Int) -> [UInt8] { places[name].range.map(byte) }

    private func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : unescaped[place - bytes.count] }

    private mutating func array(depth: Int) throws(JSONFailure) {
        guard depth <= deepest else { throw failure(.tooDeep) }
        let own = places.count
        keep(.array, from: at)
        at += 1
        skipSpace()
        if next == UInt8(ascii: "]") {
            at += 1
            return
        }
        while true {
            try value(depth: depth)
            skipSpace()
            switch next {
            case UInt8(ascii: ","):
                at += 1
                skipSpace()
            case UInt8(ascii: "]"):
                at += 1
                places[own].close(before: places.count)
                return
            default: throw failure(.syntax)
            }
        }
    }

    private mutating func number() throws(JSONFailure) {
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
        guard !isToken || JSONNumber.integer(bytes[start..<at]) != nil else { throw failure(.unsafeNumber) }
        keep(.number, from: start)
    }

    private mutating func skipDigits() throws(JSONFailure) {
        let start = at
        while let byte = next, (48...57).contains(byte) { at += 1 }
        guard at > start else { throw failure(.syntax) }
    }

    /// - Returns: Whether it says nothing but ASCII.
    private mutating func string(_ kind: JSONText.Kind) throws(JSONFailure) -> Bool {
        at += 1
        let start = at
        var isASCII = true
        skipPlain(&isASCII)
        guard next == UInt8(ascii: "\"") else { return try escapedString(kind, from: start) }
        guard isASCII || String(validating: bytes[start..<at], as: UTF8.self) != nil else { throw failure(.invalidUTF8) }
        keep(kind, from: start)
        at += 1
        return isASCII
    }

    /// The rest of a string that begins at `start` and was read up to its first escape, or to what may stand in none.
    private mutating func escapedString(_ kind: JSONText.Kind, from start: Int) throws(JSONFailure) -> Bool {
        let own = unescaped.count
        unescaped += bytes[start..<at]
        var isASCII = true
        while next != UInt8(ascii: "\"") {
            guard next == UInt8(ascii: "\\") else { throw failure(.syntax) }  // the end, or a bare control character
            at += 1
            try escape()
            let plain = at
            skipPlain(&isASCII)
            unescaped += bytes[plain..<at]
        }
        let text = unescaped[own...]
        guard String(validating: text, as: UTF8.self) != nil else { throw failure(.invalidUTF8) }
        let place = bytes.count + own
        places.append(JSONText.Place(kind, from: place, to: place + text.count, next: places.count + 1))
        at += 1
        return text.allSatisfy { $0 < 0x80 }
    }

    /// Runs over what stands for itself in a string, eight bytes at a time.
    private mutating func skipPlain(_ isASCII: inout Bool) {
        var place = at
        defer { at = place }
        let (raw, end) = (bytes, end)
        while place + 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let (quote, backslash) = (word ^ 0x2222_2222_2222_2222, word ^ 0x5C5C_5C5C_5C5C_5C5C)
            // Sets the high bit of every byte that is one of these, below a space or not ASCII. A borrow may set it of more, but
            // of none before the first of them.
            let stops =
                ((quote &- 0x0101_0101_0101_0101) | (backslash &- 0x0101_0101_0101_0101) | (word &- 0x2020_2020_2020_2020) | word)
                & 0x8080_8080_8080_8080
            // Not by the number of zeros, which would have each turn wait for the last.
            guard stops != 0 else {
                place &+= 8
                continue
            }
            place += stops.trailingZeroBitCount / 8
            guard raw[place] >= 0x80 else { return }
            break
        }
        while place < end {
            let byte = raw[place]
            guard byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 else { return }
            if byte >= 0x80 { isASCII = false }
            place += 1
        }
    }

    private mutating func escape() throws(JSONFailure) {
        guard let letter = next else { throw failure(.syntax) }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(letter)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try hex4())
            if (0xD800..<0xDC00).contains(code) {
                guard next == UInt8(ascii: "\\"), at + 1 < end, bytes[at + 1] == UInt8(ascii: "u") else {
                    throw failure(.loneSurrogate)
                }
                at += 2
                let low = UInt32(try hex4())
                guard (0xDC00..<0xE000).contains(low) else { throw failure(.loneSurrogate) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure(.loneSurrogate) }
            unescaped += Array(String(Character(scalar)).utf8)
        default: throw failure(.syntax)
        }
    }

    private mutating func hex4() throws(JSONFailure) -> UInt16 {
        guard at + 4 <= end else { throw failure(.syntax) }
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
