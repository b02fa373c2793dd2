/// What a letter is for.
public enum LetterKind: String, Sendable, CaseIterable {
    /// A rights request: a copy of the data, Art. 15 GDPR.
    case access
    /// A rights request: erase the data, Art. 17 GDPR.
    case erasure
    /// The end of a grant.
    case revocation
    /// The plain-language twin of a terms offer.
    case terms
    /// The plain-language twin of a grant.
    case grant

    /// Exercises a right the law gives: needs an article, a deadline and something to find the person by.
    public var isRightsRequest: Bool { self == .access || self == .erasure }
}

/// A language the letters are written in.
enum LetterLanguage: String, CaseIterable {
    case en, de
}
