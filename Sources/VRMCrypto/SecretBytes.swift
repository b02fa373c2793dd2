import CSodium

/// Key material or a passphrase: in locked, guarded memory, wiped when it goes, never printed, never copied silently.
///
/// About 25 µs to make, and at most 16,377 at once (libsodium's guard pages): for keys, not for contents.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer
    public let count: Int

    /// Zero bytes, to be filled.
    public init(count: Int) {
        _ = Sodium.ready
        guard let memory = unsafe sodium_malloc(max(count, 1)) else { fatalError("no locked memory left") }
        unsafe sodium_memzero(memory, max(count, 1))
        unsafe self.memory = unsafe memory
        self.count = count
    }

    public init(random count: Int) {
        self.init(count: count)
        unsafe randombytes_buf(memory, count)
    }

    /// Copies `bytes` in. The caller's copy is the caller's to wipe.
    public init(copying bytes: some Collection<UInt8>) {
        self.init(count: bytes.count)
        var offset = 0
        for byte in bytes {
            unsafe memory.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            offset += 1
        }
    }

    deinit { unsafe sodium_free(memory) }

    public borrowing func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try unsafe body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    public mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R {
        try unsafe body(UnsafeMutableRawBufferPointer(start: memory, count: count))
    }

    /// A part of it, in locked memory of its own.
    public borrowing func slice(_ range: Range<Int>) -> SecretBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let part = SecretBytes(count: range.count)
        unsafe part.memory.copyMemory(from: memory + range.lowerBound, byteCount: range.count)
        return part
    }

    /// Puts another secret into a part of this one.
    public mutating func copy(_ other: borrowing SecretBytes, at offset: Int) {
        precondition(offset >= 0 && offset + other.count <= count)
        unsafe (memory + offset).copyMemory(from: other.memory, byteCount: other.count)
    }

    var base: UnsafePointer<UInt8> { unsafe UnsafePointer(memory.assumingMemoryBound(to: UInt8.self)) }
    var mutableBase: UnsafeMutablePointer<UInt8> { unsafe memory.assumingMemoryBound(to: UInt8.self) }
}

/// Overwrites an array that held a secret, before it is dropped.
public func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { unsafe sodium_memzero(base, $0.count) } }
    bytes.removeAll()
}
