import CVRMShim
import Glibc

/// The files of a vault and the rules for touching them: 0600 in 0700, never through a symbolic link.
struct VaultFiles {
    let directory: String

    var header: String { directory + "/header" }
    var store: String { directory + "/store.db" }
    var lock: String { directory + "/lock" }

    /// - Throws: ``VaultFailure/noVault`` or ``VaultFailure/unsafePlace(_:)``.
    func check() throws(VaultFailure) {
        var info = stat()
        guard lstat(directory, &info) == 0 else { throw .noVault }
        let kind = info.st_mode & S_IFMT
        if kind == S_IFLNK { throw .unsafePlace(.symlink) }
        guard kind == S_IFDIR else { throw .unsafePlace(.notADirectory) }
        guard info.st_uid == geteuid() else { throw .unsafePlace(.foreignOwner) }
        guard info.st_mode & 0o077 == 0 else { throw .unsafePlace(.openToOthers) }
        guard lstat(header, &info) == 0 else { throw .noVault }
        for file in [header, store, store + "-wal", store + "-shm", lock] where lstat(file, &info) == 0 {
            guard info.st_mode & S_IFMT == S_IFREG else { throw .unsafePlace(.symlink) }
            guard info.st_uid == geteuid() else { throw .unsafePlace(.foreignOwner) }
            guard info.st_mode & 0o077 == 0 else { throw .unsafePlace(.openToOthers) }
        }
        guard try !hasSyncConflict() else { throw .unsafePlace(.syncConflict) }
    }

    /// Two machines wrote this folder behind our back (Syncthing's name for the loser's copy).
    private func hasSyncConflict() throws(VaultFailure) -> Bool {
        guard let listing = opendir(directory) else { throw .system(errno: errno) }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.contains(".sync-conflict-") { return true }
        }
        return false
    }

    /// Reads a whole file of at most `cap` bytes.
    static func read(_ path: String, cap: Int) throws(VaultFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw errno == ELOOP ? .unsafePlace(.symlink) : .system(errno: errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: cap + 1)
        var filled = 0
        while filled < bytes.count {
            let n = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled) }
            if n < 0 {
                if errno == EINTR { continue }
                throw .system(errno: errno)
            }
            if n == 0 { break }
            filled += n
        }
        return Array(bytes[..<filled])
    }

    /// Puts a file in place whole or not at all: written beside it, synced, renamed, the directory synced.
    static func write(_ bytes: [UInt8], to path: String) throws(VaultFailure) {
        let beside = path + ".new"
        unlink(beside)
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw VaultFailure(errno: errno) }
        defer { close(descriptor) }
        do throws(VaultFailure) {
            try write(bytes[...], to: descriptor)
            guard fsync(descriptor) == 0, rename(beside, path) == 0 else { throw VaultFailure(errno: errno) }
        } catch {
            unlink(beside)
            throw error
        }
        try syncDirectory(of: path)
    }

    /// The first bytes of a file; fewer when it is shorter.
    static func start(of path: String, _ count: Int) throws(VaultFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw VaultFailure(errno: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let n = Glibc.read(descriptor, &bytes, count)
        return n > 0 ? Array(bytes[..<n]) : []
    }

    /// Makes a file that somebody else wrote durable.
    static func sync(_ path: String) throws(VaultFailure) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw VaultFailure(errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw VaultFailure(errno: errno) }
    }

    /// Copies a file of any owner to a new one for our own eyes, and makes it durable.
    ///
    /// - Parameter start: What it must begin with: something else may have no end.
    static func copy(_ path: String, to target: String, startingWith start: [UInt8]) throws(VaultFailure) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw errno == ENOENT ? .noBackup : VaultFailure(errno: errno) }
        defer { close(source) }
        let copy = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard copy >= 0 else { throw VaultFailure(errno: errno) }
        defer { close(copy) }
        var chunk = [UInt8](repeating: 0, count: 256 * 1024)
        var expected = start[...]
        while true {
            let n = Glibc.read(source, &chunk, chunk.count)
            if n < 0, errno == EINTR { continue }
            guard n >= 0 else { throw errno == EISDIR ? .notABackup : VaultFailure(errno: errno) }
            if n == 0 { break }
            guard chunk[..<n].starts(with: expected.prefix(n)) else { throw .notABackup }
            expected = expected.dropFirst(n)
            try write(chunk[..<n], to: copy)
        }
        guard fsync(copy) == 0 else { throw VaultFailure(errno: errno) }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(VaultFailure) {
        var rest = bytes
        while !rest.isEmpty {
            let n = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) }
            if n < 0, errno == EINTR { continue }
            guard n >= 0 else { throw VaultFailure(errno: errno) }
            rest = rest.dropFirst(n)
        }
    }

    static func syncDirectory(of path: String) throws(VaultFailure) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw VaultFailure(errno: errno) }
    }

    /// Makes a directory for our own eyes, and its parents as the user's umask has it.
    static func makePrivateDirectory(_ path: String) throws(VaultFailure) {
        var at = path.startIndex
        while let slash = path[at...].dropFirst().firstIndex(of: "/") {
            _ = mkdir(String(path[..<slash]), 0o777)
            at = slash
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw VaultFailure(errno: errno) }
    }
}

extension VaultFailure {
    init(errno code: Int32) {
        self = code == ENOSPC || code == EDQUOT || code == EFBIG ? .diskFull : .system(errno: code)
    }
}

extension VaultFiles {
    /// Takes a half-made vault away.
    func remove() {
        for file in [header, header + ".new", store, store + "-wal", store + "-shm", lock] { unlink(file) }
        rmdir(directory)
    }
}

/// Renames unless the target is there.
func renameNew(_ from: String, _ to: String) -> Bool { vrm_rename_new(from, to) == 0 }
