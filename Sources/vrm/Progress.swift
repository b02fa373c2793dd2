import Glibc
import VRMTerminal

/// A line that counts up while a long file is read; on a terminal, and only after a second.
final class Progress {
    private let size: Int64
    private let started = time(nil)
    private let console: Console
    private var shown = 0

    init(_ path: String, _ console: Console) {
        var info = stat()
        size = stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG ? Int64(info.st_size) : 0
        self.console = console
    }

    func update(_ bytes: Int64) {
        guard console.err.isTerminal, !console.isJSON, time(nil) > started else { return }
        let now = size > 0 ? Int(bytes * 100 / max(size, 1)) : Int(bytes >> 20)
        guard now != shown else { return }
        shown = now
        try? Console.write(size > 0 ? "\rreading \(now) %" : "\rreading \(now) MiB", to: 2)
    }

    func end() {
        if shown > 0 { try? Console.write("\r\u{1B}[K", to: 2) }
    }
}
