/// The law a request is made under, as far as deadlines and articles go. Not legal advice.
///
/// Regimes are data; what is here is only what they can say. See docs/decisions/0014-regimes-as-data.md.
public struct Regime: Hashable, Sendable {
    public let id: String
    public let name: String
    /// Whose residents have it without saying so.
    public let countries: Set<CountryCode>
    /// Which requests it knows, and the article of each.
    public let articles: [RequestKind: String]
    public let rights: Citation
    public let answers: [AnswerRule]
    public let acknowledgement: AcknowledgementRule?
    public let extensions: ExtensionRule?
    public let clock: ClockRule
    public let rollOver: RollOver?
    /// Whose public holidays count when they are not those of the company's place.
    public let holidayPlace: Place?
    public let complaint: ComplaintRoute

    public init(
        id: String, name: String, countries: Set<CountryCode>, articles: [RequestKind: String], rights: Citation,
        answers: [AnswerRule], acknowledgement: AcknowledgementRule?, extensions: ExtensionRule?, clock: ClockRule,
        rollOver: RollOver?, holidayPlace: Place?, complaint: ComplaintRoute
    ) {
        self.id = id
        self.name = name
        self.countries = countries
        self.articles = articles
        self.rights = rights
        self.answers = answers
        self.acknowledgement = acknowledgement
        self.extensions = extensions
        self.clock = clock
        self.rollOver = rollOver
        self.holidayPlace = holidayPlace
        self.complaint = complaint
    }

    /// How long a company has for a request of this kind; nil when the regime does not know the kind.
    public func answer(to kind: RequestKind) -> AnswerRule? { answers.first { $0.kinds.contains(kind) } }

    /// The kinds it knows, in the order of ``RequestKind``.
    public var kinds: [RequestKind] { RequestKind.allCases.filter { articles[$0] != nil } }
}

extension Regime {
    /// How long a company has to answer.
    public struct AnswerRule: Hashable, Sendable {
        public let kinds: Set<RequestKind>
        public let period: Period
        public let countsFrom: Start
        /// False when the law names no period for these kinds, and ``period`` is only what the person asks for.
        public let isBinding: Bool
        public let citation: Citation

        /// The day a period counts from, which itself is not counted.
        public enum Start: String, Sendable, CaseIterable { case receipt, sending }

        public init(kinds: Set<RequestKind>, period: Period, countsFrom: Start, isBinding: Bool, citation: Citation) {
            self.kinds = kinds
            self.period = period
            self.countsFrom = countsFrom
            self.isBinding = isBinding
            self.citation = citation
        }
    }

    /// How soon a company has to say that the request arrived.
    public struct AcknowledgementRule: Hashable, Sendable {
        public let kinds: Set<RequestKind>
        public let period: Period
        public let citation: Citation

        public init(kinds: Set<RequestKind>, period: Period, citation: Citation) {
            self.kinds = kinds
            self.period = period
            self.citation = citation
        }
    }

    /// When a company may take longer.
    public struct ExtensionRule: Hashable, Sendable {
        public let kinds: Set<RequestKind>
        /// The whole period, extension included, counted as the answer's; nil when the law leaves the length to the company,
        /// which then has to name a day.
        public let total: Period?
        public let needsReasons: Bool
        /// How long after sending it can still be announced; nil: until the answer is due.
        public let notice: Period?
        public let citation: Citation

        public init(kinds: Set<RequestKind>, total: Period?, needsReasons: Bool, notice: Period?, citation: Citation) {
            self.kinds = kinds
            self.total = total
            self.needsReasons = needsReasons
            self.notice = notice
            self.citation = citation
        }
    }

    /// What a question of the company does to the period, when it is asked without delay.
    public struct ClockRule: Hashable, Sendable {
        public enum Effect: String, Sendable, CaseIterable {
            /// Nothing.
            case runs
            /// The days from the question to the answer are added.
            case pauses
            /// As `pauses`, both days included.
            case pausesBothDays = "pauses-both-days"
            /// The period counts from the day of the answer.
            case restarts
        }
        public let identity: Effect
        public let scope: Effect
        /// The requests whose scope can be asked about; nil when it is all of them.
        public let scopeKinds: Set<RequestKind>?
        public let citation: Citation

        public init(identity: Effect, scope: Effect, scopeKinds: Set<RequestKind>? = nil, citation: Citation) {
            self.identity = identity
            self.scope = scope
            self.scopeKinds = scopeKinds
            self.citation = citation
        }

        public func effect(of clarification: Clarification, on kind: RequestKind) -> Effect {
            switch clarification {
            case .identity: identity
            case .scope: scopeKinds?.contains(kind) ?? true ? scope : .runs
            }
        }
    }

    /// On which last days a period runs on to the next working day.
    public struct RollOver: Hashable, Sendable {
        public let weekdays: Set<Weekday>
        public let holidays: Bool
        public let citation: Citation

        public init(weekdays: Set<Weekday>, holidays: Bool, citation: Citation) {
            self.weekdays = weekdays
            self.holidays = holidays
            self.citation = citation
        }
    }

    /// What the person can do when no answer comes, or none that satisfies.
    public struct ComplaintRoute: Hashable, Sendable {
        public enum Step: String, Sendable, CaseIterable {
            case authority
            /// A complaint to the company itself, which has to come first.
            case company
            /// An appeal to the company against its refusal.
            case appeal
        }
        /// In this order.
        public let steps: [Step]
        public let authority: String
        /// Those the one authority of this law reads, the most usual first; empty where a directory has to tell.
        public let languages: [LanguageCode]
        public let citation: Citation
        /// How the authority wants to be written to, where a letter alone does not do.
        public let filing: Filing?

        /// A form a complaint has to have, in words for the person who makes it.
        public struct Filing: Hashable, Sendable {
            public let words: String
            public let citation: Citation

            public init(words: String, citation: Citation) {
                self.words = words
                self.citation = citation
            }
        }

        public init(
            steps: [Step], authority: String, languages: [LanguageCode] = [], citation: Citation, filing: Filing? = nil
        ) {
            self.steps = steps
            self.authority = authority
            self.languages = languages
            self.citation = citation
            self.filing = filing
        }
    }
}
