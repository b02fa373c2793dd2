public import VRMModel

/// A stretch of a letter.
public enum LetterSegment: Hashable, Sendable {
    case text(String)
    /// A personal value by its key: `me.name`, `me.address`, `me.email`, or `identifier.` and an item name.
    case personal(String)
}

/// A letter to a company, with the person's values referred to and not contained.
///
/// The vault keeps it this way, so that deleting a value reaches the letters too. Paragraphs are long lines, set apart by
/// empty ones; ``MailMessage`` wraps them.
public struct Letter: Hashable, Sendable {
    /// Never holds a personal value.
    public let subject: String
    public let segments: [LetterSegment]

    /// A letter as it was kept.
    public init(subject: String, segments: [LetterSegment]) {
        self.subject = subject
        self.segments = segments
    }

    /// The languages letters are written in.
    public static let languages: [LanguageCode] = LetterLanguage.allCases.compactMap { LanguageCode($0.rawValue) }

    /// What the one authority of a law is called as an addressee; nil for a law that has many.
    public static func authority(of regimeID: String, in language: LanguageCode) -> String? {
        LetterLanguage(rawValue: language.description).flatMap { LetterWords.of($0)?.phrases["addressee.\(regimeID)"] }
            .flatMap { try? $0.filled(with: [:]).plain }
    }

    /// The letter as it is read, each value looked up by its key.
    ///
    /// Control characters in a value are dropped. Only `me.address` may take several lines; elsewhere a line end
    /// becomes a comma, so that a value cannot pass for a paragraph.
    public func text(_ value: (String) throws -> String) rethrows -> String {
        var text = ""
        for segment in segments {
            switch segment {
            case .text(let words): text += words
            case .personal(let key):
                let plain = StrangersText(try value(key), longestLine: .max)
                text += key == "me.address" ? plain.lines.joined(separator: "\n") : plain.lines.joined(separator: ", ")
            }
        }
        return text
    }

    /// The personal values it refers to, each once, in the order they occur.
    public var keys: [String] {
        var keys: [String] = []
        for case .personal(let key) in segments where !keys.contains(key) { keys.append(key) }
        return keys
    }
}

extension [LetterSegment] {
    /// The same letter with neighbouring texts joined and empty ones dropped.
    var merged: [LetterSegment] {
        reduce(into: []) { merged, segment in
            if case .text("") = segment { return }
            if case .text(let more) = segment, case .text(let text)? = merged.last {
                merged[merged.count - 1] = .text(text + more)
            } else {
                merged.append(segment)
            }
        }
    }
}

extension [[LetterSegment]] {
    func joined(by separator: String) -> [LetterSegment] {
        var all: [LetterSegment] = []
        for (index, part) in enumerated() { all += (index > 0 ? [.text(separator)] : []) + part }
        return all.merged
    }
}
