/// Paragraphs wrapped for plain-text mail so that a reader can flow them again (RFC 3676, `format=flowed; delsp=no`).
enum FlowedText {
    /// Counted in Unicode scalars, with the space at the end and the stuffed one: what counts as a character on screen
    /// changes between versions of Unicode, and the same text has to give the same bytes for ever.
    static let width = 76

    /// The lines of `text` without line ends. Those that end in a space flow on; a word longer than a line stays whole.
    ///
    /// CR, LF and CRLF end a line of `text`; spaces at its end are dropped, since they would make it flow on.
    static func lines(of text: String) -> [[UInt8]] {
        paragraphs(of: text).flatMap(wrap).map(stuff)
    }

    private typealias Scalars = ArraySlice<Unicode.Scalar>

    private static func paragraphs(of text: String) -> [Scalars] {
        var paragraphs: [[Unicode.Scalar]] = [[]]
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r": paragraphs.append([])
            default: paragraphs[paragraphs.count - 1].append(scalar)
            }
            previous = scalar
        }
        return paragraphs.map { paragraph in
            var paragraph = paragraph[...]
            while paragraph.last == " " { paragraph.removeLast() }
            return paragraph
        }
    }

    /// Breaks after spaces, which stay at the end of the line they follow.
    private static func wrap(_ paragraph: Scalars) -> [Scalars] {
        var lines: [Scalars] = []
        var rest = paragraph
        while !rest.isEmpty {
            var line = rest.prefix { $0 == " " }
            while line.endIndex < rest.endIndex {
                let word = rest[line.endIndex...].prefix { $0 != " " }
                let spaces = rest[word.endIndex...].prefix { $0 == " " }
                let longer = rest[rest.startIndex..<spaces.endIndex]
                // "-- " would start a signature (RFC 3676 §4.3), so it never stands alone.
                guard longer.count < width || line.allSatisfy({ $0 == " " }) || line.elementsEqual("-- ".unicodeScalars)
                else { break }
                line = longer
            }
            lines.append(line)
            rest = rest[line.endIndex...]
        }
        return lines.isEmpty ? [[]] : lines
    }

    /// Space-stuffs (§4.4): a reader drops one space at the start, and quotes, `From ` and spaces survive.
    private static func stuff(_ line: Scalars) -> [UInt8] {
        let bytes = line.flatMap { Array(String($0).utf8) }
        let needsSpace = bytes.first == 32 || bytes.first == UInt8(ascii: ">") || bytes.starts(with: "From ".utf8)
        return needsSpace ? [32] + bytes : bytes
    }
}
