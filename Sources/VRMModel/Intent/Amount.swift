/// Money as it is written: digits, so that nothing is rounded, and an ISO 4217 code.
public struct Amount: Hashable, Sendable {
    public let value: String
    public let currency: String

    /// Nil unless the value is `(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?` and the currency three capital letters.
    public init?(_ value: String, _ currency: String) {
        let parts = value.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count <= 2, (1...12).contains(parts[0].count), parts[0].count == 1 || parts[0].first != UInt8(ascii: "0"),
            parts.count == 1 || (1...4).contains(parts[1].count), parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) })
        else { return nil }
        self.value = value
        self.currency = currency
    }

    /// The whole of it in ten-thousandths: what is compared. At most 16 digits, so that it fits and nothing is rounded.
    public var tenThousandths: Int64 {
        let parts = value.utf8.split(separator: UInt8(ascii: "."))
        let fraction = parts.count > 1 ? Array(parts[1]) : []
        let digits = Array(parts[0]) + fraction + [UInt8](repeating: UInt8(ascii: "0"), count: 4 - fraction.count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Whether this is no more than `limit`; nil between two currencies.
    public func isWithin(_ limit: Amount) -> Bool? {
        currency == limit.currency ? tenThousandths <= limit.tenThousandths : nil
    }
}

extension Amount: CustomStringConvertible {
    public var description: String { "\(value) \(currency)" }
}
