public import VRMMail
public import VRMModel

/// A message that answers letters of ours, by its references. Who wrote it is another question.
public struct MailReply: Sendable {
    /// Ids of our letters that it names.
    public let answers: [String]
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
    /// It says that the letter could not be delivered, and brings the letter's header along (RFC 3464, RFC 3834 §2).
    public let isBounce: Bool
    /// Where the message stands alone in a file.
    public let file: String?

    static let mostFiles = 2
    static let subjectBytes = 200
}
