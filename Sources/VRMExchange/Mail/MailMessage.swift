import VRMBundle
public import VRMModel

/// A letter on its way: one text, one file, in the format of RFC 5322 and RFC 2045–2047.
///
/// The same values give the same bytes for ever: the vault keeps the values and renders the message again. Nothing here
/// reads a clock, draws a random number, or depends on Unicode tables. Nothing is sent.
public struct MailMessage: Hashable, Sendable {
    public let from: Mailbox
    public let to: Mailbox
    public let subject: String
    public let date: Instant
    /// With its angle brackets: `<id@host>`.
    public let messageID: String
    public let inReplyTo: String?
    public let references: [String]
    /// Paragraphs are long lines, set apart by empty ones.
    public let text: String
    public let attachment: Attachment
    let boundary: String

    /// Who a message is from or to.
    public struct Mailbox: Hashable, Sendable {
        public let name: String?
        public let address: String

        public init(name: String? = nil, address: String) {
            self.name = name
            self.address = address
        }
    }

    public struct Attachment: Hashable, Sendable {
        /// ASCII letters, digits, `.`, `-` and `_`.
        public let name: String
        public let mediaType: String
        public let bytes: [UInt8]

        public init(name: String, mediaType: String = "application/json", bytes: [UInt8]) {
            self.name = name
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// Checks every value that goes into a header; a message that exists can be rendered.
    ///
    /// - Parameters:
    ///   - date: In a year from 1900 to 9999 (RFC 5322 §3.3).
    ///   - inReplyTo: The id of the message this one answers or reminds of.
    ///   - references: The ids of its thread, oldest first.
    ///   - boundarySeed: 1 to 40 ASCII letters and digits that set this message's parts apart.
    /// - Throws: The first value that cannot stand in a message.
    public init(
        from: Mailbox, to: Mailbox, subject: String, date: Instant, messageID: String, inReplyTo: String? = nil,
        references: [String] = [], text: String, attachment: Attachment, boundarySeed: String
    ) throws(MailFailure) {
        for mailbox in [from, to] {
            guard isMailAddress(mailbox.address) else { throw .badAddress }
            guard HeaderText.isAllowed(mailbox.name ?? "") else { throw .badName }
        }
        guard HeaderText.isAllowed(subject), !subject.isEmpty else { throw .badSubject }
        guard (1900...9999).contains(date.day.components.year) else { throw .badDate }
        guard MailMessage.isMessageID(messageID), inReplyTo.map(MailMessage.isMessageID) ?? true,
            references.allSatisfy(MailMessage.isMessageID)
        else { throw .badMessageID }
        guard (1...100).contains(attachment.name.utf8.count), attachment.name.utf8.allSatisfy({ $0.isIn("._-") })
        else { throw .badFileName }
        let type = attachment.mediaType.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard type.count == 2, attachment.mediaType.utf8.count <= 60,
            type.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isIn("+.-") } })
        else { throw .badMediaType }
        guard attachment.bytes.count <= Limits.fileBytes else { throw .attachmentTooLarge }
        guard text.utf8.count <= MailMessage.longestText else { throw .textTooLong }
        guard (1...40).contains(boundarySeed.utf8.count), boundarySeed.utf8.allSatisfy({ $0.isIn("") })
        else { throw .badBoundarySeed }
        self.from = from
        self.to = to
        self.subject = subject
        self.date = date
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.text = text
        self.attachment = attachment
        // "=_" occurs in neither quoted-printable nor base64 (RFC 2045 §6.7), so no part can hold the boundary.
        self.boundary = "=_vrm_\(boundarySeed)"
    }

    /// The longest text, in bytes. A letter with a long list of brands takes a tenth of it.
    public static let longestText = 128 * 1024

    /// `<left@right>`, ASCII without spaces or controls, at most 250 bytes (RFC 5322 §3.6.4, and room for what Exchange makes).
    private static func isMessageID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (5...250).contains(bytes.count), bytes.first == UInt8(ascii: "<"), bytes.last == UInt8(ascii: ">") else {
            return false
        }
        let sides = bytes[1..<(bytes.count - 1)].split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return sides.count == 2
            && sides.allSatisfy { side in
                !side.isEmpty && side.allSatisfy { $0 > 32 && $0 < 127 && !"<>\"(),:;\\".utf8.contains($0) }
            }
    }
}

/// Why a message cannot be made. Holds no data.
public enum MailFailure: Error, Equatable {
    case badAddress
    /// A display name with a control character.
    case badName
    /// Empty, or with a control character.
    case badSubject
    case badDate
    case badMessageID
    case badFileName
    case badMediaType
    case badBoundarySeed
    case attachmentTooLarge
    case textTooLong
}

extension UInt8 {
    /// An ASCII letter or digit, or one of `others`.
    func isIn(_ others: String) -> Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || others.utf8.contains(self)
    }
}
