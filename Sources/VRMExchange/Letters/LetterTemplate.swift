/// A text with places to fill: `{{name}}`.
///
/// That is all there is; docs/decisions/0005-letter-templates.md says why. A line made of nothing but places whose values
/// are empty disappears, and so does a paragraph that loses all its lines. What fills a place is never read for places.
struct LetterTemplate: Hashable, Sendable {
    private let paragraphs: [[Line]]

    private typealias Line = [Piece]

    private enum Piece: Hashable, Sendable {
        case text(String)
        case place(String)
    }

    enum Failure: Error, Equatable {
        case unclosedPlace
        case badName
        case unknownPlace(String)
    }

    /// Reads a template. Paragraphs are set apart by empty lines.
    init(_ text: String) throws(Failure) {
        var paragraphs: [[Line]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                paragraphs.append([])
            } else {
                paragraphs[paragraphs.count - 1].append(try LetterTemplate.pieces(of: line))
            }
        }
        self.paragraphs = paragraphs.filter { !$0.isEmpty }
    }

    /// The names of its places.
    var places: Set<String> {
        Set(
            paragraphs.joined().joined().compactMap {
                if case .place(let name) = $0 { name } else { nil }
            })
    }

    /// The text with every place filled, paragraphs set apart by one empty line, no line end after the last.
    func filled(with values: [String: [LetterSegment]]) throws(Failure) -> [LetterSegment] {
        var whole: [LetterSegment] = []
        for paragraph in paragraphs {
            var lines: [[LetterSegment]] = []
            for line in paragraph {
                let filled = try LetterTemplate.fill(line, with: values)
                if !filled.isEmpty { lines.append(filled) }
            }
            guard !lines.isEmpty else { continue }
            if !whole.isEmpty { whole.append(.text("\n\n")) }
            whole += lines.joined(by: "\n")
        }
        return whole.merged
    }

    private static func fill(_ line: Line, with values: [String: [LetterSegment]]) throws(Failure) -> [LetterSegment] {
        var filled: [LetterSegment] = []
        for piece in line {
            switch piece {
            case .text(let text): filled.append(.text(text))
            case .place(let name):
                guard let value = values[name] else { throw .unknownPlace(name) }
                filled += value
            }
        }
        return filled
    }

    private static func pieces(of line: Substring) throws(Failure) -> Line {
        var pieces: Line = []
        var text: [UInt8] = []
        var rest = Array(line.utf8)[...]
        while let byte = rest.first {
            guard rest.starts(with: "{{".utf8) else {
                text.append(byte)
                rest.removeFirst()
                continue
            }
            rest.removeFirst(2)
            let name = rest.prefix { $0 != UInt8(ascii: "}") }
            rest = rest.dropFirst(name.count)
            guard rest.starts(with: "}}".utf8) else { throw .unclosedPlace }
            rest.removeFirst(2)
            guard !name.isEmpty, name.allSatisfy({ (97...122).contains($0) || $0 == UInt8(ascii: ".") }) else { throw .badName }
            if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
            text = []
            pieces.append(.place(String(decoding: name, as: UTF8.self)))
        }
        if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
        return pieces
    }
}
