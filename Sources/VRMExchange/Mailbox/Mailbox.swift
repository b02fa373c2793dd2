#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A person's mail on disk: an mbox file, a Maildir, or a folder of either, at any depth up to a cap.
///
/// Links are not followed, nothing but plain files is opened, nothing is written.
public enum Mailbox {
    /// Files and folders that were not read.
    public struct Rest: Hashable, Sendable {
        /// Plain files that are no mail: indexes, settings.
        public internal(set) var otherFiles = 0
        /// What the system did not let us open, links, and folders below ``deepest``.
        public internal(set) var unreadable = 0
        public internal(set) var files = 0
    }

    /// Folders within folders.
    static let deepest = 16

    /// Calls `reader` for every message.
    ///
    /// - Throws: ``FileFailure`` when there is nothing at `path` that can be read, ``MailboxFailure``.
    public static func read(_ path: String, for reader: inout some MailReader, progress: (Int64) -> Void) throws -> Rest {
        var walk = Walk()
        var info = stat()
        guard stat(path, &info) == 0 else { throw FileFailure(errno: errno) }
        switch info.st_mode & S_IFMT {
        case S_IFREG:
            let isMbox = try FileByteSource.reading(path) { source in
                try Mbox.read(source, for: &reader, progress: progress)
            }
            guard isMbox else { throw MailboxFailure.notAMailbox }
            walk.rest.files = 1
        case S_IFDIR:
            try walk.folder(path, depth: 0, &reader, progress)
            guard walk.rest.files > 0 || walk.hasMaildir else { throw MailboxFailure.notAMailbox }
        default: throw MailboxFailure.notAMailbox
        }
        return walk.rest
    }

    private struct Walk {
        var rest = Rest()
        var hasMaildir = false
        private var bytesRead: Int64 = 0

        mutating func folder(
            _ path: String, depth: Int, _ reader: inout some MailReader, _ progress: (Int64) -> Void
        ) throws {
            guard depth <= Mailbox.deepest else {
                rest.unreadable += 1
                return
            }
            let isMaildir = Folder("\(path)/cur") != nil || Folder("\(path)/new") != nil
            hasMaildir = hasMaildir || isMaildir
            try entries(of: path, depth) { walk, name in
                let inner = "\(path)/\(name)"
                switch Walk.kind(inner) {
                case S_IFDIR where isMaildir && (name == "cur" || name == "new"):
                    try walk.messages(inner, depth + 1, &reader, progress)
                case S_IFDIR where isMaildir && name == "tmp": break  // not delivered yet
                case S_IFDIR: try walk.folder(inner, depth: depth + 1, &reader, progress)
                case S_IFREG where !isMaildir: walk.mbox(inner, &reader, progress)
                case S_IFREG: walk.rest.otherFiles += 1
                default: walk.rest.unreadable += 1
                }
            }
        }

        private mutating func messages(
            _ path: String, _ depth: Int, _ reader: inout some MailReader, _ progress: (Int64) -> Void
        ) throws {
            try entries(of: path, depth) { walk, name in
                let file = "\(path)/\(name)"
                guard Walk.kind(file) == S_IFREG,
                    let read = try? Walk.opening(
                        file,
                        { source in
                            var pieces = LinePieces(source)
                            var message = MessageAssembler(file: file)
                            while !message.isDone, let piece = try pieces.next() {
                                message.take(
                                    piece.bytes, startsLine: piece.startsLine, isEmptyLine: piece.isEmptyLine, for: &reader)
                            }
                            message.end(for: &reader)
                            return pieces.bytesRead
                        })
                else {
                    walk.rest.unreadable += 1
                    return
                }
                walk.rest.files += 1
                walk.bytesRead += read
                progress(walk.bytesRead)
            }
        }

        private mutating func mbox(_ path: String, _ reader: inout some MailReader, _ progress: (Int64) -> Void) {
            let before = bytesRead
            var last: Int64 = 0
            do {
                let isMbox = try Walk.opening(path) { source in
                    try Mbox.read(source, for: &reader) {
                        last = $0
                        progress(before + $0)
                    }
                }
                if isMbox { rest.files += 1 } else { rest.otherFiles += 1 }
            } catch {
                rest.unreadable += 1
            }
            bytesRead += last
        }

        private mutating func entries(
            of path: String, _ depth: Int, _ body: (inout Walk, String) throws -> Void
        ) throws {
            guard let stream = opendir(path) else {
                if depth == 0 { throw FileFailure(errno: errno) }
                rest.unreadable += 1
                return
            }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { try body(&self, name) }
            }
        }

        private static func kind(_ path: String) -> mode_t? {
            var info = stat()
            return lstat(path, &info) == 0 ? info.st_mode & S_IFMT : nil
        }

        /// Opens a plain file that a moment ago was one: a pipe put in its place must not hang us.
        private static func opening<Result>(_ path: String, _ body: (FileByteSource) throws -> Result) throws -> Result {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { throw FileFailure(errno: errno) }
            defer { close(descriptor) }
            var info = stat()
            guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { throw FileFailure(errno: EINVAL) }
            return try body(FileByteSource(descriptor: descriptor))
        }
    }
}

/// Why there is no mail to read.
public enum MailboxFailure: Error, Equatable {
    case notAMailbox
}
