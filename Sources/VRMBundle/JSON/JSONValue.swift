/// A JSON text as it was read: members in their order, numbers as they stood.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(Int64(value))) }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The number, if it is written without fraction and exponent and lies within ±(2^53 − 1).
    public var integer: Int64? { if case .number(let value) = self { value.integer } else { nil } }
}

/// A JSON number by its spelling, so that nothing is rounded: `1.0` is not the integer 1.
public struct JSONNumber: Hashable, Sendable {
    public let text: String

    init(text: String) { self.text = text }

    public init(_ value: Int64) { text = String(value) }

    /// The interoperable integers of RFC 8259 §6.
    public static let safeIntegers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991

    public var integer: Int64? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }), let value = Int64(text),
            JSONNumber.safeIntegers.contains(value), text != "-0"
        else { return nil }
        return value
    }
}

/// A JSON object. Names are unique and compared as UTF-8 bytes: `é` and `e` with an accent are two names.
public struct JSONObject: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSONValue
    }
    public private(set) var members: [Member]

    public init(_ members: [(String, JSONValue)] = []) {
        self.members = members.map { Member(name: $0.0, value: $0.1) }
    }

    init(members: [Member]) { self.members = members }

    public subscript(_ name: String) -> JSONValue? {
        get { members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }
        set {
            let index = members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
            switch (index, newValue) {
            case (let i?, let value?): members[i] = Member(name: name, value: value)
            case (let i?, nil): members.remove(at: i)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    public var names: [String] { members.map(\.name) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
    public init(nilLiteral: ()) { self = .null }

    /// A string, or null for nil.
    public init(_ text: String?) { self = text.map { .string($0) } ?? .null }
}
