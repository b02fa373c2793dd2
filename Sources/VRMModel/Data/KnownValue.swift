/// A value the vault knows, to recognise it in what a company says it has.
public struct KnownValue: Hashable, Sendable {
    public let item: DataItemName
    /// Nil for a login that only the relationship knows.
    public let version: Int?
    public let isCurrent: Bool

    public init(item: DataItemName, version: Int?, isCurrent: Bool) {
        self.item = item
        self.version = version
        self.isCurrent = isCurrent
    }

    /// How values are compared: without surrounding white space and case of ASCII letters; telephone numbers and dates by
    /// their digits.
    public static func folded(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)[...]
        while let last = bytes.last, last <= 0x20 { bytes = bytes.dropLast() }
        while let first = bytes.first, first <= 0x20 { bytes = bytes.dropFirst() }
        let digits = bytes.filter { (48...57).contains($0) }
        if digits.count >= 6, bytes.allSatisfy({ (48...57).contains($0) || "+ -/().".utf8.contains($0) }) { return digits }
        return bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
    }
}
