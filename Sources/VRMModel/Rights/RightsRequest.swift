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
    public var sent: Day?

    public enum State: String, Sendable, CaseIterable { case made, sent, overdue }

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
        identifiedBy: [Identifier], bundle: RecordID, letter: RecordID, sent: Day? = nil
    ) {
        self.id = id
        self.relationship = relationship
        self.kind = kind
        self.regime = regime
        self.language = language
        self.made = made
        self.identifiedBy = identifiedBy
        self.bundle = bundle
        self.letter = letter
        self.sent = sent
    }

    /// What is known of its fate. It may have left before it was written down.
    public var history: RequestHistory {
        var history = RequestHistory(made: min(made.day, sent ?? made.day))
        // Cannot be refused: a first sending, on no day before the request.
        if let sent { try? history.add(RequestEvent(.sent, on: sent, recorded: max(made, sent.start))) }
        return history
    }

    /// - Parameter answerBy: Nil when the law is not known, and so nothing is overdue.
    public func state(on today: Day, answerBy: Day?) -> State {
        guard sent != nil else { return .made }
        return answerBy.map { today > $0 } ?? false ? .overdue : .sent
    }
}
