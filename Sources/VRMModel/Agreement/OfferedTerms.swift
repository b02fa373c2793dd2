/// Terms proffered to one company, and what it answered. Refusal and silence are records too.
public struct OfferedTerms: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    public let terms: TermsID
    public let language: LanguageCode
    public let sha256: [UInt8]
    public let purposes: Set<Purpose>
    public let made: Instant
    /// The first moment the offer no longer stands.
    public let ends: Instant
    /// The bundle that carries it.
    public let bundle: RecordID
    public var sent: Day?
    public var answer: Answer?
    /// The intent they were offered in, to whoever answers it. Then they cover what is shown of it and nothing else.
    public let intent: RecordID?

    /// How long an offer stands: two years at most (docs/spec/bundle.md, §5).
    public static let longestLife: Int64 = 2 * 365 * 86_400

    public struct Answer: Hashable, Sendable {
        public let decision: Decision
        public let at: Instant
        /// The company's signed bundle.
        public let bundle: RecordID

        public init(decision: Decision, at: Instant, bundle: RecordID) {
            self.decision = decision
            self.at = at
            self.bundle = bundle
        }
    }

    public enum Decision: String, Sendable, CaseIterable { case accepted, rejected, counter }

    public init(
        id: RecordID, relationship: RecordID, terms: Terms, made: Instant, ends: Instant, bundle: RecordID,
        answer: Answer? = nil, intent: RecordID? = nil
    ) {
        self.init(
            id: id, relationship: relationship, terms: terms.id, language: terms.language, sha256: terms.sha256,
            purposes: terms.purposes, made: made, ends: ends, bundle: bundle, answer: answer, intent: intent)
    }

    public init(
        id: RecordID, relationship: RecordID, terms: TermsID, language: LanguageCode, sha256: [UInt8],
        purposes: Set<Purpose>, made: Instant, ends: Instant, bundle: RecordID, sent: Day? = nil, answer: Answer? = nil,
        intent: RecordID? = nil
    ) {
        self.id = id
        self.relationship = relationship
        self.terms = terms
        self.language = language
        self.sha256 = sha256
        self.purposes = purposes
        self.made = made
        self.ends = ends
        self.bundle = bundle
        self.sent = sent
        self.answer = answer
        self.intent = intent
    }

    /// The basis a grant under these terms names.
    public var basis: LegalBasis { answer?.decision == .accepted ? .contract : .consent }

    /// Makes a grant under these terms, or says why they do not allow it.
    ///
    /// Silence is enough: terms the company has rejected refuse every grant, accepted ones bind it.
    public func grant(
        _ items: [Grant.Item], for purpose: Purpose, through lastDay: Day, at now: Instant, id: RecordID, bundle: RecordID
    ) throws(GrantRefusal) -> Grant {
        let ends = lastDay.adding(days: 1).start
        guard !items.isEmpty else { throw .noItems }
        guard answer?.decision != .rejected else { throw .termsRejected }
        guard purposes.contains(purpose) else { throw .purposeNotOffered(purpose) }
        guard ends > now else { throw .alreadyOver(lastDay) }
        guard ends.seconds - now.seconds <= Grant.longestLife else {
            throw .tooLong(latest: now.adding(seconds: Grant.longestLife).day.adding(days: -1))
        }
        guard ends <= self.ends else { throw .outlivesTerms(ends: self.ends.day) }
        return Grant(
            id: id, relationship: relationship, offer: self.id, items: items, purpose: purpose, basis: basis, made: now,
            ends: ends, bundle: bundle)
    }
}

/// Why offered terms refuse a grant. Carries purposes and dates; never the data itself.
public enum GrantRefusal: Error, Equatable {
    case noItems
    case termsRejected
    case purposeNotOffered(Purpose)
    case alreadyOver(Day)
    case tooLong(latest: Day)
    case outlivesTerms(ends: Day)
}
