import VRMBundle
public import VRMModel

extension LedgerEntry {
    var json: JSONValue {
        .object(
            JSONObject(present: [
                ("at", .integer(at.seconds)), ("command", .string(command)), ("event", .string(event.rawValue)),
                ("company", .optional(company?.description)), ("records", .texts(records.map(\.description))),
                ("evidence", evidence.map { JSONValue($0) }), ("detail", .texts(detail)),
            ]))
    }

    init(_ json: JSONObject) throws(VaultFailure) {
        self.init(
            at: try json.instant("at"), command: try json.text("command"),
            event: try json.parse("event") { Event(rawValue: $0) }, company: json["company"]?.string.flatMap { Domain($0) },
            records: json.texts("records").compactMap { RecordID($0) },
            evidence: json["evidence"] == nil ? nil : try json.bytes("evidence"), detail: json.texts("detail"))
    }
}

/// A line of the ledger as it stands in the chain.
public struct LedgerLine: Sendable {
    public let sequence: Int64
    public let at: Instant
    /// Nil when the company it was about has been forgotten.
    public let entry: LedgerEntry?
}

/// What a full check found.
public struct LedgerVerdict: Sendable {
    public let entries: Int
    public let rows: Int
    /// Nil when everything is as it was last committed.
    public let fault: VaultFailure?
    /// Records the log names whose row is missing, older, or not in the log at all.
    public let suspects: [RecordID]
}

extension Vault {
    /// The whole ledger, oldest first, every link checked.
    public func ledger() throws(VaultFailure) -> [LedgerLine] {
        var lines: [LedgerLine] = []
        try store.readLog { (line) throws(VaultFailure) in
            let entry = try line.entry.map { bytes throws(VaultFailure) in try LedgerEntry(Vault.object(bytes)) }
            lines.append(LedgerLine(sequence: line.sequence, at: line.at, entry: entry))
        }
        return lines
    }

    /// Opens every row, recomputes every sum and link, and names what does not fit.
    public func verify() -> LedgerVerdict { store.verify() }
}

extension Store {
    func verify() -> LedgerVerdict {
        var entries = 0
        var newest: [RecordID: Int64] = [:]
        var fault: VaultFailure?
        do throws(VaultFailure) {
            try readLog { (line) throws(VaultFailure) in
                entries += 1
                for row in line.written { newest[row.id] = row.rev }
            }
        } catch {
            fault = error
        }
        var suspects: [RecordID] = []
        var rows = 0
        do throws(VaultFailure) {
            let present = try revisions()
            rows = present.count
            if fault == nil {
                suspects += newest.filter { $0.value > 0 && present[$0.key] != $0.value }.map(\.key)
                suspects += present.filter { newest[$0.key] == nil }.map(\.key)
            }
            try checkAllBuckets()
            try openAllReferences()
            try scan({ _ in true }) { _, _, _ in }
            guard Int64(rows) == head.objects else { throw .damaged(.bucket) }
        } catch {
            fault = fault ?? error
        }
        if fault == nil, !suspects.isEmpty { fault = .damaged(.row) }
        return LedgerVerdict(entries: entries, rows: rows, fault: fault, suspects: suspects.sorted())
    }
}
