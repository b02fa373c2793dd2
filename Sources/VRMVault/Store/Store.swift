import VRMCrypto
import VRMModel

/// The rows of an open vault, every one sealed, bound to its place, and counted in the head.
///
/// Nothing is read from a bucket before the bucket's sum was compared with the head's; so a row put back from an older
/// copy, removed or put in is noticed when it is read.
final class Store {
    let vault: [UInt8]
    let keys: VaultKeys
    let database: Database
    var head: Head
    private var checked = [Bool](repeating: false, count: Head.bucketCount)
    /// Rows written since the last log entry, for its header.
    var written: [(id: RecordID, rev: Int64)] = []
    private var scratch = SecretBytes(count: 32)
    /// The key that lies in `scratch`.
    private var scratchKey: RecordID?
    private let opener: RowOpener
    /// How many records are filed under a value, of long lists this change appended to.
    private var lengths: [[UInt8]: Int64] = [:]

    init(vault: [UInt8], keys: consuming VaultKeys, database: Database, head: Head) {
        self.vault = vault
        self.keys = keys
        self.database = database
        self.head = head
        opener = RowOpener(vault: vault, keys: self.keys)
    }

    // MARK: Buckets

    static func bucket(of id: some Collection<UInt8>) -> Int {
        Int(id[id.startIndex]) << 2 | Int(id[id.index(after: id.startIndex)] >> 6)
    }

    enum RowClass: UInt8 { case object = 1, key, index }

    private func element(_ kind: RowClass, _ id: [UInt8], _ rev: Int64, _ sealed: [UInt8]) throws(VaultFailure) -> BucketSum {
        let element = id.withUnsafeBytes { id in sealed.withUnsafeBytes { opener.element(kind, id, rev, $0) } }
        guard let element else { throw .damaged(.bucket) }
        return element
    }

    /// The sum of the rows that are there now.
    private func sum(ofBucket number: Int) throws(VaultFailure) -> BucketSum {
        let low = Store.bound(number)
        let high = number + 1 < Head.bucketCount ? Store.bound(number + 1) : [UInt8](repeating: 0xFF, count: 33)
        var sum = BucketSum()
        func add(_ kind: RowClass, _ rows: Statement) throws(VaultFailure) {
            rows.bind(1, low).bind(2, high)
            while try rows.step() {
                guard let element = opener.element(kind, rows.bytes(0), rows.number(1), rows.bytes(2)) else {
                    throw .damaged(.bucket)
                }
                sum.add(element)
            }
        }
        try add(.object, database.statement("SELECT oid, rev, hdr FROM obj WHERE oid >= ? AND oid < ?"))
        try add(.key, database.statement("SELECT kid, 0, wrapped FROM key WHERE kid >= ? AND kid < ?"))
        try add(.index, database.statement("SELECT tag, 0, ref FROM bi WHERE tag >= ? AND tag < ?"))
        return sum
    }

    private static func bound(_ bucket: Int) -> [UInt8] { [UInt8(bucket >> 2), UInt8(bucket & 3) << 6] }

    /// - Throws: ``VaultFailure/damaged(_:)`` of a bucket whose rows are not the ones last committed.
    func checkBucket(of id: [UInt8]) throws(VaultFailure) { try checkBucket(Store.bucket(of: id)) }

    private func checkBucket(_ number: Int) throws(VaultFailure) {
        guard !checked[number] else { return }
        guard try sum(ofBucket: number) == head.buckets[number] else { throw .damaged(.bucket) }
        checked[number] = true
    }

    var isAllChecked: Bool { checked.allSatisfy { $0 } }

    /// For a pass that compared every sum.
    func noteAllChecked() { checked = [Bool](repeating: true, count: Head.bucketCount) }

    /// Forgets what was checked, after a rollback.
    func reset(to head: Head) {
        self.head = head
        written = []
        lengths = [:]
        scratchKey = nil
        checked = [Bool](repeating: false, count: Head.bucketCount)
    }

    private func account(_ id: [UInt8], adding new: BucketSum?, removing old: BucketSum?) {
        let bucket = Store.bucket(of: id)
        if let old { head.buckets[bucket].subtract(old) }
        if let new { head.buckets[bucket].add(new) }
    }

    // MARK: Keys

    /// Makes a random key and keeps it wrapped, under a new id unless it has one.
    @discardableResult
    func makeKey(_ given: RecordID? = nil) throws(VaultFailure) -> RecordID {
        let id = given ?? RecordID(Random.bytes(RecordID.byteCount))!
        let key = SecretBytes(random: 32)
        let wrapped = Seal.seal(key, key: keys.wrap, place: Place(.wrappedKey, vault: vault).with(fixed: id.bytes).bytes)
        try checkBucket(of: id.bytes)
        try database.statement("INSERT INTO key(kid, wrapped) VALUES(?, ?)").bind(1, id.bytes).bind(2, wrapped).run()
        account(id.bytes, adding: try element(.key, id.bytes, 0, wrapped), removing: nil)
        head.keys += 1
        return id
    }

    func withKey<R>(_ id: RecordID, _ use: (borrowing SecretBytes) throws(VaultFailure) -> R) throws(VaultFailure) -> R {
        if id == scratchKey { return try use(scratch) }
        scratchKey = nil
        try checkBucket(of: id.bytes)
        let row = try database.statement("SELECT wrapped FROM key WHERE kid = ?").bind(1, id.bytes)
        guard try row.step() else { throw .damaged(.key) }
        let wrapped = row.blob(0)
        row.reset()
        do {
            try Seal.open(
                wrapped, into: &scratch, key: keys.wrap, place: Place(.wrappedKey, vault: vault).with(fixed: id.bytes).bytes)
        } catch {
            throw .damaged(.key)
        }
        scratchKey = id
        return try use(scratch)
    }

    func hasKey(_ id: RecordID) throws(VaultFailure) -> Bool {
        try checkBucket(of: id.bytes)
        let row = try database.statement("SELECT 1 FROM key WHERE kid = ?").bind(1, id.bytes)
        let has = try row.step()
        row.reset()
        return has
    }

    func removeKey(_ id: RecordID) throws(VaultFailure) {
        try checkBucket(of: id.bytes)
        let row = try database.statement("SELECT wrapped FROM key WHERE kid = ?").bind(1, id.bytes)
        guard try row.step() else { return }
        account(id.bytes, adding: nil, removing: try element(.key, id.bytes, 0, row.blob(0)))
        row.reset()
        if id == scratchKey { scratchKey = nil }
        try database.statement("DELETE FROM key WHERE kid = ?").bind(1, id.bytes).run()
        head.keys -= 1
    }

    // MARK: Objects

    /// Where a record's row lies: what a company or a mail sees of a record's id tells nothing about the files.
    func row(of id: RecordID) -> RecordID {
        let place = Place(.rowID, vault: vault).with(fixed: id.bytes).bytes
        return RecordID(BLAKE2b.digest(place, key: keys.rows, count: RecordID.byteCount))!
    }

    /// Writes a record's next revision.
    ///
    /// - Parameters:
    ///   - key: The domain or item key its body is sealed under.
    ///   - given: The revision of a record that comes from another vault.
    func put(
        _ id: RecordID, _ kind: RecordKind, title: String, body: [UInt8], key: RecordID, at now: Instant, rev given: Int64? = nil
    ) throws(VaultFailure) {
        guard body.count <= ObjectHeader.longestBody else { throw .valueTooLong }
        let oid = row(of: id)
        try checkBucket(of: oid.bytes)
        let row = try database.statement("SELECT rev, hdr FROM obj WHERE oid = ?").bind(1, oid.bytes)
        var old: (rev: Int64, hdr: [UInt8])?
        if try row.step() { old = (row.number(0), row.blob(1)) }
        row.reset()
        let rev = given ?? (old?.rev ?? 0) + 1
        let sealedBody = try withKey(key) { secret throws(VaultFailure) in
            Seal.seal(Padding.pad(body), key: secret, place: bodyPlace(oid, rev, key))
        }
        let header = ObjectHeader(id: id, kind: kind, key: key, time: now, bodyLength: UInt32(body.count), title: title)
        let sealedHeader = Seal.seal(Padding.pad(header.bytes), key: keys.meta, place: headerPlace(oid, rev, sealedBody))
        try database.statement("INSERT OR REPLACE INTO obj(oid, rev, hdr, body) VALUES(?, ?, ?, ?)")
            .bind(1, oid.bytes).bind(2, rev).bind(3, sealedHeader).bind(4, sealedBody).run()
        account(
            oid.bytes, adding: try element(.object, oid.bytes, rev, sealedHeader),
            removing: try old.map { old throws(VaultFailure) in try element(.object, oid.bytes, old.rev, old.hdr) })
        if old == nil { head.objects += 1 }
        written.append((id, rev))
    }

    func header(_ id: RecordID) throws(VaultFailure) -> ObjectHeader? { try row(id)?.header }

    func get(_ id: RecordID) throws(VaultFailure) -> (header: ObjectHeader, body: [UInt8])? {
        guard let row = try row(id) else { return nil }
        return (row.header, try open(body: row.body, self.row(of: id), row.rev, row.header))
    }

    /// The same with its revision.
    func getRevision(_ id: RecordID) throws(VaultFailure) -> (rev: Int64, header: ObjectHeader, body: [UInt8])? {
        guard let row = try row(id) else { return nil }
        return (row.rev, row.header, try open(body: row.body, self.row(of: id), row.rev, row.header))
    }

    private func row(_ id: RecordID) throws(VaultFailure) -> (rev: Int64, header: ObjectHeader, body: [UInt8])? {
        let oid = self.row(of: id)
        try checkBucket(of: oid.bytes)
        let row = try database.statement("SELECT rev, hdr, body FROM obj WHERE oid = ?").bind(1, oid.bytes)
        guard try row.step() else { return nil }
        let (rev, sealed, body) = (row.number(0), row.blob(1), row.blob(2))
        row.reset()
        return (rev, try open(header: sealed, oid, rev, body), body)
    }

    /// Opens every record whose header is wanted, one at a time. Checks the whole store first. `each` must not scan.
    func scan(_ wants: (ObjectHeader) -> Bool, _ each: (RecordID, ObjectHeader, [UInt8]) throws(VaultFailure) -> Void)
        throws(VaultFailure)
    {
        try checkAllBuckets()
        let rows = try database.statement("SELECT oid, rev, hdr, body FROM obj")
        while try rows.step() {
            guard let oid = RecordID(rows.blob(0)) else { throw .damaged(.row) }
            let (rev, body) = (rows.number(1), rows.blob(3))
            let header = try open(header: rows.blob(2), oid, rev, body)
            if wants(header) { try each(header.id, header, try open(body: body, oid, rev, header)) }
        }
    }

    /// The titles of all records of a kind, from their headers alone.
    func titles(of kind: RecordKind) throws(VaultFailure) -> [(id: RecordID, title: String)] {
        try checkAllBuckets()
        let rows = try database.statement("SELECT oid, rev, hdr, body FROM obj")
        var titles: [(id: RecordID, title: String)] = []
        while try rows.step() {
            guard let oid = RecordID(rows.blob(0)) else { throw .damaged(.row) }
            let header = try open(header: rows.blob(2), oid, rows.number(1), rows.blob(3))
            if header.kind == kind { titles.append((header.id, header.title)) }
        }
        return titles
    }

    /// The revision each record's row says it has; rows whose header does not open stand under their own id. Checks no bucket:
    /// for naming what does not fit.
    func revisions() throws(VaultFailure) -> [RecordID: Int64] {
        var revisions: [RecordID: Int64] = [:]
        let rows = try database.statement("SELECT oid, rev, hdr, body FROM obj")
        while try rows.step() {
            guard let oid = RecordID(rows.blob(0)) else { throw .damaged(.row) }
            let header = try? open(header: rows.blob(2), oid, rows.number(1), rows.blob(3))
            revisions[header?.id ?? oid] = rows.number(1)
        }
        return revisions
    }

    func remove(_ id: RecordID) throws(VaultFailure) {
        let oid = row(of: id)
        try checkBucket(of: oid.bytes)
        let row = try database.statement("SELECT rev, hdr FROM obj WHERE oid = ?").bind(1, oid.bytes)
        guard try row.step() else { return }
        account(oid.bytes, adding: nil, removing: try element(.object, oid.bytes, row.number(0), row.blob(1)))
        row.reset()
        try database.statement("DELETE FROM obj WHERE oid = ?").bind(1, oid.bytes).run()
        head.objects -= 1
        written.append((id, 0))
    }

    private func bodyPlace(_ id: RecordID, _ rev: Int64, _ key: RecordID) -> [UInt8] {
        Place(.objectBody, vault: vault).with(fixed: id.bytes).with(rev).with(fixed: key.bytes).bytes
    }

    /// Bound to the body by its nonce and tag, so that lists need to open headers only.
    private func headerPlace(_ id: RecordID, _ rev: Int64, _ body: [UInt8]) -> [UInt8] {
        Place(.objectHeader, vault: vault).with(fixed: id.bytes).with(rev).with(fixed: body.prefix(Seal.nonceBytes))
            .with(fixed: body.suffix(Seal.tagBytes)).bytes
    }

    private func open(header sealed: [UInt8], _ id: RecordID, _ rev: Int64, _ body: [UInt8]) throws(VaultFailure) -> ObjectHeader
    {
        guard body.count >= Seal.overhead,
            let padded = try? Seal.open(sealed, key: keys.meta, place: headerPlace(id, rev, body)),
            let plain = Padding.unpad(padded), let header = ObjectHeader(plain), row(of: header.id) == id
        else { throw .damaged(.row) }
        return header
    }

    private func open(body sealed: [UInt8], _ id: RecordID, _ rev: Int64, _ header: ObjectHeader) throws(VaultFailure) -> [UInt8]
    {
        try withKey(header.key) { secret throws(VaultFailure) in
            guard let padded = try? Seal.open(sealed, key: secret, place: bodyPlace(id, rev, header.key)),
                let body = Padding.unpad(padded), body.count == header.bodyLength
            else { throw .damaged(.row) }
            return body
        }
    }

    // MARK: Index

    private func tag(_ index: Index, _ value: [UInt8], _ number: Int64) -> [UInt8] {
        BLAKE2b.digest(
            Place(.indexTag, vault: vault).with(fixed: [index.rawValue]).with(variable: value).with(number).bytes,
            key: keys.indexTag)
    }

    private func reference(at tag: [UInt8]) throws(VaultFailure) -> (id: RecordID, sealed: [UInt8])? {
        try checkBucket(of: tag)
        let row = try database.statement("SELECT ref FROM bi WHERE tag = ?").bind(1, tag)
        guard try row.step() else { return nil }
        let sealed = row.blob(0)
        row.reset()
        let place = Place(.indexReference, vault: vault).with(fixed: tag).bytes
        guard let plain = try? Seal.open(sealed, key: keys.indexReference, place: place), let id = RecordID(plain) else {
            throw .damaged(.index)
        }
        return (id, sealed)
    }

    /// All records filed under a value, in the order they were filed.
    func find(_ index: Index, _ value: [UInt8]) throws(VaultFailure) -> [RecordID] {
        var found: [RecordID] = []
        while let hit = try reference(at: tag(index, value, Int64(found.count))) { found.append(hit.id) }
        return found
    }

    /// Files a record under a value; one that is there already stays once.
    func file(_ id: RecordID, _ index: Index, _ value: [UInt8]) throws(VaultFailure) {
        let filed = try find(index, value)
        guard !filed.contains(id) else { return }
        lengths[[index.rawValue] + value] = nil
        try write(id, at: tag(index, value, Int64(filed.count)))
    }

    /// Files a record that was never filed before, without reading the others: a list can be as long as the vault.
    func append(_ id: RecordID, _ index: Index, _ value: [UInt8]) throws(VaultFailure) {
        let list = [index.rawValue] + value
        if let length = lengths[list] {
            try write(id, at: tag(index, value, length))
            lengths[list] = length + 1
            return
        }
        var low: Int64 = -1  // the last number known to be taken
        var high: Int64 = 0  // not taken, once the first loop ends
        while try isTaken(tag(index, value, high)) { (low, high) = (high, high * 2 + 1) }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try isTaken(tag(index, value, middle)) { low = middle } else { high = middle }
        }
        try write(id, at: tag(index, value, high))
        if high >= 8 { lengths[list] = high + 1 }
    }

    private func isTaken(_ tag: [UInt8]) throws(VaultFailure) -> Bool {
        try checkBucket(of: tag)
        let row = try database.statement("SELECT 1 FROM bi WHERE tag = ?").bind(1, tag)
        let taken = try row.step()
        row.reset()
        return taken
    }

    /// Opens every reference, for a full check.
    func openAllReferences() throws(VaultFailure) {
        let rows = try database.statement("SELECT tag FROM bi")
        var tags: [[UInt8]] = []
        while try rows.step() { tags.append(rows.blob(0)) }
        for tag in tags { _ = try reference(at: tag) }
        guard Int64(tags.count) == head.indexRows else { throw .damaged(.index) }
    }

    /// Takes a record out; the last one under the value moves into the gap.
    func unfile(_ id: RecordID, _ index: Index, _ value: [UInt8]) throws(VaultFailure) {
        let filed = try find(index, value)
        lengths[[index.rawValue] + value] = nil
        guard let gap = filed.firstIndex(of: id) else { return }
        try erase(at: tag(index, value, Int64(filed.count - 1)))
        if gap < filed.count - 1 {
            let place = tag(index, value, Int64(gap))
            try erase(at: place)
            try write(filed[filed.count - 1], at: place)
        }
    }

    private func write(_ id: RecordID, at tag: [UInt8]) throws(VaultFailure) {
        try checkBucket(of: tag)
        let sealed = Seal.seal(
            id.bytes, key: keys.indexReference, place: Place(.indexReference, vault: vault).with(fixed: tag).bytes)
        try database.statement("INSERT INTO bi(tag, ref) VALUES(?, ?)").bind(1, tag).bind(2, sealed).run()
        account(tag, adding: try element(.index, tag, 0, sealed), removing: nil)
        head.indexRows += 1
    }

    private func erase(at tag: [UInt8]) throws(VaultFailure) {
        guard let hit = try reference(at: tag) else { return }
        try database.statement("DELETE FROM bi WHERE tag = ?").bind(1, tag).run()
        account(tag, adding: nil, removing: try element(.index, tag, 0, hit.sealed))
        head.indexRows -= 1
    }
}
