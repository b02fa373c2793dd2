import Foundation
import Testing

/// A story on the command line: what a person types, what they see, and what must not have happened.
///
/// One step per line; words are parted by spaces, and `'…'` holds a word together. `#` begins a comment.
///
///     vrm company list            must succeed
///     ! vrm company show nobody   must fail
///     exit 5 vrm company show x   must end with this status
///     bare vrm company list       as it stands: no passphrase is given
///     stdin jo@me.example         what the next program reads: a text, or a file when there is one of this name
///     stdout TEXT                 the last stdout holds this text, or a match of it as a pattern (`.`: anything at all)
///     stderr TEXT                 the same of stderr
///     ! stdout TEXT               … does not
///     let grant 'grant .*  (.+)'  keeps what the group matched in stdout; used as $grant
///     exists FILE · cmp A B       `!` in front says the opposite
///     cat FILE                    makes a file the last stdout
///     cp A B · rm FILE · mkdir DIR · chmod MODE FILE
///     write FILE TEXT             with \n, \0 and \xNN
///     utf16 FILE                  rewrites a file as UTF-16
///     flip FILE TEXT              changes the character after the text
///     edit FILE TEXT OTHER        puts another text in place of the first one
///     truncate FILE BYTES         cuts a file off
///     env NAME=VALUE
///     [user] STEP                 only when not run as root, whom no mode keeps out
///
/// `$day`, `$day+30` and `$day-1` are days from today, `$vault` is the vault's folder, `$esc` the escape character. A line `-- NAME --` begins a file that is there from the start.
struct Transcript: Sendable, CustomTestStringConvertible {
    struct Step: Sendable {
        let line: Int
        let words: [String]
    }

    let path: String
    let steps: [Step]
    let files: [(name: String, text: String)]

    var testDescription: String { URL(filePath: path).lastPathComponent }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Transcripts")

    static let all: [Transcript] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted().compactMap { try? Transcript(folder.appending(path: $0)) }
    }()

    init(_ place: URL) throws {
        self.init(path: place.path, text: try String(contentsOf: place, encoding: .utf8))
    }

    init(path: String, text: String) {
        var steps: [Step] = []
        var files: [(name: String, text: String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("-- "), line.hasSuffix(" --") {
                files.append((String(line.dropFirst(3).dropLast(3)), ""))
            } else if !files.isEmpty {
                files[files.count - 1].text += line + "\n"
            } else {
                let words = Transcript.words(of: line)
                if !words.isEmpty { steps.append(Step(line: index + 1, words: words)) }
            }
        }
        // The last line's end is the file's own.
        if let last = files.last, last.text.hasSuffix("\n\n") || last.text == "\n" { files[files.count - 1].text.removeLast() }
        self.path = path
        self.steps = steps
        self.files = files
    }

    private static func words(of line: Substring) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in line {
            switch character {
            case "'":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let whole = word { words.append(whole) }
                word = nil
            case "#" where !isQuoted && word == nil: return words
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
