/// The quoted-printable encoding (RFC 2045 §6.7): what survives every mail system, trailing spaces included.
enum QuotedPrintable {
    /// Lines as they go out, at most 76 characters each, every one with its line end.
    ///
    /// A dot or `From ` at the start of a line is escaped too: some systems double the one and quote the other.
    static func encode(lines: [[UInt8]]) -> [UInt8] {
        var out: [UInt8] = []
        for line in lines {
            var length = 0
            for (index, byte) in line.enumerated() {
                let isLast = index == line.count - 1
                var letters = isSafe(byte, isLast: isLast) ? [byte] : escape(byte)
                // A line that goes on needs room for its "=".
                if length + letters.count > (isLast ? 76 : 75) {
                    out += [UInt8(ascii: "=")] + crlf
                    length = 0
                }
                if length == 0, byte == UInt8(ascii: ".") || line[index...].starts(with: "From ".utf8) { letters = escape(byte) }
                out += letters
                length += letters.count
            }
            out += crlf
        }
        return out
    }

    static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func isSafe(_ byte: UInt8, isLast: Bool) -> Bool {
        switch byte {
        case 9, 32: !isLast
        case UInt8(ascii: "="): false
        default: (33..<127).contains(byte)
        }
    }
}
