import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// A letter as a file, with the person's own values put in.
enum LetterFile {
    /// The name a letter can call a file by: the last part of its path, in letters every mail program leaves alone.
    static func name(of path: String) -> String {
        let last =
            path == "-"
            ? "bundle.json" : String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
        let safe = String(
            decoding: last.utf8.map { byte in
                let isSafe =
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "._-".utf8.contains(byte)
                return isSafe ? byte : UInt8(ascii: "_")
            }, as: UTF8.self)
        return String(safe.prefix(100))
    }

    static func stage(_ facts: LetterFacts, as path: String, _ files: OutputFiles, _ vault: Vault) throws {
        var facts = facts
        facts.hasEmail = try vault.fact(.email) != nil
        // A file that is handed over with it gives what it gives, and the letter no more.
        facts.hasAddress = try !facts.hasEmail && vault.fact(.address) != nil
        let letter = try Letter.compose(facts)
        let text = try letter.text { key in try own(key, vault) }
        try files.stage(Array(wrapped(text).utf8), as: path)
    }

    /// A value of the person by its key: `me.name`.
    ///
    /// - Throws: A ``Message`` that it is not set.
    static func own(_ key: String, _ vault: Vault) throws -> String {
        guard let fact = PersonFact(rawValue: String(key.dropFirst(3))) else { return "" }
        return try need(fact, vault).value.revealed
    }

    static func need(_ fact: PersonFact, _ vault: Vault) throws -> DataVersion {
        guard let version = try vault.fact(fact) else {
            throw Message(
                "your \(fact.rawValue) is not set, and the letter needs it", hint: "vrm me set \(fact.rawValue) -",
                status: .failed)
        }
        return version
    }

    /// Paragraphs broken at 76 columns, as paper and terminals like them.
    static func wrapped(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.count > 76 else { return String(line) }
            // A numbered or dashed point hangs: "1. " and "- " stand out.
            let isPoint =
                line.prefix(4).contains { $0 == "." || $0 == "-" } && line.first.map { $0.isNumber || $0 == "-" } == true
            let hang = isPoint ? String(repeating: " ", count: line.prefix { $0 != " " }.count + 1) : ""
            var lines: [String] = []
            var current = ""
            for word in line.split(separator: " ") {
                if current.count + word.count + 1 > 76, !current.isEmpty {
                    lines.append(current)
                    current = hang + word
                } else {
                    current += current.isEmpty ? String(word) : " \(word)"
                }
            }
            return (lines + [current]).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
