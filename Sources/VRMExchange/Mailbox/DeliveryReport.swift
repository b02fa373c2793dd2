import VRMMail

/// What a mail program says became of letters: a delivery report (RFC 3464), a read report (RFC 8098), or the notice that older
/// servers write as a daemon. Anybody can write such a mail.
struct DeliveryReport {
    enum Fate { case returned, arrived }

    let fate: Fate
    /// Every message id it quotes.
    let messageIDs: Set<String>

    /// Whether a message may be one, so that all of it is worth reading.
    static func isLikely(_ header: MessageHeader) -> Bool {
        let type = header.text("content-type").lowercased()
        if type.hasPrefix("multipart/report") {
            return type.contains("delivery-status") || type.contains("disposition-notification")
        }
        let warning = header.text("subject").lowercased()
        return isFromAMailServer(header) && !warning.contains("delay") && !warning.contains("warning")
    }

    /// Written by a mail server itself, under one of the names those have (RFC 2142 §5, RFC 5321 §4.5.5).
    static func isFromAMailServer(_ header: MessageHeader) -> Bool {
        guard let sender = header.first("from").flatMap({ MailAddress.list($0[...]).first }) else { return false }
        return ["mailer-daemon@", "postmaster@"].contains { sender.address.lowercased().hasPrefix($0) }
    }

    /// Nil while a server still tries, or passed the letter to one that sends no reports.
    init?(_ message: [UInt8]) {
        var found: Set<String> = []
        var action: String?
        var disposition: String?
        var isID = false
        for line in message.split(separator: UInt8(ascii: "\n")) {
            let start = String(decoding: line.prefix(20), as: UTF8.self).lowercased()
            let isFolded = line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
            isID = start.hasPrefix("message-id:") || start == "original-message-id:" || isID && isFolded
            if isID { found.formUnion(MessageIDs.list(line[...])) }
            if start.hasPrefix("action:") { action = DeliveryReport.word(line.dropFirst(7)) }
            // "automatic-action/MDN-sent-automatically; displayed", RFC 8098 §3.2.6.
            if start.hasPrefix("disposition:") {
                disposition = line.firstIndex(of: UInt8(ascii: ";")).map { DeliveryReport.word(line[($0 + 1)...]) } ?? ""
            }
        }
        switch (action, disposition) {
        case ("failed", _), (nil, nil): fate = .returned
        case ("delivered", _): fate = .arrived
        case (nil, "displayed"?), (nil, "processed"?), (nil, "dispatched"?), (nil, "deleted"?): fate = .arrived
        default: return nil
        }
        messageIDs = found
    }

    private static func word(_ rest: ArraySlice<UInt8>) -> String {
        let text = String(decoding: rest.prefix(40), as: UTF8.self).lowercased()
        return String(text.drop { !$0.isLetter }.prefix { $0.isLetter })
    }
}
