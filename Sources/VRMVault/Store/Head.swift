import VRMCrypto

/// The one row that commits to all others: sealed, rewritten by every change (docs/spec/vault-file.md §7).
struct Head: Equatable {
    /// One more with every change.
    var counter: Int64
    /// The header's; one lower while a new header waits to be completed.
    var generation: Int64
    var objects: Int64
    var keys: Int64
    var indexRows: Int64
    /// Work a shred still owes: 0 none, 1 vacuum.
    var pending: UInt8
    var logs: [Log]
    var buckets: [BucketSum]

    struct Log: Equatable {
        let device: [UInt8]
        var sequence: Int64
        var hash: [UInt8]
    }

    static let bucketCount = 1024

    init() {
        (counter, generation, objects, keys, indexRows, pending) = (0, 1, 0, 0, 0, 0)
        logs = []
        buckets = Array(repeating: BucketSum(), count: Head.bucketCount)
    }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(45 + logs.count * 56 + buckets.count * 32)
        for number in [counter, generation, objects, keys, indexRows] { out.append(number) }
        out.append(pending)
        out.append(UInt32(logs.count))
        for log in logs {
            out += log.device
            out.append(log.sequence)
            out += log.hash
        }
        for bucket in buckets { bucket.append(to: &out) }
        return out
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 45 else { return nil }
        func number(_ at: Int) -> Int64 { Int64(littleEndianBytes: bytes[at..<at + 8]) }
        (counter, generation, objects, keys, indexRows) = (number(0), number(8), number(16), number(24), number(32))
        pending = bytes[40]
        let count = Int(UInt32(littleEndianBytes: bytes[41..<45]))
        guard count <= 64, bytes.count == 45 + count * 56 + Head.bucketCount * 32 else { return nil }
        logs = (0..<count).map { i in
            let at = 45 + i * 56
            return Log(
                device: Array(bytes[at..<at + 16]), sequence: number(at + 16), hash: Array(bytes[at + 24..<at + 56]))
        }
        let start = 45 + count * 56
        buckets = bytes.withUnsafeBytes { raw in
            (0..<Head.bucketCount).map { BucketSum(raw.baseAddress! + start + $0 * 32) }
        }
    }
}

/// The sum, modulo 2^256, of the keyed digests of a bucket's rows. Order does not matter; adding and taking away is cheap;
/// without the key nobody finds another set with the same sum.
struct BucketSum: Equatable {
    private var limbs: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    /// Of 32 bytes, little-endian.
    init(_ bytes: UnsafeRawPointer) {
        func limb(_ at: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
        limbs = (limb(0), limb(8), limb(16), limb(24))
    }

    func append(to out: inout [UInt8]) {
        for limb in [limbs.0, limbs.1, limbs.2, limbs.3] { out.append(limb) }
    }

    mutating func add(_ other: BucketSum) {
        var carry = false
        func step(_ a: UInt64, _ b: UInt64) -> UInt64 {
            let (x, c1) = a.addingReportingOverflow(b)
            let (y, c2) = x.addingReportingOverflow(carry ? 1 : 0)
            carry = c1 || c2
            return y
        }
        limbs.0 = step(limbs.0, other.limbs.0)
        limbs.1 = step(limbs.1, other.limbs.1)
        limbs.2 = step(limbs.2, other.limbs.2)
        limbs.3 = step(limbs.3, other.limbs.3)
    }

    mutating func subtract(_ other: BucketSum) {
        var borrow = false
        func step(_ a: UInt64, _ b: UInt64) -> UInt64 {
            let (x, b1) = a.subtractingReportingOverflow(b)
            let (y, b2) = x.subtractingReportingOverflow(borrow ? 1 : 0)
            borrow = b1 || b2
            return y
        }
        limbs.0 = step(limbs.0, other.limbs.0)
        limbs.1 = step(limbs.1, other.limbs.1)
        limbs.2 = step(limbs.2, other.limbs.2)
        limbs.3 = step(limbs.3, other.limbs.3)
    }

    static func == (a: BucketSum, b: BucketSum) -> Bool { a.limbs == b.limbs }
}

extension Store {
    var headPlace: [UInt8] { Place(.head, vault: vault).bytes }

    /// Reads and opens the head.
    static func loadHead(_ database: Database, vault: [UInt8], keys: borrowing VaultKeys) throws(VaultFailure) -> (
        Head, digest: [UInt8]
    ) {
        let row = try database.statement("SELECT sealed FROM head WHERE one = 1")
        guard try row.step() else { throw .damaged(.head) }
        let sealed = row.blob(0)
        row.reset()
        guard let plain = try? Seal.open(sealed, key: keys.head, place: Place(.head, vault: vault).bytes), let head = Head(plain)
        else { throw .damaged(.head) }
        return (head, BLAKE2b.digest(sealed))
    }

    /// Seals and writes the head.
    ///
    /// - Returns: The digest of the sealed head, for ``LastSeen``.
    func saveHead() throws(VaultFailure) -> [UInt8] {
        let sealed = Seal.seal(head.bytes, key: keys.head, place: headPlace)
        try database.statement("INSERT OR REPLACE INTO head(one, sealed) VALUES(1, ?)").bind(1, sealed).run()
        return BLAKE2b.digest(sealed)
    }
}
