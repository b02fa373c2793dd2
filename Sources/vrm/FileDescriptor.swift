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
