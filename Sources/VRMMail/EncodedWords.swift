/// Text of header fields with encoded words in it (RFC 2047).
public enum EncodedWords {
    /// Words that follow each other join without the space between them (§6.2), and within one character set also when a
    /// character was split between them, which §5 forbids and programs do. Bytes outside them are taken for UTF-8.
    ///
    /// White space is made one space, at the ends none.
    public static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        var pending: (charset: String, bytes: [UInt8])?
        var plain: [UInt8] = []
        func flushWord() {
            if let word = pending { text += Charset.decode(word.bytes, as: word.charset) }
            pending = nil
        }
        func flushPlain() {
            text += String(decoding: plain, as: UTF8.self)
            plain = []
        }
        var at = bytes.startIndex
        while at < bytes.endIndex {
            if bytes[at] == UInt8(ascii: "="), let (charset, word, end) = word(in: bytes[at...]) {
                if pending != nil, plain.allSatisfy(\.isBlank) {
                    plain = []
                    if pending?.charset != charset { flushWord() }
                } else {
                    flushWord()
                    flushPlain()
                }
                pending = (charset, (pending?.bytes ?? []) + word)
                at = end
            } else {
                if pending != nil, !bytes[at].isBlank {
                    flushWord()
                    flushPlain()
                }
                plain.append(bytes[at])
                at += 1
            }
        }
        flushWord()
        flushPlain()
        return text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }).joined(separator: " ")
    }

    /// `=?charset?encoding?text?=` at the start of `bytes`.
    private static func word(in bytes: ArraySlice<UInt8>) -> (charset: String, bytes: [UInt8], end: Int)? {
        let mark = UInt8(ascii: "?")
        guard bytes.starts(with: "=?".utf8), let first = bytes.dropFirst(2).prefix(80).firstIndex(of: mark),
            first + 2 < bytes.endIndex,
            bytes[first + 2] == mark
        else { return nil }
        let content = bytes[(first + 3)...]
        guard let end = content.firstIndex(of: mark), end + 1 < bytes.endIndex, bytes[end + 1] == UInt8(ascii: "=") else {
            return nil
        }
        let letters = content[..<end]
        guard letters.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        // A language may follow the name (RFC 2231 §5).
        let name = bytes[(bytes.startIndex + 2)..<first].prefix { $0 != UInt8(ascii: "*") }
        let decoded: [UInt8]
        switch bytes[first + 1].asciiLowered {
        case UInt8(ascii: "b"): decoded = TransferEncoding.base64(letters)
        case UInt8(ascii: "q"):
            decoded = TransferEncoding.quotedPrintable(letters.map { $0 == UInt8(ascii: "_") ? 32 : $0 } + [UInt8(ascii: ".")])
                .dropLast()
        default: return nil
        }
        return (String(decoding: name, as: UTF8.self).lowercased(), decoded, end + 2)
    }
}
