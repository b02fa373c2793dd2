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
