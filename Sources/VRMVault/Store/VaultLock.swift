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
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw VaultFailure(errno: errno) }
        let wanted = (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        for _ in 0..<patience {
            if flock(descriptor, wanted) == 0 { return }
            guard errno == EWOULDBLOCK || errno == EINTR else {
                let problem = errno
                close(descriptor)
                throw .system(errno: problem)
            }
            usleep(100_000)
        }
        close(descriptor)
        throw .busy
    }

    deinit { close(descriptor) }
}
