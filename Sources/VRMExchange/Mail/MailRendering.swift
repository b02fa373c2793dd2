import VRMBundle
import VRMModel

extension MailMessage {
    /// The whole message, CRLF line ends, no line of the body above 76 characters.
    ///
    /// A header is folded at 78; only an address or message id that is longer by itself stays in one piece.
    public var rendered: [UInt8] {
        var header = MailHeader()
        header.add("From", HeaderText.mailbox(from))
        header.add("To", HeaderText.mailbox(to))
        header.add("Subject", HeaderText.words(subject))
        header.add("Date", [date.mailDate])
        header.add("Message-ID", [messageID])
        if let inReplyTo { header.add("In-Reply-To", [inReplyTo]) }
        if !references.isEmpty { header.add("References", references) }
        header.add("MIME-Version", ["1.0"])
        header.add("Content-Type", ["multipart/mixed;", "boundary=\"\(boundary)\""])
        var message = header.bytes + crlf

        var part = MailHeader()
        part.add("Content-Type", ["text/plain;", "charset=utf-8;", "format=flowed;", "delsp=no"])
        part.add("Content-Transfer-Encoding", ["quoted-printable"])
        message += Array("--\(boundary)\r\n".utf8) + part.bytes + crlf
        message += QuotedPrintable.encode(lines: FlowedText.lines(of: text))

        part = MailHeader()
        part.add("Content-Type", ["\(attachment.mediaType);", "name=\"\(attachment.name)\""])
        part.add("Content-Transfer-Encoding", ["base64"])
        part.add("Content-Disposition", ["attachment;", "filename=\"\(attachment.name)\""])
        message += Array("--\(boundary)\r\n".utf8) + part.bytes + crlf
        message += MailMessage.base64(attachment.bytes) + Array("--\(boundary)--\r\n".utf8)
        return message
    }

    /// Lines of 76 (RFC 2045 §6.8), each with its line end.
    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var letters = Base64URL.encode(bytes).utf8.map { letter in
            switch letter {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: letter
            }
        }
        while letters.count % 4 != 0 { letters.append(UInt8(ascii: "=")) }
        var lines: [UInt8] = []
        lines.reserveCapacity(letters.count + letters.count / 38 + 2)
        for start in stride(from: 0, to: letters.count, by: 76) {
            lines += letters[start..<min(start + 76, letters.count)]
            lines += crlf
        }
        return lines
    }
}

let crlf: [UInt8] = [13, 10]

extension Instant {
    /// `Tue, 16 Mar 2027 09:00:00 +0000` (RFC 5322 §3.3).
    fileprivate var mailDate: String {
        let parts = day.components
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day.weekday.rawValue]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = description.utf8.dropFirst(11).prefix(8)
        return "\(weekday), \(parts.day) \(months[parts.month - 1]) \(parts.year) \(String(decoding: time, as: UTF8.self)) +0000"
    }
}
