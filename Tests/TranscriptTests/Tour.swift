import Foundation

/// The commands a document shows, with the answers it promises.
///
/// Fenced blocks marked `console` hold lines `$ COMMAND`, each followed by what it prints, on stdout and stderr together.
/// A command goes on in the next line after `\`, or when that line begins with `> `. In an answer a line `…` stands for any
/// lines, and `…` within a line for anything. A block marked `python` whose first line is `# NAME.py` is a file of this name.
struct Tour {
    struct Step {
        let line: Int
        let command: String
        var answer: [String]
    }

    private(set) var steps: [Step] = []
    private(set) var programs: [(name: String, text: String)] = []

    init(_ text: String) {
        var block: (kind: Substring, lines: [Substring], start: Int)?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.hasPrefix("```") else {
                block?.lines.append(line)
                continue
            }
            if let whole = block {
                take(whole.kind, whole.lines, from: whole.start)
                block = nil
            } else {
                block = (line.dropFirst(3), [], index + 2)
            }
        }
    }

    private mutating func take(_ kind: Substring, _ lines: [Substring], from start: Int) {
        switch kind {
        case "console":
            var isOpen = false
            for (offset, line) in lines.enumerated() {
                if line.hasPrefix("$ ") {
                    steps.append(Step(line: start + offset, command: String(line.dropFirst(2)), answer: []))
                    isOpen = line.hasSuffix("\\")
                } else if let last = steps.last, isOpen || (line.hasPrefix("> ") && last.answer.isEmpty) {
                    let more = line.hasPrefix("> ") ? line.dropFirst(2) : line
                    steps[steps.count - 1] = Step(line: last.line, command: last.command + "\n" + more, answer: [])
                    isOpen = line.hasSuffix("\\")
                } else if !steps.isEmpty {
                    steps[steps.count - 1].answer.append(String(line))
                }
            }
        case "python":
            guard let first = lines.first, first.hasPrefix("# "), first.hasSuffix(".py") else { return }
            programs.append((String(first.dropFirst(2)), lines.joined(separator: "\n") + "\n"))
        default: return
        }
    }

    /// Whether a command runs one of the programs in the text.
    func usesProgram(_ step: Step) -> Bool { programs.contains { step.command.contains($0.name) } }

    /// Runs all commands in one shell, and compares.
    ///
    /// - Parameter python: The interpreter for the programs in the text; without it the commands that use them are left out.
    /// - Returns: What is otherwise than the text says.
    func run(python: String?) throws -> [(line: Int, fact: String)] {
        let (scratch, home, kept) = try (Scratch(), Scratch(), Scratch())
        var environment = Shell.environment(home: home.url)
        if let python {
            for name in ["python", "python3"] {
                try "#!/bin/sh\nexec '\(python)' -B \"$@\"\n".write(to: home.place(name), atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: home.place(name).path)
            }
            environment["PATH"] = home.url.path + ":" + environment["PATH", default: ""]
        }
        for program in programs { try Data(program.text.utf8).write(to: scratch.place(program.name)) }
        let played = steps.filter { python != nil || !usesProgram($0) }
        let script = played.enumerated().map { index, step in
            "{ \(step.command)\n} >'\(kept.url.path)/\(index)' 2>&1\necho $? >'\(kept.url.path)/\(index).status'"
        }
        let outcome = try Shell.run(
            URL(filePath: "/bin/bash"), ["-c", script.joined(separator: "\n")], in: scratch.url, environment: environment)
        var faults: [(line: Int, fact: String)] = []
        for (index, step) in played.enumerated() {
            guard let data = try? Data(contentsOf: kept.place("\(index)")),
                let status = try? String(contentsOf: kept.place("\(index).status"), encoding: .utf8)
            else {
                faults.append((step.line, "\(step.command)\nwas not run: \(outcome.err)"))
                break
            }
            let said = String(decoding: data, as: UTF8.self)
            if status != "0\n", !step.answer.contains(where: { $0.contains("error:") }) {
                faults.append((step.line, "\(step.command)\nexit status \(status)\(said)"))
            } else if !Tour.matches(said, step.answer) {
                faults.append((step.line, "\(step.command)\nsays:\n\(said)\nand not:\n\(step.answer.joined(separator: "\n"))"))
            }
        }
        if let python {
            for program in programs where !steps.contains(where: { $0.command.contains(program.name) }) {
                let outcome = try Shell.run(
                    URL(filePath: python), ["-B", program.name], in: scratch.url, environment: environment)
                if outcome.status != 0 { faults.append((0, "\(program.name): \(outcome.out)\(outcome.err)")) }
            }
        }
        return faults
    }

    static func matches(_ said: String, _ answer: [String]) -> Bool {
        func trimmed(_ lines: [String]) -> ArraySlice<String> {
            let lines = lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
            return lines.prefix((lines.lastIndex { !$0.isEmpty } ?? -1) + 1)
        }
        return matches(trimmed(said.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)), trimmed(answer))
    }

    private static func matches(_ said: ArraySlice<String>, _ answer: ArraySlice<String>) -> Bool {
        guard let first = answer.first else { return said.isEmpty }
        if first.trimmingPrefix(" ") == "…" {
            return (said.startIndex...said.endIndex).contains { matches(said[$0...], answer.dropFirst()) }
        }
        guard let line = said.first, isMatch(line[...], first[...]) else { return false }
        return matches(said.dropFirst(), answer.dropFirst())
    }

    private static func isMatch(_ line: Substring, _ pattern: Substring) -> Bool {
        guard let gap = pattern.firstIndex(of: "…") else { return line == pattern }
        let (before, after) = (pattern[..<gap], pattern[pattern.index(after: gap)...])
        guard line.hasPrefix(before) else { return false }
        let rest = line.dropFirst(before.count)
        return (0...rest.count).contains { isMatch(rest.dropFirst($0), after) }
    }
}
