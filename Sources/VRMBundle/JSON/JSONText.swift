/// A JSON text that was read strictly and left as it stands: its bytes, and the place of every value in them.
///
/// Most of a bundle is looked at once or never. Strings and arrays are made of what is asked for, and not before. What is written with
/// escapes is read once and stands behind the text, so that looking for a name costs the same however it is spelled.
final class JSONText: Sendable {
    enum Kind: UInt8, Sendable { case null, no, yes, number, string, name, array, object }

    /// Where a value stands. Those inside it follow; in an object, each after its name.
    struct Place: Sendable {
        let kind: Kind
        /// A text begins after its quote, and ends before the other.
        private let start: UInt32
        private let end: UInt32
        /// The number of the first place behind this value and all inside it.
        private(set) var next: UInt32

        /// - Parameter start: Like the others below 2^32, of which the parser takes care.
        init(_ kind: Kind, from start: Int, to end: Int, next: Int) {
            self.kind = kind
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
            self.next = UInt32(truncatingIfNeeded: next)
        }

        var range: Range<Int> { Int(start)..<Int(end) }
        var count: Int { Int(end &- start) }

        mutating func close(before next: Int) { self.next = UInt32(truncatingIfNeeded: next) }
    }

    let bytes: [UInt8]
    let places: [Place]

    init(bytes: [UInt8], places: [Place]) {
        self.bytes = bytes
        self.places = places
    }

    /// What a string, a name or a number says, in UTF-8.
    func utf8(_ index: Int) -> ArraySlice<UInt8> { bytes[places[index].range] }

    /// The same as a String.
    func said(_ index: Int) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[places[index].range]), as: UTF8.self) }
    }

    /// Whether a string or a name is these bytes.
    func says(_ index: Int, _ other: StaticString) -> Bool {
        other.withUTF8Buffer { places[index].count == $0.count && says(index, $0) }
    }

    /// - Parameter other: As long.
    private func says(_ index: Int, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = places[index].range.lowerBound
        for i in 0..<other.count where bytes[start + i] != other[i] { return false }
        return true
    }

    /// The place of the value under a name of an object; nil of any other value.
    func member(_ name: String, of index: Int) -> Int? {
        name.utf8.withContiguousStorageIfAvailable { member($0, of: index) }
            ?? Array(name.utf8).withUnsafeBufferPointer { member($0, of: index) }
    }

    /// The same; nil when the value is of another kind.
    func member(_ name: String, of index: Int, _ kind: Kind) -> Int? {
        member(name, of: index).flatMap { places[$0].kind == kind ? $0 : nil }
    }

    private func member(_ name: UnsafeBufferPointer<UInt8>, of index: Int) -> Int? {
        guard places[index].kind == .object else { return nil }
        let end = end(index)
        return places.withUnsafeBufferPointer { places in
            var at = index + 1
            while at < end {
                if places[at].count == name.count, says(at, name) { return at + 1 }
                at = Int(places[at + 1].next)
            }
            return nil
        }
    }

    /// The places of the values of an array; none of any other value.
    func elements(_ index: Int) -> Steps { Steps(text: self, at: index + 1, end: places[index].kind == .array ? end(index) : 0) }

    /// The places of the names of an object, each before its value; none of any other value.
    func names(_ index: Int) -> Steps {
        Steps(text: self, at: index + 1, end: places[index].kind == .object ? end(index) : 0, stride: 1)
    }

    /// The places of the values from one on that stand in no other.
    func values(from index: Int) -> Steps { Steps(text: self, at: index, end: places.count) }

    /// How many values an array or an object holds; 0 for any other.
    func count(_ index: Int) -> Int {
        (places[index].kind == .object ? names(index) : elements(index)).reduce(0) { count, _ in count + 1 }
    }

    /// The number of the first place behind a value and all inside it.
    func end(_ index: Int) -> Int { Int(places[index].next) }

    func value(_ index: Int) -> JSONValue {
        switch places[index].kind {
        case .null: .null
        case .no: .bool(false)
        case .yes: .bool(true)
        case .number: .number(JSONNumber(text: said(index)))
        case .string, .name: .string(said(index))
        case .array: .array(elements(index).map(value))
        case .object: .object(JSONObject(JSONNode(text: self, index: index)))
        }
    }

    struct Steps: Sequence, IteratorProtocol {
        fileprivate let text: JSONText
        fileprivate var at: Int
        fileprivate let end: Int
        /// 1 to step over a value after its name.
        fileprivate var stride = 0

        mutating func next() -> Int? {
            guard at < end else { return nil }
            defer { at = text.end(at + stride) }
            return at
        }
    }
}

/// A value in a ``JSONText``.
struct JSONNode: Sendable {
    let text: JSONText
    let index: Int

    var kind: JSONText.Kind { text.places[index].kind }
    var value: JSONValue { text.value(index) }
    var object: JSONObject? { kind == .object ? JSONObject(self) : nil }

    /// How many values an array or an object holds; 0 for any other.
    var count: Int { text.count(index) }

    /// The value under a name of an object.
    subscript(_ name: String) -> JSONNode? { text.member(name, of: index).map { JSONNode(text: text, index: $0) } }
}
