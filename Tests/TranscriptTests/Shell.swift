import Foundation

/// What a program left behind.
struct Outcome {
    var status: Int32
    var out: String
    var err: String
}

/// A folder that goes away with its owner.
final class Scratch {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "vrm-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A relative name, of something in here.
    func place(_ name: String) -> URL { name.hasPrefix("/") ? URL(filePath: name) : url.appending(path: name) }
}

enum Shell {
    /// The folder of the built programs: `VRM_BIN`, or where the tests themselves were built.
    static let programs: URL = {
        if let given = ProcessInfo.processInfo.environment["VRM_BIN"] { return URL(filePath: given).absoluteURL }
        return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }()

    /// Only what a program needs, so that nobody's own settings or vault take part.
    static func environment(home: URL) -> [String: String] {
        [
            "HOME": home.path, "XDG_CONFIG_HOME": home.path + "/.config", "XDG_DATA_HOME": home.path + "/.local/share",
            "XDG_STATE_HOME": home.path + "/.local/state", "XDG_RUNTIME_DIR": home.path + "/.run",
            "PATH": programs.path + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TMPDIR": home.path, "COLUMNS": "100",
        ]
    }

    /// Runs a program to its end. Input and output are files, because pipes of tests that run side by side can block.
    static func run(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String], input: Data = Data()
    ) throws -> Outcome {
        let files = try Scratch()
        let (input, out, err) = try (
            file(files.place("in"), input), file(files.place("out"), Data()), file(files.place("err"), Data())
        )
        // A Process outlives its program and keeps them; each new one has to close all that are open.
        defer { for handle in [input, out, err] { try? handle.close() } }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment
        (process.standardInput, process.standardOutput, process.standardError) = (input, out, err)
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        if ended.wait(timeout: .now() + 120) == .timedOut {
            process.terminate()
            throw TranscriptFault("it did not end within two minutes")
        }
        func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: files.place(name)), as: UTF8.self) }
        let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        return Outcome(status: status, out: try text("out"), err: try text("err"))
    }

    private static func file(_ place: URL, _ content: Data) throws -> FileHandle {
        try content.write(to: place)
        return try FileHandle(forUpdating: place)
    }
}

struct TranscriptFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
