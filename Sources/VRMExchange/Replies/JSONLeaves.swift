import VRMBundle

/// Reads JSON (RFC 8259) leaf by leaf, with nothing of it in memory but the path to where it is.
///
/// As strict as the parser for signed bytes: no name twice in an object, no lone surrogate, valid UTF-8. A byte order mark in
/// front and several values one after the other (JSON Lines) are taken, since companies send them.
struct JSONLeaves<Source: ByteSource> {
    private var source: Source
    private var chunk: [UInt8] = []
    private var at = 0
    private var before: Int64 = 0
    private let file: String
    private let leaf: (_ path: String, _ value: String) throws -> Void

    /// What is open: an object with the names it has had, or a list.
    private enum Level {
        case object(Set<[UInt8]>)
        case list
    }
    private var levels: [Level] = []
    /// The path of each open level.
    private var paths: [String] = []

    init(_ source: Source, file: String, prefix: String, leaf: @escaping (String, String) throws -> Void) {
        self.source = source
        self.file = file
        self.leaf = leaf
        paths = [prefix]
    }

    private func failure(_ kind: ReplyFailure.Kind) -> ReplyFailure { .json(file: file, offset: before + Int64(at), kind) }

    private mutating func peek() throws -> UInt8? {
        if at == chunk.count {
            before += Int64(chunk.count)
            chunk = try source.read(upTo: 64 * 1024)
            at = 0
            if chunk.isEmpty { return nil }
        }
        return chunk[at]
    }

    private mutating func skipSpace() throws -> UInt8? {
        while let byte = try peek() {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            at += 1
        }
        return nil
    }

    /// - Throws: ``ReplyFailure``, or what the source or `leaf` throws.
    mutating func read() throws {
        for byte: UInt8 in [0xEF, 0xBB, 0xBF] where try peek() == byte { at += 1 }
        while try skipSpace() != nil { try value() }
    }

    /// One value with everything in it. Iterates: depth is a number here, not a stack of calls.
    private mutating func value() throws {
        var isDone = false
        while !isDone {
            try begin()
            // A value ended: go on in whatever is open.
            isDone = try !goOn()
        }
    }

    /// Enters objects and lists down to the next leaf or empty one.
    private mutating func begin() throws {
        while true {
            guard let first = try skipSpace() else { throw failure(.cutOff) }
            switch first {
            case UInt8(ascii: "{"):
                try open(.object([]))
                guard let next = try skipSpace() else { throw failure(.cutOff) }
                if next == UInt8(ascii: "}") { return try close() }
                try name()
            case UInt8(ascii: "["):
                try open(.list)
                guard let next = try skipSpace() else { throw failure(.cutOff) }
                if next == UInt8(ascii: "]") { return try close() }
                paths.append(paths[paths.count - 1] + "[]")
            case UInt8(ascii: "\""): return try leaf(paths[paths.count - 1], try string())
            default: return try word()
            }
        }
    }

    /// After a value: the next member or element, or the end of what is open. False when nothing is open any more.
    private mutating func goOn() throws -> Bool {
        while let level = levels.last {
            guard let next = try skipSpace() else { throw failure(.cutOff) }
            paths.removeLast()
            switch (level, next) {
            case (.object, UInt8(ascii: ",")):
                at += 1
                try name()
                return true
            case (.list, UInt8(ascii: ",")):
                at += 1
                paths.append(paths[paths.count - 1] + "[]")
                return true
            case (.object, UInt8(ascii: "}")), (.list, UInt8(ascii: "]")): try close()
            default: throw failure(next == 0 ? .nulByte : .syntax)
            }
        }
        return false
    }

    private mutating func open(_ level: Level) throws {
        guard levels.count < ReplyLimits.depth else { throw failure(.tooDeep) }
        at += 1
        levels.append(level)
    }

    private mutating func close() throws {
        at += 1
        levels.removeLast()
    }

    private mutating func name() throws {
        try expect(UInt8(ascii: "\""))
        let name = try string()
        guard case .object(var names) = levels.removeLast() else { throw failure(.syntax) }
        guard names.count < ReplyLimits.names else { throw failure(.tooManyNames) }
        guard names.insert(Array(name.utf8)).inserted else { throw failure(.duplicateName) }
        levels.append(.object(names))
        try expect(UInt8(ascii: ":"))
        at += 1
        let outer = paths[paths.count - 1]
        paths.append(outer.isEmpty || outer.hasSuffix(":") ? outer + name : "\(outer).\(name)")
    }

    private mutating func expect(_ wanted: UInt8) throws {
        guard let next = try skipSpace() else { throw failure(.cutOff) }
        guard next == wanted else { throw failure(next == 0 ? .nulByte : .syntax) }
    }

    private mutating func string() throws -> String {
        at += 1
        var text: [UInt8] = []
        while let byte = try peek() {
            if byte == UInt8(ascii: "\"") {
                at += 1
                guard let valid = String(validating: text, as: UTF8.self) else { throw failure(.invalidText) }
                return valid
            }
            if byte == UInt8(ascii: "\\") {
                at += 1
                try escape(into: &text)
            } else if byte < 0x20 {
                throw failure(byte == 0 ? .nulByte : .syntax)
            } else {
                let run = chunk[at...].prefix { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
                text += run
                at += run.count
            }
            guard text.count <= ReplyLimits.textBytes else { throw failure(.tooLong) }
        }
        throw failure(.cutOff)
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let letter = try peek() else { throw failure(.cutOff) }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(0x20)
        case UInt8(ascii: "n"), UInt8(ascii: "r"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
                    guard try peek() == expected else { throw failure(.invalidText) }
                    at += 1
                }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw failure(.invalidText) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure(.invalidText) }
            text += String(Character(scalar)).utf8
        default: throw failure(.syntax)
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = try peek() else { throw failure(.cutOff) }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw failure(.syntax) }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }

    /// A number, `true`, `false` or `null`; null is no value.
    private mutating func word() throws {
        var text: [UInt8] = []
        while let byte = try peek(), ![0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x5D, 0x7D].contains(byte) {
            guard text.count < 400 else { throw failure(.syntax) }
            guard byte != 0 else { throw failure(.nulByte) }
            text.append(byte)
            at += 1
        }
        let word = String(decoding: text, as: UTF8.self)
        let isNumber = (try? JSONParser.parse(text).isNumber) ?? false
        guard isNumber || ["true", "false", "null"].contains(word) else { throw failure(.syntax) }
        try leaf(paths[paths.count - 1], word == "null" ? "" : word)
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool { if case .number = self { true } else { false } }
}
