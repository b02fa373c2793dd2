import VRMCrypto

/// One pass over every row of the store, on two threads: all bucket sums are compared, and records are opened on the way.
///
/// What was opened is given out only when every sum was the head's: nothing is believed before.
extension Store {
    /// A record as a pass meets it. Valid only during the call that gets it.
    struct PassingRecord {
        let kind: RecordKind
        let body: UnsafeRawBufferPointer
        fileprivate let headerBytes: UnsafeRawBufferPointer

        var header: ObjectHeader? { ObjectHeader(Array(headerBytes)) }
    }

    /// Compares the sums of all buckets.
    func checkAllBuckets() throws(VaultFailure) {
        guard !isAllChecked else { return }
        _ = try Pass<Never>(self, wants: { _ in false }, take: { _ throws(VaultFailure) in nil }, opens: false).run()
    }

    /// What `take` makes of the records of the kinds wanted, in the order of their rows.
    ///
    /// - Parameter take: Called from two threads. What it throws is thrown only when all sums fit.
    func pass<Found>(
        over wants: @escaping (RecordKind) -> Bool, _ take: @escaping (PassingRecord) throws(VaultFailure) -> Found?
    ) throws(VaultFailure) -> [Found] {
        try Pass(self, wants: wants, take: take, opens: true).run()
    }
}

private final class Pass<Found> {
    let store: Store
    let wants: (RecordKind) -> Bool
    let take: (Store.PassingRecord) throws(VaultFailure) -> Found?
    let opens: Bool
    let hands: [Hand]
    /// Where the key of a kid lies in `keys`.
    var slots: [RowName: Int] = [:]
    let keys: SecretBytes
    let keyBase: UnsafeMutableRawPointer

    /// Rows of one table, copied so that SQLite can go on.
    final class Batch {
        let number: Int
        let table: Store.RowClass
        let firstSlot: Int
        var bytes: [UInt8] = []
        var rows: [(rev: Int64, id: Int, sealed: Int, body: Int)] = []

        /// So much at once; a row can be longer.
        static var size: Int { 64 * 1024 }

        init(_ number: Int, _ table: Store.RowClass, firstSlot: Int) {
            (self.number, self.table, self.firstSlot) = (number, table, firstSlot)
            bytes.reserveCapacity(Batch.size + 2048)
            rows.reserveCapacity(1024)
        }
    }

    /// What each thread has of its own.
    final class Hand {
        let opener: RowOpener
        var sums = [BucketSum](repeating: BucketSum(), count: Head.bucketCount)
        var found: [(batch: Int, found: Found)] = []
        var isForeign = false
        var failure: VaultFailure?

        init(_ store: Store) { opener = RowOpener(vault: store.vault, keys: store.keys) }
    }

    struct RowName: Hashable {
        let a: UInt64
        let b: UInt64

        init(_ bytes: UnsafeRawBufferPointer) {
            a = bytes.loadUnaligned(as: UInt64.self)
            b = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        }
    }

    init(
        _ store: Store, wants: @escaping (RecordKind) -> Bool,
        take: @escaping (Store.PassingRecord) throws(VaultFailure) -> Found?, opens: Bool
    ) {
        (self.store, self.wants, self.take, self.opens) = (store, wants, take, opens)
        hands = [Hand(store), Hand(store)]
        var memory = SecretBytes(count: opens ? Int(store.head.keys) * 32 : 0)
        keyBase = memory.withUnsafeMutableBytes { $0.baseAddress! }
        keys = memory
    }

    func run() throws(VaultFailure) -> [Found] {
        if opens { slots.reserveCapacity(Int(store.head.keys)) }
        let crew = Crew<Batch> { [self] batch, hand in work(batch, hands[hand.rawValue]) }
        defer { crew.dismiss() }
        // Keys before the bodies they open.
        try read("SELECT kid, 0, wrapped FROM key", .key, crew)
        try read("SELECT tag, 0, ref FROM bi", .index, crew)
        try read("SELECT oid, rev, hdr, body FROM obj", .object, crew)
        var sums = hands[0].sums
        for (number, sum) in hands[1].sums.enumerated() { sums[number].add(sum) }
        guard !hands.contains(where: \.isForeign), sums == store.head.buckets else { throw .damaged(.bucket) }
        store.noteAllChecked()
        for hand in hands { if let failure = hand.failure { throw failure } }
        return hands.flatMap(\.found).sorted { $0.batch < $1.batch }.map(\.found)
    }

    private func read(_ sql: StaticString, _ table: Store.RowClass, _ crew: Crew<Batch>) throws(VaultFailure) {
        let rows = try store.database.statement(sql)
        var number = 0
        var batch = Batch(number, table, firstSlot: 0)
        while try rows.step() {
            let (id, sealed) = (rows.bytes(0), rows.bytes(2))
            if opens, table == .key {
                guard id.count == 16, slots.count < store.head.keys else { throw .damaged(.bucket) }
                slots[RowName(id)] = slots.count
            }
            batch.bytes += id
            batch.bytes += sealed
            var body = 0
            if opens, table == .object {
                batch.bytes += rows.bytes(3)
                body = Int(rows.bytes(3).count)
            }
            batch.rows.append((rows.number(1), id.count, sealed.count, body))
            if batch.bytes.count >= Batch.size {
                crew.add(batch)
                number += 1
                batch = Batch(number, table, firstSlot: slots.count)
            }
        }
        if number == 0 { work(batch, hands[0]) } else { crew.add(batch) }
        crew.finish()
    }

    private func work(_ batch: Batch, _ hand: Hand) {
        batch.bytes.withUnsafeBytes { bytes in
            var at = 0
            func next(_ count: Int) -> UnsafeRawBufferPointer {
                defer { at += count }
                return UnsafeRawBufferPointer(rebasing: bytes[at..<at + count])
            }
            for (index, row) in batch.rows.enumerated() {
                let (id, sealed, body) = (next(row.id), next(row.sealed), next(row.body))
                guard let element = hand.opener.element(batch.table, id, row.rev, sealed) else {
                    hand.isForeign = true
                    return
                }
                hand.sums[Store.bucket(of: id)].add(element)
                guard opens else { continue }
                do throws(VaultFailure) {
                    switch batch.table {
                    case .key:
                        guard hand.opener.open(key: sealed, id, into: keyBase + (batch.firstSlot + index) * 32) else {
                            throw .damaged(.key)
                        }
                    case .object:
                        if let found = try open(id, row.rev, sealed, body, hand.opener) {
                            hand.found.append((batch.number, found))
                        }
                    case .index: break
                    }
                } catch {
                    hand.failure = hand.failure ?? error
                }
            }
        }
    }

    private func open(
        _ oid: UnsafeRawBufferPointer, _ rev: Int64, _ sealed: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer,
        _ opener: RowOpener
    ) throws(VaultFailure) -> Found? {
        guard let header = opener.open(header: sealed, oid, rev, body), header.count >= 51,
            let kind = RecordKind(rawValue: UInt16(littleEndian: header.loadUnaligned(fromByteOffset: 16, as: UInt16.self)))
        else { throw .damaged(.row) }
        guard wants(kind) else { return nil }
        let kid = UnsafeRawBufferPointer(rebasing: header[19..<35])
        guard let slot = slots[RowName(kid)] else { throw .damaged(.key) }
        let length = UInt32(littleEndian: header.loadUnaligned(fromByteOffset: 43, as: UInt32.self))
        guard let plain = opener.open(body: body, oid, rev, kid, key: keyBase + slot * 32), plain.count == Int(length) else {
            throw .damaged(.row)
        }
        return try take(Store.PassingRecord(kind: kind, body: plain, headerBytes: header))
    }
}
