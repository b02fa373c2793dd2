import VRMCrypto

/// Digests and opens rows where they lie, without a copy or an allocation for each: for passes over many.
///
/// Not to be shared between threads, and not to outlive the store. It compares no bucket's sum: the caller does, before
/// anything is believed.
final class RowOpener {
    private var digest: KeyedBLAKE2b
    private let meta: UnsafeRawPointer
    private let wrap: UnsafeRawPointer
    // Places with room for their fields, which begin at `fields`.
    private let element: UnsafeMutableRawBufferPointer
    private let header: UnsafeMutableRawBufferPointer
    private let body: UnsafeMutableRawBufferPointer
    private let wrapped: UnsafeMutableRawBufferPointer
    private let fields: Int
    private let sum: UnsafeMutableRawPointer
    private var plainHeader: UnsafeMutableRawBufferPointer
    private var plainBody: UnsafeMutableRawBufferPointer

    init(vault: [UInt8], keys: borrowing VaultKeys) {
        digest = KeyedBLAKE2b(key: keys.buckets)
        // Locked memory does not move while the keys live.
        meta = keys.meta.withUnsafeBytes { $0.baseAddress! }
        wrap = keys.wrap.withUnsafeBytes { $0.baseAddress! }
        fields = Place(.head, vault: vault).bytes.count
        func room(_ kind: Place.Class, _ count: Int) -> UnsafeMutableRawBufferPointer {
            let place = Place(kind, vault: vault).bytes
            let room = UnsafeMutableRawBufferPointer.allocate(byteCount: place.count + count, alignment: 8)
            room.copyBytes(from: place)
            return room
        }
        element = room(.bucketElement, 1 + 32 + 8 + Seal.tagBytes)
        header = room(.objectHeader, 16 + 8 + Seal.overhead)
        body = room(.objectBody, 16 + 8 + 16)
        wrapped = room(.wrappedKey, 16)
        sum = .allocate(byteCount: KeyedBLAKE2b.byteCount, alignment: 8)
        plainHeader = .allocate(byteCount: 1024, alignment: 8)
        plainBody = .allocate(byteCount: 16 * 1024, alignment: 8)
    }

    deinit {
        for room in [element, header, body, wrapped, plainHeader, plainBody] { room.deallocate() }
        sum.deallocate()
    }

    /// What a row adds to the sum of its bucket (docs/spec/vault-file.md §7); nil for one that no vault of ours holds.
    func element(_ kind: Store.RowClass, _ id: UnsafeRawBufferPointer, _ rev: Int64, _ sealed: UnsafeRawBufferPointer)
        -> BucketSum?
    {
        guard id.count == (kind == .index ? 32 : 16), sealed.count >= Seal.tagBytes else { return nil }
        element[fields] = kind.rawValue
        var end = fields + 1
        end = write(id, to: element, at: end)
        end = write(rev, to: element, at: end)
        end = write(UnsafeRawBufferPointer(rebasing: sealed.suffix(Seal.tagBytes)), to: element, at: end)
        digest.digest(UnsafeRawBufferPointer(rebasing: element[..<end]), into: sum)
        return BucketSum(UnsafeRawPointer(sum))
    }

    /// Opens a wrapped key to the 32 bytes at `key`.
    ///
    /// - Returns: Whether it is authentic.
    func open(key row: UnsafeRawBufferPointer, _ kid: UnsafeRawBufferPointer, into key: UnsafeMutableRawPointer) -> Bool {
        guard kid.count == 16, row.count == Seal.overhead + 32 else { return false }
        _ = write(kid, to: wrapped, at: fields)
        return Seal.open(row, into: key, key: wrap, place: UnsafeRawBufferPointer(wrapped))
    }

    /// The content of a record's header, valid until the next one is opened.
    func open(
        header row: UnsafeRawBufferPointer, _ oid: UnsafeRawBufferPointer, _ rev: Int64, _ sealedBody: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer? {
        guard oid.count == 16, row.count >= Seal.overhead, sealedBody.count >= Seal.overhead else { return nil }
        var end = write(oid, to: header, at: fields)
        end = write(rev, to: header, at: end)
        end = write(UnsafeRawBufferPointer(rebasing: sealedBody.prefix(Seal.nonceBytes)), to: header, at: end)
        end = write(UnsafeRawBufferPointer(rebasing: sealedBody.suffix(Seal.tagBytes)), to: header, at: end)
        return open(row, into: &plainHeader, meta, UnsafeRawBufferPointer(header))
    }

    /// The content of a record's body, valid until the next one is opened.
    func open(
        body row: UnsafeRawBufferPointer, _ oid: UnsafeRawBufferPointer, _ rev: Int64, _ kid: UnsafeRawBufferPointer,
        key: UnsafeRawPointer
    ) -> UnsafeRawBufferPointer? {
        guard oid.count == 16, kid.count == 16, row.count >= Seal.overhead else { return nil }
        var end = write(oid, to: body, at: fields)
        end = write(rev, to: body, at: end)
        _ = write(kid, to: body, at: end)
        return open(row, into: &plainBody, key, UnsafeRawBufferPointer(body))
    }

    private func open(
        _ sealed: UnsafeRawBufferPointer, into plain: inout UnsafeMutableRawBufferPointer, _ key: UnsafeRawPointer,
        _ place: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer? {
        let count = sealed.count - Seal.overhead
        if plain.count < count {
            plain.deallocate()
            plain = .allocate(byteCount: count, alignment: 8)
        }
        guard Seal.open(sealed, into: plain.baseAddress!, key: key, place: place) else { return nil }
        return Padding.unpad(UnsafeRawBufferPointer(rebasing: plain[..<count]))
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to place: UnsafeMutableRawBufferPointer, at: Int) -> Int {
        (place.baseAddress! + at).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
        return at + bytes.count
    }

    private func write(_ number: Int64, to place: UnsafeMutableRawBufferPointer, at: Int) -> Int {
        (place.baseAddress! + at).storeBytes(of: number.littleEndian, as: Int64.self)
        return at + 8
    }
}
