public import VRMModel

/// What a letter is for.
public enum LetterKind: String, Sendable, CaseIterable {
    /// A rights request: a copy of the data, Art. 15 GDPR.
    case access
    /// A rights request: erase the data, Art. 17 GDPR.
    case erasure
    /// A rights request: erase what was received under a grant that ended, Art. 17 GDPR.
    case grantErasure = "grant-erasure"
    /// A rights request: put the right value in place of the wrong one, Art. 16 GDPR.
    case rectification
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
        case .access, .erasure, .grantErasure, .rectification, .objection, .restriction, .portability, .optOutOfSale: true
        default: false
        }
    }

    /// The letter that exercises a right.
    ///
    /// - Parameter ofGrant: The request is about a grant that ended, not about everything.
    public init(_ kind: RequestKind, ofGrant: Bool = false) {
        self =
            switch kind {
            case .access: .access
            case .erasure: ofGrant ? .grantErasure : .erasure
            case .rectification: .rectification
            case .objection: .objection
            case .restriction: .restriction
            case .portability: .portability
            case .optOutOfSale: .optOutOfSale
            }
    }

    /// Is about a request that was made before.
    public var isFollowUp: Bool { FollowUp.Kind(rawValue: rawValue) != nil }

    public init?(_ kind: FollowUp.Kind) { self.init(rawValue: kind.rawValue) }
}

/// A language the letters are written in.
enum LetterLanguage: String, CaseIterable {
    case en, de, fr
}
