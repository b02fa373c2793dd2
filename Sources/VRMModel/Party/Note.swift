/// What the person wrote down of a conversation, beside the signed messages. Nobody signed it: it is their word alone.
public struct Note: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    public let kind: Kind
    public let text: Private<String>
    /// When it was written down.
    public let at: Instant
    /// The day it happened.
    public let on: Day
    /// What somebody has to do now.
    public let owed: Owed?
    public var outcome: Outcome?

    public enum Kind: String, Sendable, CaseIterable {
        case call, promise, complaint, idea
        /// Somebody was sent to the company.
        case referral
    }

    public enum Side: String, Sendable, CaseIterable { case me, them }

    public struct Owed: Hashable, Sendable {
        public let by: Side
        public let until: Day?

        public init(by: Side, until: Day?) {
            self.by = by
            self.until = until
        }
    }

    /// What came of it: a promise kept or broken, an idea acted on or turned down, a referral that brought something or not.
    public struct Outcome: Hashable, Sendable {
        public let isKept: Bool
        public let on: Day
        public let text: Private<String>?

        public init(isKept: Bool, on: Day, text: Private<String>? = nil) {
            self.isKept = isKept
            self.on = on
            self.text = text
        }
    }

    public enum State: String, Sendable, CaseIterable {
        /// Nothing is waited for.
        case noted
        case open, overdue, kept, broken
    }

    public init(
        id: RecordID, relationship: RecordID, kind: Kind, text: Private<String>, at: Instant, on: Day, owed: Owed? = nil,
        outcome: Outcome? = nil
    ) {
        self.id = id
        self.relationship = relationship
        self.kind = kind
        self.text = text
        self.at = at
        self.on = on
        self.owed = owed
        self.outcome = outcome
    }

    public func state(on today: Day) -> State {
        if let outcome { return outcome.isKept ? .kept : .broken }
        if let until = owed?.until, until < today { return .overdue }
        return owed == nil && [.call, .complaint].contains(kind) ? .noted : .open
    }

    /// Kept, but after the day it was owed by.
    public var isKeptLate: Bool {
        guard let outcome, outcome.isKept, let until = owed?.until else { return false }
        return outcome.on > until
    }
}
