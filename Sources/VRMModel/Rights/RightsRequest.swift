/// A right exercised against one company under one regime, with what is known of its fate.
public struct RightsRequest: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    public let kind: RequestKind
    public let regime: String
    public let language: LanguageCode
    public let made: Instant
    /// What the letter and the bundle identify the person by.
    public let identifiedBy: [Identifier]
    public let bundle: RecordID
    public let letter: RecordID
    /// What is known of its fate.
    public private(set) var history: RequestHistory
    /// The day an answer is due by the person's word instead of the rule's.
    public var answerBy: DeadlineOverride?
    /// The command that made it.
    public var command = RightsRequest.usualCommand
    /// The grants it is about; none: everything the company holds.
    public var grants: [RecordID] = []
    /// What a rectification puts right.
    public var corrections: [Correction] = []
    /// The person's own facts in its letter, as ``DataVersion``s.
    public var told: [RecordID] = []

    public static let usualCommand = "request new"

    /// A value in place of another.
    public struct Correction: Hashable, Sendable {
        public let name: DataItemName
        /// What the company was told it holds.
        public let old: Old
        /// The ``DataVersion`` that is right.
        public let new: RecordID

        public enum Old: Hashable, Sendable {
            case unknown
            /// A value that is none of the item's.
            case another
            case version(RecordID)
        }

        public init(name: DataItemName, old: Old, new: RecordID) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    /// A member of the bundle's `subject`, and where its value is kept.
    public struct Identifier: Hashable, Sendable {
        public let name: DataItemName
        /// The ``DataVersion`` the value came from; nil for a login the relationship knows.
        public let version: RecordID?

        public init(name: DataItemName, version: RecordID?) {
            self.name = name
            self.version = version
        }
    }

    public init(
        id: RecordID, relationship: RecordID, kind: RequestKind, regime: String, language: LanguageCode, made: Instant,
        identifiedBy: [Identifier], bundle: RecordID, letter: RecordID, events: [RequestEvent] = [],
        answerBy: DeadlineOverride? = nil
    ) throws(RequestRefusal) {
        self.id = id
        self.relationship = relationship
        self.kind = kind
        self.regime = regime
        self.language = language
        self.made = made
        self.identifiedBy = identifiedBy
        self.bundle = bundle
        self.letter = letter
        // It may have left before it was written down.
        history = try RequestHistory(made: min(made.day, events.first?.day ?? made.day), events)
        self.answerBy = answerBy
    }

    /// The versions that its bundle's Disclosures came from, one for each; nil where it is no version of an item.
    public var disclosed: [RecordID?] {
        identifiedBy.map(\.version)
            + corrections.flatMap { correction -> [RecordID?] in
                switch correction.old {
                case .unknown: [nil, correction.new]
                case .another: [nil, nil, correction.new]
                case .version(let old): [nil, old, correction.new]
                }
            }
    }

    /// The versions the company gets to know by it.
    public var versions: [RecordID] {
        var versions: [RecordID] = []
        for case let id? in disclosed + told where !versions.contains(id) { versions.append(id) }
        return versions
    }

    /// The company did what was asked, and nothing since says otherwise.
    public var isFulfilled: Bool {
        guard [.fulfilled, .confirmed].contains(history.state) else { return false }
        return history.events.last { $0.kind.isAnswer }?.kind == .fulfilled
    }

    /// The day of the answer that counts.
    public var answered: Day? { history.events.last { $0.kind.isAnswer }?.day }

    /// The day it last left.
    public var sent: Day? { history.events.last { $0.kind == .sent }?.day }

    /// The event of a first sending that was written down when the request was made, or on the day it names.
    public static func sending(on day: Day, made: Instant) -> RequestEvent {
        RequestEvent(.sent, on: day, recorded: max(made, day.start))
    }

    /// - Throws: ``RequestRefusal``.
    public mutating func add(_ event: RequestEvent) throws(RequestRefusal) { try history.add(event) }

    /// Takes back what was written down last; nil when there is nothing.
    public mutating func takeBack() -> RequestEvent? { history.removeLast() }

    /// How it stands on a day.
    ///
    /// - Parameter deadline: Nil when the law is not known, and so nothing is overdue.
    public func standing(on today: Day, _ deadline: Deadline?) -> Standing {
        let state = history.state
        guard let deadline, isLate(on: today, deadline), ![.reminded, .complained, .reopened].contains(state) else {
            return .at(state)
        }
        return .overdue
    }

    /// Whether the answer is owed since before today.
    public func isLate(on today: Day, _ deadline: Deadline) -> Bool {
        history.state.awaitsAnswer && deadline.stoppedSince == nil && today > deadline.answerBy
    }

    /// A state, or that the answer to it is overdue and nothing was done about that.
    public enum Standing: Hashable, Sendable, CustomStringConvertible {
        case at(RequestState)
        case overdue

        public var description: String {
            switch self {
            case .at(let state): state.rawValue
            case .overdue: "overdue"
            }
        }
    }
}
