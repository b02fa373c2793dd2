/// One message between the person and a company, of either side. Its text is in its bundle.
public struct Correspondence: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    public let kind: MessageKind
    /// When it was signed.
    public let at: Instant
    public let bundle: RecordID
    public let isReceived: Bool
    /// The message it answers.
    public let answers: RecordID?
    public let answerWantedBy: Day?
    public var sent: Day?

    public init(
        id: RecordID, relationship: RecordID, kind: MessageKind, at: Instant, bundle: RecordID, isReceived: Bool,
        answers: RecordID?, answerWantedBy: Day?, sent: Day? = nil
    ) {
        self.id = id
        self.relationship = relationship
        self.kind = kind
        self.at = at
        self.bundle = bundle
        self.isReceived = isReceived
        self.answers = answers
        self.answerWantedBy = answerWantedBy
        self.sent = sent
    }
}
