import Glibc
import VRMTerminal

/// A line that counts up while something long goes on; on a terminal, and only after a second.
final class Progress {
    private let size: Int64
    private let what: String
    private let started = time(nil)
    private let console: Console
    private var shown = 0

    /// Of the reading of a file, by its bytes.
    convenience init(_ path: String, _ console: Console) {
        var info = stat()
        let isFile = stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
        self.init("reading", of: isFile ? Int64(info.st_size) : 0, console)
    }

    /// - Parameter size: How much there is; 0 when nobody knows, and then what is done are bytes.
    init(_ what: String, of size: Int64, _ console: Console) {
        self.what = what
        self.size = size
        self.console = console
    }

    func update(_ done: Int64) {
        guard console.err.isTerminal, !console.isJSON, time(nil) > started else { return }
        let now = size > 0 ? Int(done * 100 / max(size, 1)) : Int(done >> 20)
        guard now != shown else { return }
        shown = now
        try? Console.write(size > 0 ? "\r\(what) \(now) %" : "\r\(what) \(now) MiB", to: 2)
    }

    func end() {
        if shown > 0 { try? Console.write("\r\u{1B}[K", to: 2) }
    }
}
