/// Every cap of reading mail, checked before the work it limits.
public enum MailLimits {
    /// All fields of one message. With ARC chains and a dozen hops real ones stay below 40 KiB.
    public static let headerBytes = 128 * 1024
    /// One physical line of a header. RFC 5322 §2.1.1 allows 998; programs that never fold write some thousands.
    public static let lineBytes = 32 * 1024
    /// Fields of one message.
    public static let fields = 1000
    /// Addresses in all of To and Cc. A longer list is a mass mailing that says nothing of the reader.
    public static let addresses = 500
    /// Nested comments in a structured field; counted, never recursed into.
    public static let commentDepth = 32
    /// A message that is read whole: the largest bundle in base64, a text, and room for what mail programs add.
    public static let messageBytes = 2 * 1024 * 1024
    /// Leaves and branches of one message. Each costs a pass over its bytes.
    public static let parts = 100
    /// A part in a part. Replies and forwards nest three or four.
    public static let partDepth = 8
    /// Web addresses of a List-Unsubscribe. Longer ones are no use to anybody.
    public static let addressBytes = 2048
}

/// Why a message is passed over. Holds nothing of it.
public enum MailFault: String, Error, Hashable, Sendable, CaseIterable {
    case headerTooLong = "header_too_long"
    case lineTooLong = "line_too_long"
    case tooManyFields = "too_many_fields"
    /// A line of the header that is neither a field nor the rest of one.
    case brokenField = "broken_field"
    /// A NUL or a bare CR in the header, which programs read in different ways.
    case strayControl = "stray_control"
    case tooManyAddresses = "too_many_addresses"
    /// No From, or no address in it.
    case noSender = "no_sender"
    /// More than one From, or more than one address in it (RFC 7489 §6.6.1 sets both aside).
    case severalSenders = "several_senders"
    /// No date, or one in the future.
    case noDate = "no_date"
    case messageTooLong = "message_too_long"
    case brokenMIME = "broken_mime"
    case tooManyParts = "too_many_parts"
    case tooDeep = "too_deep"
}
