import Glibc
import VRMTerminal

/// A file opened for one reading.
enum FileDescriptor {
    /// - Throws: A ``Message`` when it cannot be opened, and whatever `body` throws.
    static func reading<Result: ~Copyable>(_ path: String, _ body: (Int32) throws -> Result) throws -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Console.unreadable(path) }
        defer { close(descriptor) }
        return try body(descriptor)
    }
}

extension FileDescriptor {
    /// A whole plain file; nil for anything else, for what is longer than `cap`, and for what cannot be read.
    static func contents(_ path: String, cap: Int) -> [UInt8]? {
        // Nobody's pipe must keep us waiting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= cap,
            let bytes = try? Console.readAll(descriptor, cap: cap + 1), bytes.count <= cap
        else { return nil }
        return bytes
    }
}
