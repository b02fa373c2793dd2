/// Something that should not be after a company said it erased everything: the case may have to be opened again.
///
/// It is an alarm, not a finding: a bill the law makes the company keep is mail as well. The person decides.
public struct Contradiction: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    /// The erasure that was said to be done.
    public let request: RecordID
    public let source: Source
    /// The day it shows.
    public let on: Day
    public let at: Instant
    /// The day the person said that it is none.
    public var dismissed: Day?

    public enum Source: String, Sendable, CaseIterable {
        /// They wrote again.
        case mail
        /// An access reply of theirs holds data.
        case reply
        /// An account there turned up.
        case account
        /// The person saw data of theirs with it again: in a directory, a register, on a page.
        case find
    }

    /// Mail that was under way when the data went.
    public static let graceDays = 2

    public init(
        id: RecordID, relationship: RecordID, request: RecordID, source: Source, on: Day, at: Instant, dismissed: Day? = nil
    ) {
        self.id = id
        self.relationship = relationship
        self.request = request
        self.source = source
        self.on = on
        self.at = at
        self.dismissed = dismissed
    }
}
