/// A place so coarse that it is many people's: a country (ISO 3166-1 alpha-2, also `EU`) or a part of one (ISO 3166-2).
public struct Region: Hashable, Sendable, LosslessStringConvertible {
    public let description: String

    /// Nil unless it is of the form `DE` or `DE-HH`.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0].count == 2, parts[0].allSatisfy({ (65...90).contains($0) }),
            parts.count == 1
                || (1...3).contains(parts[1].count) && parts[1].allSatisfy({ (65...90).contains($0) || $0.isASCIIDigit })
        else { return nil }
        description = text
    }
}
