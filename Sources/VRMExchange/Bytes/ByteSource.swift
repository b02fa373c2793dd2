/// Where the bytes of an import come from: a file, a pipe, or memory.
public protocol ByteSource {
    /// Up to `n` of the next bytes; empty only at the end.
    mutating func read(upTo n: Int) throws -> [UInt8]
}

/// Bytes that are already in memory.
public struct MemoryByteSource: ByteSource {
    private var rest: ArraySlice<UInt8>

    public init(_ bytes: [UInt8]) { rest = bytes[...] }

    public init(_ text: String) { self.init(Array(text.utf8)) }

    public mutating func read(upTo n: Int) -> [UInt8] {
        let head = rest.prefix(n)
        rest = rest.dropFirst(n)
        return Array(head)
    }
}

/// A source that can be looked into before it is read.
struct PeekedByteSource<Base: ByteSource>: ByteSource {
    private(set) var base: Base
    private var head: [UInt8] = []

    init(_ base: Base) { self.base = base }

    /// The first byte that is neither white space nor part of a byte order mark. Looks at 4 KiB at most.
    mutating func firstByte() throws -> UInt8? {
        let blank: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
        while head.count < 4096 {
            if let byte = head.first(where: { !blank.contains($0) }) { return byte }
            let more = try base.read(upTo: 4096)
            if more.isEmpty { return nil }
            head += more
        }
        return head.first { !blank.contains($0) }
    }

    /// The first line, or the first 4 KiB of it.
    mutating func firstLine() throws -> ArraySlice<UInt8> {
        while head.count < 4096, !head.contains(UInt8(ascii: "\n")) {
            let more = try base.read(upTo: 4096)
            if more.isEmpty { break }
            head += more
        }
        return head.prefix { $0 != UInt8(ascii: "\n") }
    }

    mutating func read(upTo n: Int) throws -> [UInt8] {
        guard !head.isEmpty else { return try base.read(upTo: n) }
        let next = Array(head.prefix(n))
        head.removeFirst(next.count)
        return next
    }
}

extension ByteSource {
    /// All that is left, or nil as soon as it turns out to be more than `cap` bytes.
    mutating func readAll(upTo cap: Int, progress: (Int64) -> Void) throws -> [UInt8]? {
        var all: [UInt8] = []
        while true {
            let more = try read(upTo: 64 * 1024)
            if more.isEmpty { return all }
            all += more
            guard all.count <= cap else { return nil }
            progress(Int64(all.count))
        }
    }
}
