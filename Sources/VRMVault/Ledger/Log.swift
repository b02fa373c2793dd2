import VRMCrypto
import VRMModel

/// The hash-chained log: what happened, sealed per company, so that forgetting a company blanks its entries while the
/// chain still verifies (docs/spec/vault-file.md §6).
extension Store {
    /// The one writer there is in version 1.
    var device: [UInt8] {
        get throws(VaultFailure) {
            guard let log = head.logs.first else { throw .damaged(.head) }
            return log.device
        }
    }

    func startLog() {
        let device = Random.bytes(16)
        head.logs = [Head.Log(device: device, sequence: 0, hash: logStart(device))]
    }

    private func logStart(_ device: [UInt8]) -> [UInt8] {
        BLAKE2b.digest(Place(.logStart, vault: vault).with(fixed: device).bytes)
    }

    private func logPlace(_ kind: Place.Class, _ device: [UInt8], _ sequence: Int64) -> Place {
        Place(kind, vault: vault).with(fixed: device).with(sequence)
    }

    /// Begins the log anew, under a device of its own: for a vault that has nothing but the line of its making.
    func restartLog() throws(VaultFailure) {
        try database.statement("DELETE FROM log").run()
        startLog()
    }

    /// Appends an entry under a company's or the person's own key, naming all rows written since the one before.
    func append(_ entry: [UInt8], key: RecordID, at now: Instant) throws(VaultFailure) {
        let salted = Random.bytes(Store.saltBytes) + entry
        try append(salted: salted, commitment: BLAKE2b.digest(salted), key: key, at: now)
    }

    static let saltBytes = 32

    /// - Parameter salted: Salt and entry; nil for the blank that is left of a forgotten one.
    func append(salted: [UInt8]?, commitment: [UInt8], key: RecordID, at now: Instant) throws(VaultFailure) {
        let device = try device
        let sequence = head.logs[0].sequence + 1
        var header = key.bytes + now.seconds.littleEndianBytes + UInt32(written.count).littleEndianBytes
        for row in written { header += row.id.bytes + row.rev.littleEndianBytes }
        written = []
        let sealedHeader = Seal.seal(Padding.pad(header), key: keys.log, place: logPlace(.logHeader, device, sequence).bytes)
        let hash = chain(head.logs[0].hash, device, sequence, BLAKE2b.digest(sealedHeader), commitment)
        let statement = try database.statement("INSERT INTO log(dev, seq, hdr, c, ct, h) VALUES(?, ?, ?, ?, ?, ?)")
        statement.bind(1, device).bind(2, sequence).bind(3, sealedHeader).bind(4, commitment).bind(6, hash)
        if let salted {
            let place = logPlace(.logEntry, device, sequence).with(fixed: key.bytes).bytes
            let sealed = try withKey(key) { secret throws(VaultFailure) in
                Seal.seal(Padding.pad(salted), key: secret, place: place)
            }
            statement.bind(5, sealed)
        }
        try statement.run()
        head.logs[0].sequence = sequence
        head.logs[0].hash = hash
    }

    /// - Parameter header: The digest of the sealed header.
    private func chain(_ before: [UInt8], _ device: [UInt8], _ sequence: Int64, _ header: [UInt8], _ commitment: [UInt8])
        -> [UInt8]
    {
        BLAKE2b.digest(before + device + sequence.littleEndianBytes + header + commitment)
    }

    /// One line of the log as it is kept.
    struct LogLine {
        let sequence: Int64
        let at: Instant
        let key: RecordID
        let written: [(id: RecordID, rev: Int64)]
        /// The digest of the sealed header.
        let header: [UInt8]
        let commitment: [UInt8]
        /// The chain up to the line before, and up to this one.
        let (before, hash): ([UInt8], [UInt8])
        /// What is committed to: the salt, then the entry. Nil once the company was forgotten.
        let salted: [UInt8]?

        var entry: [UInt8]? { salted.map { Array($0[Store.saltBytes...]) } }
    }

    /// Reads the whole log, checking every link, up to the head. A line is handed over before the links after it are checked.
    ///
    /// - Throws: ``VaultFailure/damaged(_:)`` of the log.
    func readLog(_ each: (LogLine) throws(VaultFailure) -> Void) throws(VaultFailure) {
        let device = try device
        var before = logStart(device)
        var expected: Int64 = 1
        let rows = try database.statement("SELECT dev, seq, hdr, c, ct, h FROM log ORDER BY dev, seq")
        while try rows.step() {
            let (header, commitment) = (rows.blob(2), rows.blob(3))
            let hash = chain(before, device, expected, BLAKE2b.digest(header), commitment)
            guard rows.blob(0) == device, rows.number(1) == expected, hash == rows.blob(5) else { throw .damaged(.log) }
            let sealed = rows.isNull(4) ? nil : rows.blob(4)
            try each(try open(header: header, commitment, sealed, device, expected, (before, hash)))
            before = hash
            expected += 1
        }
        guard expected - 1 == head.logs[0].sequence, before == head.logs[0].hash else { throw .damaged(.log) }
    }

    /// Makes everything under a key unreadable: the key goes, and the log entries under it are blanked. The chain still holds.
    func forget(_ key: RecordID) throws(VaultFailure) {
        var blank: [Int64] = []
        try readLog { (line) throws(VaultFailure) in if line.key == key { blank.append(line.sequence) } }
        let device = try device
        for sequence in blank {
            try database.statement("UPDATE log SET ct = NULL WHERE dev = ? AND seq = ?").bind(1, device).bind(2, sequence).run()
        }
        try removeKey(key)
    }

    private func open(
        header sealed: [UInt8], _ commitment: [UInt8], _ entry: [UInt8]?, _ device: [UInt8], _ sequence: Int64,
        _ chain: (before: [UInt8], hash: [UInt8])
    ) throws(VaultFailure) -> LogLine {
        guard let padded = try? Seal.open(sealed, key: keys.log, place: logPlace(.logHeader, device, sequence).bytes),
            let header = Padding.unpad(padded), header.count >= 28, let key = RecordID(Array(header[..<16]))
        else { throw .damaged(.log) }
        let count = Int(UInt32(littleEndianBytes: header[24..<28]))
        guard header.count == 28 + count * 24 else { throw .damaged(.log) }
        var written: [(id: RecordID, rev: Int64)] = []
        for i in 0..<count {
            let at = 28 + i * 24
            guard let id = RecordID(Array(header[at..<at + 16])) else { throw .damaged(.log) }
            written.append((id, Int64(littleEndianBytes: header[at + 16..<at + 24])))
        }
        // Blank exactly when its key is gone: else somebody blanked it who could not remove the key.
        guard try hasKey(key) == (entry != nil) else { throw .damaged(.log) }
        return LogLine(
            sequence: sequence, at: Instant(seconds: Int64(littleEndianBytes: header[16..<24])), key: key, written: written,
            header: BLAKE2b.digest(sealed), commitment: commitment, before: chain.before, hash: chain.hash,
            salted: try entry.map { entry throws(VaultFailure) in try open(entry: entry, commitment, key, device, sequence) })
    }

    private func open(
        entry sealed: [UInt8], _ commitment: [UInt8], _ key: RecordID, _ device: [UInt8], _ sequence: Int64
    ) throws(VaultFailure) -> [UInt8] {
        let place = logPlace(.logEntry, device, sequence).with(fixed: key.bytes).bytes
        return try withKey(key) { secret throws(VaultFailure) in
            guard let padded = try? Seal.open(sealed, key: secret, place: place), let salted = Padding.unpad(padded),
                salted.count >= Store.saltBytes, BLAKE2b.digest(salted) == commitment
            else { throw .damaged(.log) }
            return salted
        }
    }
}
