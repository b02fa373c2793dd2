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

    public var integer: Int64? { JSONNumber.integer(text.utf8) }

    static func integer(_ text: some Collection<UInt8>) -> Int64? {
        // With its sign no longer than the longest: what follows cannot overflow.
        guard text.count <= 17 else { return nil }
        var value: Int64 = 0
        var isNegative = false
        for digit in text {
            // The parser lets a sign stand nowhere but in front.
            guard digit != UInt8(ascii: "-") else {
                isNegative = true
                continue
            }
            guard (48...57).contains(digit) else { return nil }
            value = value &* 10 &+ Int64(digit &- 48)
        }
        guard value <= JSONNumber.safeIntegers.upperBound else { return nil }
        return isNegative ? value == 0 ? nil : -value : value
    }
}

extension String {
    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    /// Of characters that print, so that `==` compares bytes.
    var isPrintableASCII: Bool { PlainText.isPrintable(utf8) }
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
