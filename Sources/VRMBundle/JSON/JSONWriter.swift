/// What is written as an object.
protocol JSONMembers {
    func members(_ json: inout JSONWriter)
}

/// Writes compact UTF-8 JSON from front to back: members in their order, no insignificant white space.
///
/// DEL and the C1 controls are written as escapes, so that a terminal never obeys what a company sent.
struct JSONWriter: ~Copyable {
    /// What was written, and room for more. No array, which would be asked with each byte whether somebody else holds it.
    private var memory: UnsafeMutableRawBufferPointer
    private var count = 0
    /// A comma parts what is written next from what was.
    private var isNext = false

    /// - Parameter count: How many bytes it will be, as far as that is known.
    init(reserving count: Int = 256) { memory = .allocate(byteCount: count, alignment: 1) }

    deinit { memory.deallocate() }

    var bytes: [UInt8] { withBytes { Array($0) } }

    /// base64url of what was written.
    var base64URL: String { withBytes { Base64URL.encode($0) } }

    borrowing func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }

    /// To write another text, in the same memory.
    mutating func removeAll() {
        count = 0
        isNext = false
    }

    // MARK: Values: a whole text, or the next of an array

    mutating func object(_ members: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "{"), members, UInt8(ascii: "}"))
    }

    mutating func object(_ members: some JSONMembers) { object(members.members) }

    mutating func array(_ elements: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "["), elements, UInt8(ascii: "]"))
    }

    private mutating func enclose(_ first: UInt8, _ inner: (inout JSONWriter) -> Void, _ last: UInt8) {
        begin(room: 1)
        put(first)
        isNext = false
        inner(&self)
        reserve(1)
        put(last)
        isNext = true
    }

    mutating func write(_ text: String) {
        var text = text
        let isPlain = text.withUTF8 { utf8 in
            let isPlain = PlainText.needsNoEscape(utf8)
            if isPlain { quote(UnsafeRawBufferPointer(utf8)) }
            return isPlain
        }
        if !isPlain { JSONWriter.escape(text).withUnsafeBytes { quote($0) } }
    }

    /// base64url of some bytes, as a text.
    mutating func write(base64URL data: some Collection<UInt8>) {
        let letters = Base64URL.letterCount(data.count)
        begin(room: letters + 2)
        put(UInt8(ascii: "\""))
        Base64URL.encode(data, into: UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + letters]))
        count += letters
        put(UInt8(ascii: "\""))
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: word("null")
        case .bool(let value): word(value ? "true" : "false")
        case .number(let value): word(value.text)
        case .string(let value): write(value)
        case .array(let elements): array { json in for element in elements { json.write(element) } }
        case .object(let object):
            self.object { json in
                for member in object.members {
                    json.write(member.name)
                    json.assign()
                    json.write(member.value)
                }
            }
        }
    }

    // MARK: Members of the object that is written; none when there is no value

    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        self.name(name)
        write(text)
    }

    mutating func member(_ name: StaticString, _ integer: Int64?) {
        guard let integer else { return }
        self.name(name)
        word(String(integer))
    }

    mutating func member(_ name: StaticString, base64URL data: [UInt8]?) {
        guard let data else { return }
        self.name(name)
        write(base64URL: data)
    }

    mutating func member(_ name: StaticString, _ value: JSONValue?) {
        guard let value else { return }
        self.name(name)
        write(value)
    }

    mutating func member(_ name: StaticString, _ object: (some JSONMembers)?) {
        guard let object else { return }
        self.name(name)
        self.object(object)
    }

    mutating func member(_ name: StaticString, _ objects: [some JSONMembers]) {
        array(name) { json in for object in objects { json.object(object) } }
    }

    mutating func member(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
        self.name(name)
        object(members)
    }

    mutating func array(_ name: StaticString, _ elements: (inout JSONWriter) -> Void) {
        self.name(name)
        array(elements)
    }

    /// One of our own words, in which there is nothing to escape.
    private mutating func name(_ name: StaticString) {
        name.withUTF8Buffer { quote(UnsafeRawBufferPointer($0)) }
        assign()
    }

    // MARK: Bytes

    /// A word of JSON's own, or a number.
    private mutating func word(_ word: String) {
        var word = word
        word.withUTF8 { utf8 in
            begin(room: utf8.count)
            put(UnsafeRawBufferPointer(utf8))
        }
    }

    /// A text in which there is nothing left to escape.
    private mutating func quote(_ utf8: UnsafeRawBufferPointer) {
        begin(room: utf8.count + 2)
        put(UInt8(ascii: "\""))
        put(utf8)
        put(UInt8(ascii: "\""))
    }

    /// Parts a value from the one before it.
    ///
    /// - Parameter room: How many bytes the value has.
    private mutating func begin(room: Int) {
        reserve(room + 1)
        if isNext { put(UInt8(ascii: ",")) }
        isNext = true
    }

    /// Ties a value to its name.
    private mutating func assign() {
        reserve(1)
        put(UInt8(ascii: ":"))
        isNext = false
    }

    private mutating func reserve(_ more: Int) {
        if memory.count - count < more { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * memory.count + more, alignment: 1)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }

    // Room was made for it.
    private mutating func put(_ byte: UInt8) {
        memory[count] = byte
        count += 1
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    private static func escape(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}":
                let hex = String(scalar.value, radix: 16)
                bytes += "\\u".utf8
                bytes += repeatElement(UInt8(ascii: "0"), count: 4 - hex.utf8.count)
                bytes += hex.utf8
            default: bytes += UTF8.encode(scalar)!
            }
        }
        return bytes
    }
}

extension JSONValue {
    /// The value as compact UTF-8 JSON.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
