import VRMBundle
import VRMCrypto
public import VRMModel

/// What an export holds.
public struct ExportSummary: Sendable {
    /// The vault it is of.
    public let vault: String
    public let at: Instant
    public let entries: Int
    public let records: Int
    /// SHA-256 of all lines but the last, hexadecimal.
    public let sha256: String
}

extension Vault {
    /// Everything in the vault as lines of JSON that need no key (docs/spec/export.md): also the seeds the person signs with.
    ///
    /// Every row is checked on the way. Nothing but the ids of the records is held in memory.
    ///
    /// - Parameters:
    ///   - program: What makes it, for the first line.
    ///   - write: Gets one line after the other, each with its end. What it throws ends the export.
    ///   - progress: Gets the lines done, and how many there will be.
    /// - Throws: ``VaultFailure``, or what `write` throws.
    public func export(
        by program: String, at now: Instant, write: ([UInt8]) throws -> Void, progress: (_ done: Int64, _ of: Int64) -> Void
    ) throws -> ExportSummary {
        var names: [ExportedKey] = []
        func name(_ name: String) throws(VaultFailure) {
            for key in try store.find(.namedKey, Array(name.utf8)) { names.append(ExportedKey(key: key, name: name)) }
        }
        try name(NamedKey.own.rawValue)
        try name(NamedKey.directory.rawValue)
        for id in try store.titles(of: .relationship).map(\.id).sorted() { try name("former:\(id)") }
        guard let log = store.head.logs.first else { throw VaultFailure.damaged(.head) }
        let opening = ExportOpening(
            vault: id, at: now, program: program, keys: Int64(names.count), ledger: log.sequence, records: store.head.objects)
        let total = 1 + opening.keys + opening.ledger + opening.records
        var (lines, digest) = (Int64(0), SHA256.Running())
        func put(_ part: some ExportPart) throws {
            let bytes = part.bytes
            digest.add(bytes)
            try write(bytes)
            lines += 1
            progress(lines, total)
        }
        try put(opening)
        for key in names { try put(key) }

        var (order, seen): ([RecordID], Set<RecordID>) = ([], [])
        var problem: (any Error)?
        try store.readLog { (line) throws(VaultFailure) in
            for row in line.written where seen.insert(row.id).inserted { order.append(row.id) }
            guard problem == nil else { return }
            let entry = try Vault.exported(line)
            do { try put(entry) } catch { problem = error }
        }
        if let problem { throw problem }

        var records: Int64 = 0
        for id in order {
            guard let (rev, header, body) = try store.getRevision(id) else { continue }
            try put(
                ExportedRecord(
                    kind: header.kind, id: id, rev: rev, key: header.key, time: header.time, title: header.title,
                    body: try Vault.object(body)))
            records += 1
        }
        guard records == opening.records else { throw VaultFailure.damaged(.row) }
        let end = ExportEnd(lines: lines, sha256: Hex.encode(digest.digest()))
        try write(end.bytes)
        return ExportSummary(
            vault: id, at: now, entries: Int(opening.ledger), records: Int(records), sha256: end.sha256)
    }

    private static func exported(_ line: Store.LogLine) throws(VaultFailure) -> ExportedEntry {
        let entry = try line.entry.map { bytes throws(VaultFailure) in
            let object = try Vault.object(bytes)
            // The commitment is to bytes: whoever reads the export must be able to spell them again.
            guard JSONValue.object(object).bytes == bytes else { throw .damaged(.log) }
            return object
        }
        return ExportedEntry(
            sequence: line.sequence, at: line.at, key: line.key, written: line.written,
            salt: line.salted.map { Array($0[..<Store.saltBytes]) }, entry: entry, commitment: line.commitment)
    }
}
