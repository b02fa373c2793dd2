/// A company's offer to an intent. (What the person offers a company are terms, ``OfferedTerms``.)
public struct Bid: Hashable, Sendable {
    public let id: RecordID
    public let intent: RecordID
    /// Who says so; proven only when ``isTrusted``.
    public let company: Origin
    public let made: Instant
    public let received: Instant
    public let bundle: RecordID
    /// Its signature was checked against a key known for the company.
    public let isTrusted: Bool
    public var declined: Day?
    /// The relationship that began when the company was shown something.
    public var relationship: RecordID?
    /// The ``Grant`` of each layer it was shown.
    public var shown: [RecordID]

    public init(
        id: RecordID, intent: RecordID, company: Origin, made: Instant, received: Instant, bundle: RecordID, isTrusted: Bool,
        declined: Day? = nil, relationship: RecordID? = nil, shown: [RecordID] = []
    ) {
        self.id = id
        self.intent = intent
        self.company = company
        self.made = made
        self.received = received
        self.bundle = bundle
        self.isTrusted = isTrusted
        self.declined = declined
        self.relationship = relationship
        self.shown = shown
    }
}
