import Foundation

/// One transcript being played, in a folder and a home of its own.
struct TranscriptRun {
    private let scratch: Scratch
    private let home: Scratch
    private var environment: [String: String]
    private var variables = ["esc": "\u{1B}"]
    private var input = Data()
    private var last = Outcome(status: 0, out: "", err: "")

    init(_ transcript: Transcript) throws {
        scratch = try Scratch()
        home = try Scratch()
        environment = Shell.environment(home: home.url)
        environment["VRM_VAULT"] = home.url.path + "/vault"
        // Where agents meet: as a session has it, for its user alone.
        try FileManager.default.createDirectory(
            at: home.place(".run"), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try write(Data("correct horse battery staple\n".utf8), home.place("passphrase"))
        for file in transcript.files { try write(Data(file.text.utf8), scratch.place(file.name)) }
    }

    /// What the last program said, for the one who looks for a mistake.
    var said: String { "stdout:\n\(last.out)\nstderr:\n\(last.err)" }

    mutating func play(_ step: Transcript.Step) throws {
        var words = try step.words.map { try replacingVariables($0) }[...]
        if words.first == "[user]" {
            if getuid() == 0 { return }
            words.removeFirst()
        }
        let isDenied = words.first == "!"
        if isDenied { words.removeFirst() }
        guard let name = words.popFirst() else { throw TranscriptFault("an empty step") }
        let arguments = Array(words)
        switch name {
        case "vrm", "vrm-vendor": try start(name, arguments, expecting: isDenied ? nil : 0)
        case "exit": try start(try word(arguments, 1), Array(arguments.dropFirst(2)), expecting: Int32(arguments[0]))
        case "bare": try start(name, arguments, expecting: isDenied ? nil : 0)
        case "stdin":
            let text = try word(arguments, 0)
            input = (try? Data(contentsOf: scratch.place(text))) ?? Data(text.utf8)
        case "stdout": try look(for: try word(arguments, 0), in: last.out, isDenied)
        case "stderr": try look(for: try word(arguments, 0), in: last.err, isDenied)
        case "exists":
            let isThere = FileManager.default.fileExists(atPath: scratch.place(try word(arguments, 0)).path)
            guard isThere != isDenied else { throw TranscriptFault("\(arguments[0]) is \(isThere ? "" : "not ")there") }
        case "cmp":
            let isSame = try read(word(arguments, 0)) == read(word(arguments, 1))
            guard isSame != isDenied else { throw TranscriptFault("the files \(isSame ? "are the same" : "differ")") }
        case "let":
            let pattern = try Regex(try word(arguments, 1)).anchorsMatchLineEndings()
            guard let match = try pattern.firstMatch(in: last.out), match.count > 1, let text = match[1].substring else {
                throw TranscriptFault("nothing matches")
            }
            variables[try word(arguments, 0)] = String(text)
        case "env":
            let parts = try word(arguments, 0).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            environment[String(parts[0])] = String(parts[1])
        default: try changeFiles(name, arguments)
        }
    }

    private mutating func changeFiles(_ name: String, _ arguments: [String]) throws {
        let place = scratch.place(try word(arguments, 0))
        switch name {
        case "cat": last = Outcome(status: 0, out: String(decoding: try read(arguments[0]), as: UTF8.self), err: "")
        case "cp": try write(try read(arguments[0]), scratch.place(try word(arguments, 1)))
        case "join":
            let files = try arguments.dropFirst().map {
                Data(try read($0).split(separator: 10).joined(separator: Data(" ".utf8)))
            }
            try write(Data(files.joined(separator: Data([10]))) + Data([10]), place)
        case "rm": try FileManager.default.removeItem(at: place)
        case "mkdir": try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        case "chmod":
            guard chmod(scratch.place(try word(arguments, 1)).path, mode_t(arguments[0], radix: 8) ?? 0) == 0 else {
                throw TranscriptFault("chmod failed")
            }
        case "write": try write(unescaped(try word(arguments, 1)), place)
        case "utf16":
            let text = String(decoding: try read(arguments[0]), as: UTF8.self)
            try write(Data([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), place)
        case "truncate": try write(try read(arguments[0]).prefix(Int(try word(arguments, 1)) ?? 0), place)
        case "flip", "edit":
            var bytes = try read(arguments[0])
            guard let found = bytes.range(of: Data(try word(arguments, 1).utf8)) else { throw TranscriptFault("no such text") }
            if name == "flip" {
                bytes[found.upperBound] = bytes[found.upperBound] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            } else {
                bytes.replaceSubrange(found, with: Data(try word(arguments, 2).utf8))
            }
            try write(bytes, place)
        default: throw TranscriptFault("no such step: \(name)")
        }
    }

    /// - Parameter expecting: The exit status; nil for any but 0.
    private mutating func start(_ name: String, _ words: [String], expecting: Int32?) throws {
        let bare = name == "bare"
        let (name, words) = bare ? (try word(words, 0), Array(words.dropFirst())) : (name, words)
        guard ["vrm", "vrm-vendor"].contains(name) else { throw TranscriptFault("no such program: \(name)") }
        var arguments = words
        let needsVault = name == "vrm" && !["verify", "inspect", "help"].contains(words.first) && words.first?.first != "-"
        if needsVault, !bare {
            if !words.contains(where: { $0.hasPrefix("--passphrase") }) {
                arguments += ["--passphrase-file", home.url.path + "/passphrase"]
            }
            arguments.append("--no-input")
        }
        // Key derivation at full strength is the vault's own business, and takes a second per command.
        if needsVault, words.first == "init", !words.contains("--kdf") { arguments += ["--kdf", "floor"] }
        last = try Shell.run(
            Shell.programs.appending(path: name), arguments, in: scratch.url, environment: environment, input: input)
        input = Data()
        guard expecting.map({ $0 == last.status }) ?? (last.status != 0) else {
            throw TranscriptFault("exit status \(last.status), not \(expecting.map { "\($0)" } ?? "an error's")")
        }
        guard last.status < 128 else { throw TranscriptFault("it crashed") }
    }

    private func look(for text: String, in said: String, _ isDenied: Bool) throws {
        let pattern = try? Regex(text).anchorsMatchLineEndings()
        let isThere = try said.contains(text) || pattern?.firstMatch(in: said) != nil
        guard isThere != isDenied else { throw TranscriptFault("\(text) is \(isThere ? "" : "not ")in it") }
    }

    // MARK: Words and files

    private func word(_ words: [String], _ index: Int) throws -> String {
        guard words.indices.contains(index) else { throw TranscriptFault("a word is missing") }
        return words[index]
    }

    private func replacingVariables(_ word: String) throws -> String {
        let pattern = /\$(vault|day([+-][0-9]+)?|[a-z]+)/
        var unknown: String?
        let text = word.replacing(pattern) { match -> String in
            let name = String(match.1)
            if let known = variables[name] { return known }
            if name == "vault" { return home.url.path + "/vault" }
            if name.hasPrefix("day") { return TranscriptRun.day(match.2.flatMap { Int($0) } ?? 0) }
            unknown = name
            return ""
        }
        if let unknown { throw TranscriptFault("nothing was kept as \(unknown)") }
        return text
    }

    /// A day from today, UTC.
    static func day(_ offset: Int) -> String {
        Date(timeIntervalSinceNow: Double(offset) * 86400).formatted(.iso8601.year().month().day())
    }

    private func read(_ name: String) throws -> Data { try Data(contentsOf: scratch.place(name)) }

    private func write(_ data: Data, _ place: URL) throws {
        try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: place)
    }

    private func unescaped(_ text: String) -> Data {
        var bytes = Data()
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "0"): bytes.append(0)
            case UInt8(ascii: "x"):
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            default: bytes.append(escape)
            }
        }
        return bytes
    }
}
