/// An ISO 3166-1 alpha-2 code, upper case: `DE`. The shape is checked, not the register.
public struct CountryCode: Hashable, Sendable, LosslessStringConvertible {
    public let description: String

    public init?(_ text: String) {
        let upper = text.uppercased()
        guard upper.utf8.count == 2, upper.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
        description = upper
    }
}

/// An ISO 639-1 code, lower case: `de`. The shape is checked, not the register.
public struct LanguageCode: Hashable, Sendable, LosslessStringConvertible {
    public let description: String

    public init?(_ text: String) {
        let lower = text.lowercased()
        guard lower.utf8.count == 2, lower.utf8.allSatisfy({ (97...122).contains($0) }) else { return nil }
        description = lower
    }

    public static let english = LanguageCode("en")!
}
