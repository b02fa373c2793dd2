public import VRMModel

/// What is kept of a letter: its words, with a reference wherever a personal value stands.
///
/// The exact letter is put together again from it; removing a value removes it from every letter.
public struct LetterDraft: Hashable, Sendable {
    public enum Segment: Hashable, Sendable {
        case text(String)
        case version(RecordID)
    }
    public let subject: String
    /// The address it goes to, when it goes by mail.
    public let to: String?
    public let messageID: String
    /// The letter it follows, and all of its thread, the first one's first.
    public let inReplyTo: String?
    public let references: [String]
    public let date: Instant
    public let bundleFile: String
    public let segments: [Segment]
    public let fromName: RecordID?
    public let fromAddress: RecordID?

    public init(
        subject: String, to: String?, messageID: String, inReplyTo: String? = nil, references: [String] = [], date: Instant,
        bundleFile: String, segments: [Segment], fromName: RecordID?, fromAddress: RecordID?
    ) {
        self.subject = subject
        self.to = to
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.date = date
        self.bundleFile = bundleFile
        self.segments = segments
        self.fromName = fromName
        self.fromAddress = fromAddress
    }
}
