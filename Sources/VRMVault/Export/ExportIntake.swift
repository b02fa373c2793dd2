import VRMBundle
import VRMCrypto
import VRMModel

extension Vault {
    /// Whether a first line begins an export that can be read, before anybody is asked for a passphrase.
    ///
    /// - Throws: ``ExportFailure/notAnExport``, ``ExportFailure/newerVersion(_:)``.
    public static func check(export first: [UInt8]) throws(ExportFailure) {
        guard let object = (try? JSONParser.parse(first))?.object, object["line"]?.string == ExportLine.opening.rawValue,
            object["format"]?.string == ExportLine.format, let version = object["version"]?.integer, version > 0
        else { throw .notAnExport }
        guard version == ExportLine.version else { throw .newerVersion(version) }
    }

    /// The longest line an export may have, in bytes.
    public static let longestExportLine = ExportLine.longest
}

extension Change {
    /// Fills a vault that was just made with what an export holds: the same records, revisions, times and ledger.
    ///
    /// It is checked while it is written, in one transaction that is taken back at the first fault: so it can come from a
    /// pipe, and never lies in a file on the way.
    ///
    /// - Parameter next: Gives one line after the other, without its end; nil after the last.
    /// - Throws: ``ExportFailure``, ``VaultFailure``, or what `next` throws.
    public func take(export next: () throws -> [UInt8]?) throws -> ExportSummary {
        guard store.head.objects == 0, store.head.logs.map(\.sequence) == [1] else { throw ExportFailure.vaultNotEmpty }
        let own = Array(NamedKey.own.rawValue.utf8)
        for key in try store.find(.namedKey, own) {
            try store.unfile(key, .namedKey, own)
            try store.removeKey(key)
        }
        try store.restartLog()
        var intake = ExportIntake(store)
        while let line = try next() { try intake.take(line) }
        let summary = try intake.finish()
        try record(.imported, records: [], detail: ["export", "\(summary.records)"])
        return summary
    }
}

/// An export being read into the store, and what is known of it so far. docs/spec/export.md §3 has the rules.
private struct ExportIntake {
    private let store: Store
    private var line = 0
    private var digest = SHA256.Running()
    private var opening: ExportOpening?
    private var end: ExportEnd?
    private var last = ExportLine.opening
    private var (keyLines, entries, records): (Int64, Int64, Int64) = (0, 0, 0)

    /// What the ledger says of a record, and what was read of it.
    private struct Known {
        var rev: Int64
        var line: Int
        var kind: RecordKind?
    }
    private var known: [RecordID: Known] = [:]

    private enum Owner: Equatable {
        case name(String)
        case record(RecordKind, RecordID)
        /// A ledger line lies under it, and nobody else said so far whose it is.
        case ledger(line: Int)
        /// It went with its company.
        case nobody
    }
    private var owners: [RecordID: Owner] = [:]
    private var unresolved: [(reference: RecordTies.Reference, line: Int)] = []

    init(_ store: Store) { self.store = store }

    // MARK: Lines

    mutating func take(_ bytes: [UInt8]) throws {
        line += 1
        guard end == nil else { throw ExportFailure.changed }
        if line == 1 { try Vault.check(export: bytes) }
        guard let object = (try? JSONParser.parse(bytes))?.object,
            let kind = object["line"]?.string.flatMap({ ExportLine(rawValue: $0) })
        else { throw malformed("line") }
        guard (line == 1) == (kind == .opening), kind.rank >= last.rank else { throw malformed("line in this place") }
        last = kind
        switch kind {
        case .opening: opening = try part(object)
        case .key: try take(try part(object) as ExportedKey)
        case .ledger: try take(try part(object) as ExportedEntry)
        case .record: try take(try part(object) as ExportedRecord)
        case .end: end = try part(object)
        }
        if end == nil { digest.add(bytes + [0x0A]) }
    }

    private func malformed(_ what: String) -> ExportFailure { .malformed(line: line, what) }

    /// Read and written again it must be the same: no member is lost, and none is smuggled in.
    private func part<Part: ExportPart>(_ object: JSONObject) throws -> Part {
        guard let part = try? Part(object), JSONValue.object(part.json).bytes == JSONValue.object(object).bytes else {
            let kind = object["kind"]?.string.flatMap { name in RecordKind.allCases.first { $0.name == name } }
            throw malformed(kind?.name ?? Part.line.word)
        }
        return part
    }

    private mutating func take(_ key: ExportedKey) throws {
        keyLines += 1
        guard owners[key.key] == nil else { throw ExportFailure.duplicate(line: line, "key") }
        if key.name.hasPrefix("former:"), let relationship = RecordID(String(key.name.dropFirst(7))) {
            unresolved.append((RecordTies.Reference(id: relationship, kind: .relationship), line))
        } else {
            guard NamedKey(rawValue: key.name) != nil else { throw malformed("key") }
            guard !owners.values.contains(.name(key.name)) else { throw ExportFailure.duplicate(line: line, "key") }
        }
        try store.makeKey(key.key)
        owners[key.key] = .name(key.name)
        try store.file(key.key, .namedKey, Array(key.name.utf8))
    }

    private mutating func take(_ entry: ExportedEntry) throws {
        entries += 1
        guard entry.sequence == entries else { throw ExportFailure.ledgerDiffers(line: line) }
        var salted: [UInt8]?
        if let salt = entry.salt, let object = entry.entry {
            let bytes = JSONValue.object(object).bytes
            guard let read = try? LedgerEntry(object), read.json.bytes == bytes else { throw malformed(ExportLine.ledger.word) }
            guard read.at == entry.at, BLAKE2b.digest(salt + bytes) == entry.commitment else {
                throw ExportFailure.ledgerDiffers(line: line)
            }
            salted = salt + bytes
            if owners[entry.key] == nil {
                owners[entry.key] = .ledger(line: line)
                try store.makeKey(entry.key)
            }
        } else if owners[entry.key] == nil {
            owners[entry.key] = .nobody
        }
        // Blank exactly when its key is gone.
        guard (owners[entry.key] == .nobody) == (salted == nil) else { throw ExportFailure.ledgerDiffers(line: line) }
        for row in entry.written { known[row.id] = Known(rev: row.rev, line: line) }
        store.written = entry.written
        try store.append(salted: salted, commitment: entry.commitment, key: entry.key, at: entry.at)
    }

    private mutating func take(_ record: ExportedRecord) throws {
        records += 1
        guard let said = known[record.id] else { throw ExportFailure.missing(line: line, ExportLine.ledger.word) }
        guard said.kind == nil else { throw ExportFailure.duplicate(line: line, record.kind.name) }
        guard said.rev == record.rev, said.rev > 0 else { throw ExportFailure.ledgerDiffers(line: line) }
        let body = JSONValue.object(record.body).bytes
        guard let read = try? record.kind.type.init(id: record.id, record.body), JSONValue.object(read.json).bytes == body,
            read.title.utf8.elementsEqual(record.title.utf8), body.count <= ObjectHeader.longestBody
        else { throw malformed(record.kind.name) }
        let ties = read.ties
        try own(record, ties.key)
        known[record.id]?.kind = record.kind
        for reference in ties.references {
            if try !isResolved(reference, line: line) { unresolved.append((reference, line)) }
        }
        try store.put(
            record.id, record.kind, title: record.title, body: body, key: record.key, at: record.time, rev: record.rev)
        store.written = []
        try file(record, ties.filings)
    }

    /// Whether a record lies under the key it belongs under.
    private mutating func own(_ record: ExportedRecord, _ key: RecordTies.Key) throws {
        let owner = owners[record.key]
        switch key {
        case .itsOwn:
            switch owner {
            case nil: try store.makeKey(record.key)
            case .ledger: break
            default: throw ExportFailure.duplicate(line: line, "key")
            }
            owners[record.key] = .record(record.kind, record.id)
            return
        case .person where owner == .name(NamedKey.own.rawValue): return
        case .directory where owner == .name(NamedKey.directory.rawValue): return
        case .relationship(let id) where known[id]?.kind != .relationship:
            throw ExportFailure.missing(line: line, RecordKind.relationship.name)
        case .relationship(let id) where owner == .record(.relationship, id): return
        case .intent(let id) where known[id]?.kind != .intent: throw ExportFailure.missing(line: line, RecordKind.intent.name)
        case .intent(let id) where owner == .record(.intent, id): return
        case .value:
            if case .record = owner { return }
            throw ExportFailure.missing(line: line, "key")
        default: throw malformed("key")
        }
    }

    private func file(_ record: ExportedRecord, _ filings: [RecordTies.Filing]) throws {
        var filings = filings
        if record.kind == .disclosure, case .record(.version, let version) = owners[record.key] {
            filings.append(RecordTies.Filing(index: .child, value: Vault.childKey(version, .disclosure)))
        }
        for (number, filing) in filings.enumerated() {
            if filings[..<number].contains(where: { $0.index == filing.index && $0.value == filing.value }) { continue }
            if filing.isUnique, try !store.find(filing.index, filing.value).isEmpty {
                throw ExportFailure.duplicate(line: line, record.kind.name)
            }
            try store.append(record.id, filing.index, filing.value)
        }
    }

    // MARK: Together

    /// Whether what a line names was read; false while it can still come.
    private func isResolved(_ reference: RecordTies.Reference, line: Int) throws -> Bool {
        let said = known[reference.id]
        if let said, said.rev > 0 {
            guard let kind = said.kind else { return false }
            guard kind == reference.kind else { throw ExportFailure.missing(line: line, reference.kind.name) }
            return true
        }
        guard said != nil, reference.mayBeGone else { throw ExportFailure.missing(line: line, reference.kind.name) }
        return true
    }

    consuming func finish() throws -> ExportSummary {
        guard let opening, let end else { throw line == 0 ? ExportFailure.notAnExport : .cutShort }
        let sha256 = Hex.encode(digest.digest())
        guard end.sha256 == sha256, end.lines == Int64(line - 1), opening.keys == keyLines, opening.ledger == entries,
            opening.records == records
        else { throw ExportFailure.changed }
        let unread = known.values.filter { $0.rev > 0 && $0.kind == nil }.map(\.line)
        if let line = unread.min() { throw ExportFailure.missing(line: line, "record") }
        let ownerless = owners.values.compactMap { if case .ledger(let line) = $0 { line } else { nil as Int? } }
        if let line = ownerless.min() { throw ExportFailure.missing(line: line, "key") }
        for (reference, line) in unresolved where try !isResolved(reference, line: line) {
            throw ExportFailure.missing(line: line, reference.kind.name)
        }
        return ExportSummary(
            vault: opening.vault, at: opening.at, entries: Int(entries), records: Int(records), sha256: sha256)
    }
}

extension ExportLine {
    /// Lines of one kind stand together, in this order.
    fileprivate var rank: Int {
        switch self {
        case .opening: 0
        case .key: 1
        case .ledger: 2
        case .record: 3
        case .end: 4
        }
    }

    /// In what a person reads.
    fileprivate var word: String {
        switch self {
        case .opening: "first line"
        case .key: "key"
        case .ledger: "ledger line"
        case .record: "record"
        case .end: "last line"
        }
    }
}
