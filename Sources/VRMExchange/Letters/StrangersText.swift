/// Words somebody else chose, made safe to stand in a letter: they can neither steer a terminal, nor reverse the reading
/// direction of what follows, nor pass for a paragraph of the letter.
struct StrangersText {
    /// Not empty, trimmed, without control characters; cut where they are longer than asked.
    let lines: [String]

    /// The longest line kept: the companies register of the United Kingdom allows names of 160 characters.
    static let longestLine = 200

    init(_ text: String, longestLine: Int = StrangersText.longestLine) {
        var lines: [[Unicode.Scalar]] = [[]]
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
            case _ where StrangersText.isSpace(scalar):
                if lines[lines.count - 1].last != " " { lines[lines.count - 1].append(" ") }
            case _ where StrangersText.isHarmful(scalar): continue
            default: lines[lines.count - 1].append(scalar)
            }
        }
        self.lines = lines.compactMap { line in
            var line = line.drop { $0 == " " }
            while line.last == " " { line.removeLast() }
            guard line.count <= longestLine else {
                return StrangersText.string(line.prefix(longestLine - 1)) + "…"
            }
            return line.isEmpty ? nil : StrangersText.string(line)
        }
    }

    /// All of it on one line.
    var line: String { lines.joined(separator: " ") }

    /// White space as Unicode 16 has it, listed so that a letter rendered again is the same letter.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0B, 0x0C, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Controls, and the marks that change the reading direction (Unicode UAX #9) or hide.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
