/// The person's own facts for letters, regime and authority, and no more than they need.
public enum PersonFact: String, Sendable, CaseIterable {
    case name, email, address, country, language

    /// Whether `value` can be this fact; the answer is why not.
    public func refusal(of value: String) -> FactRefusal? {
        switch self {
        case .country where CountryCode(value) == nil: .notACountry
        case .language where LanguageCode(value) == nil: .notALanguage
        case .email where !isMailAddress(value): .notAnAddress
        case _ where value.isEmpty: .empty
        case .name where value.utf8.contains { $0 < 32 }: .controlCharacters
        default: nil
        }
    }
}

public enum FactRefusal: Error, Equatable {
    case notACountry, notALanguage, notAnAddress, empty, controlCharacters
}

/// Whether a text can stand as an addr-spec in a header: one `@`, a host name after it, no space, no control,
/// none of the characters that would need quoting (RFC 5321 §4.1.2, the unquoted form).
public func isMailAddress(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].count), text.utf8.count <= 254 else { return false }
    let special = Set("()<>[]:;,\\\" \u{7F}".utf8)
    return parts[0].allSatisfy { $0 > 32 && $0 < 127 && !special.contains($0) }
        && Domain(String(decoding: parts[1], as: UTF8.self)) != nil
}
