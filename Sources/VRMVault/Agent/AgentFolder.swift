import Glibc

/// The folder of the agents' sockets, `$XDG_RUNTIME_DIR/vrm`: ours alone.
///
/// Reached by descriptor from its check on, so that nobody can put another folder in between, and so that a long path is none
/// of the socket's 108 bytes.
public struct AgentFolder: ~Copyable {
    let descriptor: Int32

    /// Finds the folder, or makes it.
    ///
    /// - Parameter runtimeDirectory: `$XDG_RUNTIME_DIR` (XDG Base Directory Specification: owned by the user, mode 0700).
    /// - Throws: ``AgentFailure/noRuntimeDirectory``, ``AgentFailure/unsafeRuntimeDirectory``.
    public init(runtimeDirectory: String?) throws(AgentFailure) {
        guard let runtimeDirectory, runtimeDirectory.hasPrefix("/") else { throw .noRuntimeDirectory }
        let runtime = open(runtimeDirectory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard runtime >= 0 else {
            throw errno == ELOOP || errno == ENOTDIR ? .unsafeRuntimeDirectory : .noRuntimeDirectory
        }
        defer { close(runtime) }
        guard AgentFolder.isOurs(runtime) else { throw .unsafeRuntimeDirectory }
        guard mkdirat(runtime, "vrm", 0o700) == 0 || errno == EEXIST else { throw .system(errno: errno) }
        let folder = openat(runtime, "vrm", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw .unsafeRuntimeDirectory }
        guard AgentFolder.isOurs(folder) else {
            close(folder)
            throw .unsafeRuntimeDirectory
        }
        descriptor = folder
    }

    deinit { close(descriptor) }

    private static func isOurs(_ descriptor: Int32) -> Bool {
        var info = stat()
        return fstat(descriptor, &info) == 0 && info.st_uid == geteuid() && info.st_mode & 0o077 == 0
    }

    static func name(of vault: [UInt8]) -> String { Hex.encode(vault) }

    /// Calls `body` with the address of a vault's socket.
    func withAddress(of vault: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array("/proc/self/fd/\(descriptor)/\(AgentFolder.name(of: vault))".utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }

    /// The inode of a vault's socket; nil when there is none.
    func socketInode(of vault: [UInt8]) -> ino_t? {
        var info = stat()
        guard fstatat(descriptor, AgentFolder.name(of: vault), &info, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return info.st_ino
    }
}
