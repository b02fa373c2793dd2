import Glibc

/// One run of a program, as the person waits for it.
struct Run {
    /// Wall clock, from before the start to after the end.
    let milliseconds: Double
    /// The peak resident set, `ru_maxrss` of wait4(2).
    let mebibytes: Double
    let output: [UInt8]
}

struct ProgramFailed: Error {
    let words: [String]
    let status: Int32
}

/// A program with its arguments, run in an environment of its own.
struct Program {
    let words: [String]
    var environment: [String: String] = [:]
    /// A file that is its stdin.
    var input = "/dev/null"
    /// A file for its stdout, read back when the run is over.
    var output = "/dev/null"

    init(_ words: [String], environment: [String: String] = [:]) {
        self.words = words
        self.environment = environment
    }

    /// - Throws: ``ProgramFailed`` when it ends with anything but 0.
    @discardableResult
    func run() throws -> Run {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var child = pid_t()
        let start = Program.now
        guard posix_spawnp(&child, words[0], &actions, nil, &arguments, &variables) == 0 else {
            throw ProgramFailed(words: words, status: 127)
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
        let end = Program.now
        guard status == 0 else { throw ProgramFailed(words: words, status: status >> 8 & 0xFF) }
        return Run(
            milliseconds: end - start, mebibytes: Double(usage.ru_maxrss) / 1024,
            output: output == "/dev/null" ? [] : try File.read(output))
    }

    /// The median of several runs, after one that warms the caches; the memory is the highest.
    func measure(_ times: Int) throws -> Run {
        try run()
        var runs: [Run] = []
        for _ in 0..<times { runs.append(try run()) }
        return runs.median
    }

    static var path: String { getenv("PATH").map { String(cString: $0) } ?? "" }

    /// Whether a program is installed.
    static func isThere(_ name: String) -> Bool {
        path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    /// Milliseconds of the monotonic clock.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }
}

extension [Run] {
    var median: Run {
        let middle = self[indices.sorted { self[$0].milliseconds < self[$1].milliseconds }[count / 2]]
        return Run(
            milliseconds: middle.milliseconds, mebibytes: map(\.mebibytes).max() ?? 0, output: middle.output)
    }
}

enum File {
    static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw ProgramFailed(words: ["write", path], status: errno) }
        defer { fclose(file) }
        fputs(text, file)
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw ProgramFailed(words: ["read", path], status: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}
