public import VRMMail
public import VRMModel

/// A message that answers letters of ours, by its references. Who wrote it is another question.
public struct MailReply: Sendable {
    /// What a message is by its own marks.
    public enum Kind: Sendable {
        /// Somebody wrote it, as far as its header says.
        case written
        /// A machine answered (RFC 3834 §5).
        case automatic
        /// A mail program says that the letter arrived (RFC 3464), or was opened (RFC 8098).
        case arrival
        /// A mail server says that the letter could not be delivered, and brings its header along (RFC 3464, RFC 3834 §2).
        case bounce
        /// Something else of a mail server.
        case notice
    }

    /// Ids of our letters that it names.
    public let answers: [String]
    public let kind: Kind
    public let sender: MailAddress
    /// The registrable domain of the sender's address.
    public let domain: Domain?
    public let standing: MailSurvey.Standing
    /// The day it arrived.
    public let arrived: Day
    /// What its Date says.
    public let date: Instant?
    /// As people read it, at most 200 bytes.
    public let subject: String
    public let messageID: String?
    /// What could be signed answers, at most ``mostFiles``; nil when the message could not be taken apart.
    public let files: [[UInt8]]?
    /// SHA-256 of the whole message; nil when it was too large to read.
    public let digest: [UInt8]?
    /// Where the message stands alone in a file.
    public let file: String?

    static let mostFiles = 2
    static let subjectBytes = 200
}
