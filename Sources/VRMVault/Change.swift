import VRMBundle
import VRMCrypto
import VRMModel

/// One change under way. Its verbs stand in `Verbs/`, by noun.
public final class Change {
    let vault: Vault
    let store: Store
    let command: String
    let now: Instant
    private(set) var hasEntries = false

    init(_ vault: Vault, command: String, now: Instant) {
        self.vault = vault
        store = vault.store
        self.command = command
        self.now = now
    }

    // MARK: Keys

    func key(_ name: NamedKey) throws(VaultFailure) -> RecordID {
        let value = Array(name.rawValue.utf8)
        if let key = try store.find(.namedKey, value).first { return key }
        let key = try store.makeKey()
        try store.file(key, .namedKey, value)
        return key
    }

    /// The domain key of a relationship: that of its record.
    func key(of relationship: RecordID) throws(VaultFailure) -> RecordID {
        guard let header = try store.header(relationship) else { throw .damaged(.row) }
        return header.key
    }

    // MARK: Records

    func save(_ record: some Record, key: RecordID) throws(VaultFailure) {
        try store.put(
            record.id, type(of: record).recordKind, title: record.title, body: JSONValue.object(record.json).bytes, key: key,
            at: now)
    }

    /// Saves a record of a relationship under the relationship's key, filed below it.
    func save(_ record: some Record, in relationship: RecordID) throws(VaultFailure) {
        try save(record, key: try key(of: relationship))
        try store.file(record.id, .child, Vault.childKey(relationship, type(of: record).recordKind))
    }

    static func newID() -> RecordID { RecordID(Random.bytes(RecordID.byteCount))! }

    /// What this change removes must leave the files' free pages too, before success is reported.
    func shred() { store.head.pending = 1 }

    // MARK: Ledger

    /// Writes the ledger line of this change, under the company's key when it concerns one.
    func record(
        _ event: LedgerEntry.Event, _ relationship: Relationship? = nil, records: [RecordID], evidence: [UInt8]? = nil,
        detail: [String] = []
    ) throws(VaultFailure) {
        let entry = LedgerEntry(
            at: now, command: command, event: event, company: relationship?.company.domain, records: records, evidence: evidence,
            detail: detail)
        let key = if let relationship { try key(of: relationship.id) } else { try key(.own) }
        try store.append(entry.json.bytes, key: key, at: now)
        hasEntries = true
    }
}
