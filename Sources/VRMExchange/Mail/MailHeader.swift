/// Header fields as they are written, folded (RFC 5322 §2.2.3).
struct MailHeader {
    private(set) var bytes: [UInt8] = []

    /// Adds one field. A line may break before any of the words but the first; a word itself is never broken.
    mutating func add(_ name: String, _ words: [String]) {
        var line = "\(name):".utf8.count
        bytes += "\(name):".utf8
        for (index, word) in words.enumerated() {
            if index > 0, line + 1 + word.utf8.count > MailHeader.width {
                bytes += crlf
                line = 0
            }
            bytes.append(UInt8(ascii: " "))
            bytes += word.utf8
            line += 1 + word.utf8.count
        }
        bytes += crlf
    }

    /// RFC 5322 §2.1.1 asks for 78; a line with an encoded word has at most 76 (RFC 2047 §2).
    static let width = 76
}

/// Text in a header: as it is where that is safe, else in encoded words (RFC 2047).
enum HeaderText {
    /// No control character, so that no text can start a header field of its own. The newer line ends of Unicode are
    /// refused as well: programs that split lines by them would see one.
    static func isAllowed(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.value >= 32 && !(0x7F..<0xA0).contains($0.value) && $0.value != 0x2028 && $0.value != 0x2029
        } && text.utf8.count <= longestText
    }

    /// The longest text, in bytes.
    static let longestText = 1000

    /// A subject: words to fold between.
    static func words(_ text: String) -> [String] {
        let words = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard isPlain(text), words.allSatisfy({ (1...longestWord).contains($0.count) }) else { return encoded(text) }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A mailbox: a phrase or quoted string, then the address in angle brackets.
    static func mailbox(_ mailbox: MailMessage.Mailbox) -> [String] {
        guard let name = mailbox.name, !name.isEmpty else { return [mailbox.address] }
        let address = "<\(mailbox.address)>"
        guard isPlain(name), name.utf8.count <= longestWord else { return encoded(name) + [address] }
        if name.utf8.allSatisfy({ $0.isIn("!#$%&'*+-/=?^_`{|}~ ") }), !name.hasPrefix(" "), !name.hasSuffix(" "),
            !name.utf8.containsDoubleSpace
        {
            return [name, address]
        }
        let quoted = name.utf8.flatMap { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), $0] : [$0] }
        return ["\"\(String(decoding: quoted, as: UTF8.self))\"", address]
    }

    /// A longer word would make the first line too long after `Subject: `.
    private static let longestWord = 66

    /// ASCII that no reader takes for an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.allSatisfy { (32..<127).contains($0) }
            && !zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "=") && $1 == UInt8(ascii: "?") }
    }

    /// Encoded words in the Q encoding, in the form that is safe within a phrase (RFC 2047 §5(3)). Each is short enough
    /// for the first line of any field used here, and none splits a character.
    private static func encoded(_ text: String) -> [String] {
        let (start, end) = ("=?utf-8?Q?", "?=")
        var words: [String] = []
        var word: [UInt8] = []
        for scalar in text.unicodeScalars {
            let letters = String(scalar).utf8.flatMap { byte in
                byte == 32 ? [UInt8(ascii: "_")] : byte.isIn("!*+-/") ? [byte] : QuotedPrintable.escape(byte)
            }
            if start.utf8.count + word.count + letters.count + end.utf8.count > longestWord {
                words.append(start + String(decoding: word, as: UTF8.self) + end)
                word = []
            }
            word += letters
        }
        return words + [start + String(decoding: word, as: UTF8.self) + end]
    }
}

extension String.UTF8View {
    fileprivate var containsDoubleSpace: Bool { zip(self, dropFirst()).contains { $0 == 32 && $1 == 32 } }
}
