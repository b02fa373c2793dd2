import Glibc

/// One writer or many readers of the whole vault, taken before SQLite opens anything.
///
/// SQLite before 3.51.3 can corrupt a WAL database when two connections write and checkpoint; under this lock there is
/// never more than one that writes.
struct VaultLock: ~Copyable {
    enum Mode { case shared, exclusive }

    private let descriptor: Int32

    /// - Parameter patience: How long to wait for another process, in tenths of a second.
    /// - Throws: ``VaultFailure/busy`` when another process keeps it longer.
    init(_ path: String, _ mode: Mode, patience: Int = 100) throws(VaultFailure) {
        let wanted = (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        for _ in 0..<patience {
            let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw VaultFailure(errno: errno) }
            if flock(descriptor, wanted) == 0 {
                // Whoever held it may have put another vault in this place: then this is the lock of the one that is gone.
                if VaultLock.isSame(descriptor, path) {
                    self.descriptor = descriptor
                    return
                }
                close(descriptor)
                continue
            }
            let problem = errno
            close(descriptor)
            guard problem == EWOULDBLOCK || problem == EINTR else { throw .system(errno: problem) }
            usleep(100_000)
        }
        throw .busy
    }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var (held, found) = (stat(), stat())
        return fstat(descriptor, &held) == 0 && lstat(path, &found) == 0 && held.st_ino == found.st_ino
            && held.st_dev == found.st_dev
    }

    deinit { close(descriptor) }
}
