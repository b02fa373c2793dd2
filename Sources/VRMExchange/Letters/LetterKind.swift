public import VRMModel

/// What a letter is for.
public enum LetterKind: String, Sendable, CaseIterable {
    /// A rights request: a copy of the data, Art. 15 GDPR.
    case access
    /// A rights request: erase the data, Art. 17 GDPR.
    case erasure
    /// A rights request: stop processing, Art. 21 GDPR.
    case objection
    /// A rights request: keep and do nothing else, Art. 18 GDPR.
    case restriction
    /// A rights request: the data in a form to take along, Art. 20 GDPR.
    case portability
    /// A rights request: sell nothing, Cal. Civ. Code § 1798.120 and its like.
    case optOutOfSale = "opt-out-of-sale"
    /// The end of a grant.
    case revocation
    /// The plain-language twin of a terms offer.
    case terms
    /// The plain-language twin of a grant.
    case grant

    /// A further letter about a request.
    case reminder, admonition
    case identityDispute = "identity-dispute"
    case channelDispute = "channel-dispute"
    case excessiveDispute = "excessive-dispute"
    case languageDispute = "language-dispute"
    case appeal
    case companyComplaint = "company-complaint"
    /// To the supervisory authority.
    case complaint

    /// Exercises a right the law gives: needs an article, a deadline and something to find the person by.
    public var isRightsRequest: Bool {
        switch self {
        case .access, .erasure, .objection, .restriction, .portability, .optOutOfSale: true
        default: false
        }
    }

    /// Is about a request that was made before.
    public var isFollowUp: Bool { FollowUp.Kind(rawValue: rawValue) != nil }

    /// The letter that exercises a right; nil for rectification, which none is written for yet.
    public init?(_ kind: RequestKind) { self.init(rawValue: kind.rawValue) }

    public init?(_ kind: FollowUp.Kind) { self.init(rawValue: kind.rawValue) }
}

/// A language the letters are written in.
enum LetterLanguage: String, CaseIterable {
    case en, de, fr
}
