public import VRMModel

/// All a letter says, apart from the person's own values, which it only refers to.
///
/// ``companyName``, ``companyAddress``, ``runs`` and the labels may be a stranger's words out of a directory: they are made harmless when
/// the letter is composed, and never read as a template.
public struct LetterFacts: Hashable, Sendable {
    public var kind: LetterKind
    public var language: LanguageCode
    /// The person's own short id of the request, grant or offer. Stands in the subject.
    public var reference: String
    /// The day of the letter.
    public var date: Day
    public var companyName: String
    public var companyAddress: String?
    /// Brands and companies it says it runs.
    public var runs: [String] = []
    /// Needed but for a grant, its end and an offer: those can be made where no law is known, and then cite none.
    public var regimeID: String? = "gdpr"
    /// As ``Regime/articles`` has it: `Art. 15 GDPR`. Needed for a rights request.
    public var article: String?
    /// How long the company has. Needed for a rights request.
    public var answer: Regime.AnswerRule?
    /// Whether the law lets the company take longer.
    public var canBeExtended = false
    /// The last day to answer. Needed for a rights request, allowed for a revocation.
    public var deadline: Day?
    /// What the company can find the person by, and no more than it needs. A rights request has at least one.
    public var identifiers: [Item] = []
    /// Whether the person's postal address stands in the head.
    public var hasAddress = false
    /// Whether the person's e-mail address stands in the head.
    public var hasEmail = true
    public var bundleFile: String
    /// The digest of the signed file's bytes, 64 lower-case hexadecimal digits.
    public var bundleSHA256Hex: String
    /// What a grant or revocation is about.
    public var items: [Item] = []
    /// What a grant or revocation is for, or what terms permit.
    public var purposes: [Purpose] = []
    /// The last day a grant holds or an offer stands.
    public var until: Day?
    public var basis: LegalBasis?
    /// The terms offered, or those a grant stands under.
    public var terms: TermsID?
    /// The grant a revocation ends, or whose data is to be erased.
    public var ended: EndedGrant?
    /// What a rectification is about.
    public var changes: [Change] = []

    /// A value that is to be replaced. It is referred to as `new.` and the name of the item, the one before as `old.`.
    public struct Change: Hashable, Sendable {
        public let item: Item
        /// Whether the value the company holds is known.
        public let hasOld: Bool

        public init(_ item: Item, hasOld: Bool) {
            self.item = item
            self.hasOld = hasOld
        }
    }
    /// The earlier answer of the company's that an access or erasure request comes of.
    public var answered: Answered?

    /// An answer to an earlier request, and what it shows or lacks.
    public struct Answered: Hashable, Sendable {
        public enum Shown: Hashable, Sendable {
            /// A field, as the company calls it: a stranger's words.
            case field(String)
            case item(Item)
        }

        public let reference: String
        public let shows: [Shown]

        /// The most that are named; a letter is no list of thousands.
        public static let mostNamed = 40

        public init(reference: String, shows: [Shown]) {
            self.reference = reference
            self.shows = shows
        }
    }
    /// The request a further letter is about.
    public var matter: Matter?

    /// A piece of data, named and not told. The value of an identifier is referred to as `identifier.` and the name.
    public struct Item: Hashable, Sendable {
        public let name: DataItemName
        /// Words to call it by instead of the usual ones, for example the company's own.
        public let label: String?

        public init(_ name: DataItemName, label: String? = nil) {
            self.name = name
            self.label = label
        }
    }

    /// A request as a further letter tells of it.
    public struct Matter: Hashable, Sendable {
        public let kind: RequestKind
        public let sent: Day
        /// When the answer was or is due; nil when no law says.
        public var due: Day?
        public var isPast = false
        /// Whether the law wants an appeal to the company next, before a complaint.
        public var appealComes = false
        /// The last answer, where there is one, and its day.
        public var answer: Event? { timeline.last { $0.kind.isAnswer } }
        /// What happened to it, in order.
        public var timeline: [Event]
        /// Whom a complaint is about, where the letter goes to somebody else.
        public var controllerName = ""
        public var controllerAddress: String?
        /// Where the law has complaints.
        public var complaintArticle = ""

        public struct Event: Hashable, Sendable {
            public let kind: RequestEvent.Kind
            public let day: Day
            /// The letter whose sending it is, where it is one.
            public let letter: FollowUp.Kind?
            /// What a question of the company, or the answer to it, was about.
            public let about: Clarification

            public init(
                _ kind: RequestEvent.Kind, on day: Day, letter: FollowUp.Kind? = nil, about: Clarification = .identity
            ) {
                self.kind = kind
                self.day = day
                self.letter = letter
                self.about = about
            }
        }

        public init(_ kind: RequestKind, sent: Day, timeline: [Event]) {
            self.kind = kind
            self.sent = sent
            self.timeline = timeline
        }
    }

    public struct EndedGrant: Hashable, Sendable {
        public let reference: String
        public let made: Day
        /// The reference of the notice that ended it, when this letter is not that notice.
        public let notice: String?

        public init(reference: String, made: Day, notice: String? = nil) {
            self.reference = reference
            self.made = made
            self.notice = notice
        }
    }

    public init(
        kind: LetterKind, language: LanguageCode, reference: String, date: Day, companyName: String, bundleFile: String,
        bundleSHA256Hex: String
    ) {
        self.kind = kind
        self.language = language
        self.reference = reference
        self.date = date
        self.companyName = companyName
        self.bundleFile = bundleFile
        self.bundleSHA256Hex = bundleSHA256Hex
    }
}

/// Why no letter can be made of these facts. Says what is amiss, never the text.
public enum LetterFailure: Error, Equatable {
    /// Letters are written in ``Letter/languages`` only.
    case languageNotWritten
    case unknownRegime
    case noArticle
    case noDeadline
    case noIdentifier
    case noItems
    /// A rectification of nothing.
    case noChanges
    case noPurpose
    case noLastDay
    case noTerms
    /// A revocation that names no grant, or the erasure after it that does not name the notice.
    case noGrant
    /// A further letter about no request.
    case noMatter
    case noCompanyName
    /// Not 1 to 40 ASCII letters, digits and hyphens.
    case badReference
    /// Not 1 to 100 ASCII letters, digits, `.`, `-` and `_`.
    case badFileName
    /// Not 64 lower-case hexadecimal digits.
    case badDigest
    /// A template of this program is broken.
    case brokenTemplate
}
