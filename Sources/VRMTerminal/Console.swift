import Glibc
import VRMBundle
public import VRMCrypto
public import VRMModel

/// The outside world as a command sees it: terminal, files, environment, and the clock, read once.
public struct Console: Sendable {
    public let program: String
    public let environment: [String: String]
    public let now: Instant
    public let isJSON: Bool
    public let mayAsk: Bool
    public let isAgreed: Bool
    /// Everything is shown and nothing is done.
    public let isRehearsal: Bool
    public let out: Style
    public let err: Style

    public init(program: String, isJSON: Bool, noInput: Bool, isAgreed: Bool, isRehearsal: Bool = false) {
        self.program = program
        environment = Console.readEnvironment()
        now = Instant(seconds: Int64(time(nil)))
        self.isJSON = isJSON
        mayAsk = !noInput && isatty(0) == 1 && isatty(2) == 1
        self.isAgreed = isAgreed
        self.isRehearsal = isRehearsal
        out = Style(descriptor: 1, environment: environment)
        err = Style(descriptor: 2, environment: environment)
    }

    /// Milliseconds since 1970, for numbers that must rise.
    public static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func readEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }

    // MARK: Saying

    /// Shows a report on stdout; when stdout carries the bundle itself, the report goes to stderr.
    public func show(_ report: some Report, beside: Bool = false) throws {
        let descriptor: Int32 = beside ? 2 : 1
        if isJSON {
            try Console.write(report.json.map { $0.text + "\n" }.joined(), to: descriptor)
        } else {
            let text = report.text(beside ? err : out)
            guard !text.isEmpty else { return }
            let whole = text.hasSuffix("\n") ? text : text + "\n"
            if descriptor == 1, Pager.isWanted(for: whole, out), try Pager(environment).show(whole) { return }
            try Console.write(whole, to: descriptor)
        }
    }

    /// Something to know that is not the result. Left out of JSON mode.
    public func note(_ text: String) {
        guard !isJSON else { return }
        try? Console.write(text + "\n", to: 2)
    }

    public static func write(_ text: String, to descriptor: Int32) throws { try write(Array(text.utf8), to: descriptor) }

    public static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var written = 0
        while written < bytes.count {
            let n = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if n < 0 {
                if errno == EINTR { continue }
                if errno == EPIPE, descriptor <= 2 { exit(0) }  // nobody reads any more
                throw Message("cannot write the answer", hint: "check that the disk is not full", status: .failed)
            }
            written += n
        }
    }

    // MARK: Asking

    /// Asks for a yes before something is made or removed.
    ///
    /// - Throws: A ``Message`` of ``ExitStatus/cancelled`` for a no, and when nobody can be asked.
    public func confirm(_ question: String) throws {
        guard isAgreed || isRehearsal || mayAsk else {
            throw Message("a confirmation is needed", hint: "add --yes", status: .cancelled)
        }
        guard try agrees(to: question) else { throw Message("cancelled, nothing was changed", status: .cancelled) }
    }

    /// Asks for a yes to one thing of several. False for a no, and when nobody can be asked.
    public func agrees(to question: String) throws -> Bool {
        if isAgreed || isRehearsal { return true }
        guard mayAsk else { return false }
        let answer = try word("\(question) [y/N] ") ?? ""
        return ["y", "yes", "j", "ja"].contains(answer)
    }

    /// Asks which of several words is meant, until it is one of them or the start of one alone.
    ///
    /// - Parameter usual: The word an empty line stands for.
    /// - Returns: Nil when the input ends, and when nobody can be asked.
    public func choice(_ question: String, of words: [String], usual: String) throws -> String? {
        guard mayAsk else { return nil }
        while let answer = try word("\(question): \(words.joined(separator: ", ")) [\(usual)] ") {
            if answer.isEmpty { return usual }
            let meant = words.contains(answer) ? [answer] : words.filter { $0.hasPrefix(answer) }
            if meant.count == 1 { return meant[0] }
        }
        return nil
    }

    /// What is typed up to the end of the line, at most 32 bytes, lower case; nil when the input ends.
    private func word(_ prompt: String) throws -> String? {
        try Console.write(prompt, to: 2)
        var answer: [UInt8] = []
        var byte: UInt8 = 0
        // To the end of the line, whatever is typed: the rest would reach the shell.
        while Glibc.read(0, &byte, 1) == 1 {
            if byte == 10 { return String(decoding: answer, as: UTF8.self).lowercased() }
            if answer.count < 32 { answer.append(byte) }
        }
        return nil
    }

    /// Asks for a line that is no secret.
    ///
    /// - Throws: A ``Message`` of ``ExitStatus/cancelled`` when nothing is answered.
    public func ask(_ prompt: String) throws -> String {
        guard let line = try askMaybe(prompt) else { throw Message("cancelled, nothing was changed", status: .cancelled) }
        return line
    }

    /// Asks for a line that may stay empty: nil then.
    public func askMaybe(_ prompt: String) throws -> String? {
        try Console.write("\(prompt): ", to: 2)
        let line = try Console.readLine(0, cap: 4096).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        return line.isEmpty ? nil : line
    }

    /// Reads a line from the terminal without showing it, straight into locked memory.
    ///
    /// - Throws: A ``Message`` when there is no terminal to ask on.
    public func askSecret(_ prompt: String, hint: String) throws -> SecretBytes {
        guard mayAsk else {
            throw Message("\(prompt.lowercased()) is needed and nobody can be asked", hint: hint, status: .locked)
        }
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { throw Message("there is no terminal to ask on", hint: hint, status: .locked) }
        defer { close(terminal) }
        let silence = Silence(terminal)
        defer {
            silence.end()
            try? Console.write("\n", to: terminal)
        }
        try Console.write("\(prompt): ", to: terminal)
        return try Console.readLine(terminal, cap: 16 * 1024 + 1)
    }

    /// The first line of a descriptor, without its end, in locked memory.
    public static func readLine(_ descriptor: Int32, cap: Int) throws -> SecretBytes {
        var buffer = SecretBytes(count: cap)
        var count = 0
        try buffer.withUnsafeMutableBytes { memory in
            while count < cap {
                let n = Glibc.read(descriptor, memory.baseAddress! + count, 1)
                if n < 0, errno == EINTR { continue }
                guard n >= 0 else { throw Message("cannot read the line", status: .failed) }
                if n == 0 || memory[count] == 10 { break }
                count += 1
            }
            if count > 0, memory[count - 1] == 13 { count -= 1 }
        }
        guard count < cap else { throw Message("the line is longer than \(cap - 1) bytes", status: .malformed) }
        return buffer.slice(0..<count)
    }

    /// A personal value given as `-`: stdin without its final newline, or a prompt on a terminal, or the person's editor.
    ///
    /// - Throws: A ``Message`` when the argument is anything else: a value on the command line stays in the shell's history.
    public func value(
        _ argument: String, asked prompt: String, cap: Int, isEdited: Bool = false
    ) throws -> Private<String> {
        guard argument == "-" else {
            throw Message(
                "values are not taken from the command line, where others can read them",
                hint: "write - and type it, or pipe it in",
                status: .usage)
        }
        var bytes: [UInt8]
        if isEdited {
            bytes = try Editor(environment).write(cap: cap + 2)
            while bytes.last == 10 { bytes.removeLast() }
        } else if isatty(0) == 1 {
            let typed = try askSecret(prompt, hint: "pipe it in")
            bytes = typed.withUnsafeBytes { Array($0) }
        } else {
            bytes = try Console.readAll(0, cap: cap + 2)
            if bytes.last == 10 { bytes.removeLast() }
            if bytes.last == 13 { bytes.removeLast() }
        }
        guard bytes.count <= cap else { throw Message("the value is longer than \(cap) bytes", status: .malformed) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Message("the value is not UTF-8", status: .malformed)
        }
        guard !text.utf8.contains(0) else { throw Message("the value holds a NUL byte", status: .malformed) }
        return Private(text)
    }

    // MARK: Files

    /// Everything a descriptor gives, up to a cap (one byte more tells that there was more).
    public static func readAll(_ descriptor: Int32, cap: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count < cap {
            let n = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, min($0.count, cap - bytes.count)) }
            if n < 0, errno == EINTR { continue }
            guard n >= 0 else {
                throw errno == EISDIR
                    ? Message("that is a folder", hint: "name a file in it", status: .usage)
                    : Message("cannot read the input", hint: "ls -l", status: .failed)
            }
            if n == 0 { break }
            bytes += chunk[..<n]
        }
        return bytes
    }

    /// A whole file, or stdin for `-`.
    ///
    /// - Throws: A ``Message``: not found, unreadable, or longer than `cap`.
    public func read(file path: String, cap: Int) throws -> [UInt8] {
        let bytes: [UInt8]
        if path == "-" {
            bytes = try Console.readAll(0, cap: cap + 1)
        } else {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Console.unreadable(path) }
            defer { close(descriptor) }
            bytes = try Console.readAll(descriptor, cap: cap + 1)
        }
        guard bytes.count <= cap else { throw Message("the file is longer than \(cap) bytes", status: .malformed) }
        return bytes
    }

    public static func unreadable(_ path: String) -> Message {
        errno == ENOENT
            ? Message("there is no file \(printable(path))", hint: "ls", status: .notFound)
            : Message("cannot read \(printable(path))", hint: "ls -l \(printable(path))", status: .failed)
    }
}
