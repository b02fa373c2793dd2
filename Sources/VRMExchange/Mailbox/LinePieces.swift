#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Cuts a source into lines without ever keeping a whole one: a long line comes in pieces.
struct LinePieces<Source: ByteSource> {
    struct Piece {
        let bytes: ArraySlice<UInt8>
        let startsLine: Bool
        let endsLine: Bool
        /// An empty line, LF or CRLF.
        var isEmptyLine: Bool { startsLine && endsLine && (bytes.count == 1 || bytes.count == 2 && bytes.first == 13) }
    }
    private(set) var source: Source
    private(set) var bytesRead: Int64 = 0
    private var chunk: [UInt8] = []
    private var at = 0
    private var startsLine = true
    private var isAtEnd = false

    init(_ source: Source) { self.source = source }

    /// What starts a line has this many bytes at least, or is all of it.
    static var shortest: Int { 512 }

    /// The next piece with its LF, or nil at the end.
    mutating func next() throws -> Piece? {
        while true {
            if let end = lineEnd() {
                defer {
                    at = end
                    startsLine = true
                }
                return Piece(bytes: chunk[at..<end], startsLine: startsLine, endsLine: true)
            }
            if isAtEnd || chunk.count - at >= LinePieces.shortest {
                guard at < chunk.count else { return nil }
                defer {
                    at = chunk.count
                    startsLine = false
                }
                return Piece(bytes: chunk[at...], startsLine: startsLine, endsLine: false)
            }
            let more = try source.read(upTo: 64 * 1024)
            bytesRead += Int64(more.count)
            isAtEnd = more.isEmpty
            chunk = at == chunk.count ? more : Array(chunk[at...]) + more
            at = 0
        }
    }

    private func lineEnd() -> Int? {
        chunk.withUnsafeBufferPointer { buffer in
            guard at < buffer.count, let start = buffer.baseAddress, let found = memchr(start + at, 10, buffer.count - at) else {
                return nil
            }
            return found - UnsafeMutableRawPointer(mutating: start) + 1
        }
    }
}
