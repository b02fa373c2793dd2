import Glibc

/// Files a command makes: checked and written before anything is committed, put in place after it, complete or not at all.
public final class OutputFiles {
    private var staged: [(temporary: String, target: String)] = []
    private var toStandardOutput: [UInt8]?
    private let isForced: Bool
    private let isRehearsal: Bool
    private let isDurable: Bool
    private let isPublic: Bool

    /// - Parameters:
    ///   - rehearse: Check nothing, write nothing.
    ///   - isDurable: A file is on the disk before it is put in place.
    ///   - isPublic: Everybody may read what is written: it is for a web host.
    public init(force: Bool, rehearse: Bool = false, isDurable: Bool = true, isPublic: Bool = false) {
        self.isPublic = isPublic
        isForced = force
        isRehearsal = rehearse
        self.isDurable = isDurable
    }

    deinit { for file in staged { unlink(file.temporary) } }

    /// Whether the bundle itself goes to stdout, so that the report must not.
    public var usesStandardOutput: Bool { toStandardOutput != nil || isPiped }
    private var isPiped = false

    public var targets: [String] { staged.map(\.target) }

    /// What was put in place.
    public private(set) var published: [String] = []

    /// Refuses a target early, before any work.
    ///
    /// - Throws: A ``Message`` of ``ExitStatus/conflict`` when the file is there, or that it cannot be written.
    public func check(_ path: String) throws {
        guard path != "-", !isRehearsal else { return }
        if !isForced, access(path, F_OK) == 0 { throw OutputFiles.exists(path) }
        guard access(OutputFiles.folder(of: path), W_OK) == 0 else { throw OutputFiles.unwritable(path) }
    }

    /// Makes a folder for several files, readable by its owner alone unless it is public.
    public func makeFolder(_ path: String) throws {
        guard !isRehearsal else { return }
        guard mkdir(path, isPublic ? 0o755 : 0o700) == 0 || errno == EEXIST else { throw OutputFiles.unwritable(path) }
        guard access(path, W_OK) == 0 else { throw OutputFiles.unwritable(path) }
    }

    /// Writes the bytes beside their target and makes them durable.
    public func stage(_ bytes: [UInt8], as path: String) throws {
        guard path != "-" else {
            if !isRehearsal { toStandardOutput = bytes }
            return
        }
        try stage(as: path) { write in try write(bytes) }
    }

    /// The same of what is longer than memory should hold: `body` gives it piece by piece. To stdout it goes at once.
    public func stage(as path: String, _ body: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws {
        guard !isRehearsal else { return try body { _ in } }
        var descriptor: Int32 = 1
        if path == "-" {
            isPiped = true
        } else {
            let temporary = try reserve(path)
            descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw OutputFiles.unwritable(path) }
            if isPublic { fchmod(descriptor, 0o644) }
        }
        defer { if descriptor != 1 { close(descriptor) } }
        var buffer: [UInt8] = []
        func flush() throws {
            try OutputFiles.write(buffer, to: descriptor, for: path)
            buffer.removeAll(keepingCapacity: true)
        }
        try body { bytes in
            buffer += bytes
            if buffer.count >= 1 << 16 { try flush() }
        }
        try flush()
        guard descriptor == 1 || !isDurable || fsync(descriptor) == 0 else { throw OutputFiles.unwritable(path) }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, for path: String) throws {
        guard descriptor != 1 else { return try Console.write(bytes, to: 1) }
        var written = 0
        while written < bytes.count {
            let n = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if n < 0, errno == EINTR { continue }
            guard n >= 0 else { throw unwritable(path) }
            written += n
        }
    }

    /// A place beside the target for somebody else to write a file at, made durable by them.
    ///
    /// - Parameter companions: Endings of files they keep beside it meanwhile, to be taken away too when the program is interrupted.
    public func reserve(_ path: String, companions: [String] = []) throws -> String {
        try check(path)
        let temporary = OutputFiles.folder(of: path) + "/.vrm-\(getpid())-\(staged.count)"
        unlink(temporary)
        staged.append((temporary, path))
        for ending in [""] + companions { Leftovers.expect(temporary + ending) }
        return temporary
    }

    /// Puts all staged files in place.
    public func publish() throws {
        if let bytes = toStandardOutput { try Console.write(bytes + [10], to: 1) }
        while let file = staged.first {
            let placed =
                isForced
                ? rename(file.temporary, file.target) == 0 : OutputFiles.renameNew(file.temporary, file.target)
            guard placed else {
                throw errno == EEXIST ? OutputFiles.exists(file.target) : OutputFiles.unwritable(file.target)
            }
            staged.removeFirst()
            published.append(file.target)
        }
    }

    /// Renames unless the target is there. A memory stick knows no links: there the name is taken first.
    private static func renameNew(_ from: String, _ to: String) -> Bool {
        if link(from, to) == 0 {
            unlink(from)
            return true
        }
        guard [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else { return false }
        let taken = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard taken >= 0 else { return false }
        close(taken)
        return rename(from, to) == 0
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func exists(_ path: String) -> Message {
        Message("\(printable(path)) is there already", hint: "add --force to overwrite it", status: .conflict)
    }

    private static func unwritable(_ path: String) -> Message {
        switch errno {
        case ENOSPC, EDQUOT, EFBIG: Message("the disk is full", hint: "df -h \(printable(folder(of: path)))")
        default: Message("cannot write \(printable(path))", hint: "ls -ld \(printable(folder(of: path)))")
        }
    }
}
