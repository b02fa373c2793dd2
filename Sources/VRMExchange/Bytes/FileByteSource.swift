#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why a file or folder could not be read, by the system's own number (`ENOENT`, `EACCES`, `EISDIR` …).
public struct FileFailure: Error, Equatable {
    public let errno: Int32
}

/// An open file or pipe. Whoever opened the descriptor closes it.
public struct FileByteSource: ByteSource {
    private let descriptor: Int32

    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// - Throws: ``FileFailure``. A call that a signal interrupted is made again.
    public mutating func read(upTo n: Int) throws -> [UInt8] {
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: n) { buffer, count in
            while true {
                #if canImport(Glibc)
                    let got = Glibc.read(descriptor, buffer.baseAddress, n)
                #else
                    let got = Darwin.read(descriptor, buffer.baseAddress, n)
                #endif
                if got >= 0 {
                    count = got
                    return
                }
                if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        if let failure { throw FileFailure(errno: failure) }
        return bytes
    }

    /// Opens the file at `path` for the time of `body`.
    ///
    /// - Throws: ``FileFailure`` when it cannot be opened, or what `body` throws.
    public static func reading<Result>(
        _ path: String, _ body: (inout FileByteSource) throws -> Result
    ) throws -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(errno: errno) }
        defer { close(descriptor) }
        var source = FileByteSource(descriptor: descriptor)
        return try body(&source)
    }
}
