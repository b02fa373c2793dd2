import CSQLite
import Glibc
import VRMCrypto

/// One file with a whole vault in it: the store's tables, and the header's text in a table of its own
/// (docs/spec/vault-file.md §10). Sealed as the vault is; the same reader and the same check open it.
struct BackupFile {
    let path: String

    private static let table =
        "CREATE TABLE header(one INTEGER NOT NULL PRIMARY KEY CHECK(one = 1), text BLOB NOT NULL) STRICT"
    /// What every SQLite 3 file begins with (SQLite database file format §1.3).
    static let start = Array("SQLite format 3\0".utf8)
    static let schema = Schema.rows + [Array("table|header|header|\(table)".utf8)]

    /// Puts a header into a copy of a store.
    func add(_ header: VaultHeader) throws(VaultFailure) {
        let database = try Database(path, .write)
        try database.execute("BEGIN IMMEDIATE; \(BackupFile.table)")
        try database.statement("INSERT INTO header(one, text) VALUES(1, ?)").bind(1, header.bytes).run()
        try database.execute("COMMIT")
    }

    /// The header of a backup, once the file is known to be one.
    ///
    /// - Throws: ``VaultFailure/notABackup``, ``VaultFailure/damagedBackup(_:)``, ``VaultFailure/newerFormat(_:)``.
    func header() throws(VaultFailure) -> VaultHeader {
        guard isSQLite else { throw .notABackup }
        return try BackupFile.named { () throws(VaultFailure) in
            let database = try Database(path, .read)
            let schema = try database.schema()
            // A newer program's backup has other tables perhaps, but says so in its header.
            guard schema.contains(BackupFile.schema.last!) else { throw .notABackup }
            let row = try database.statement("SELECT text FROM header WHERE one = 1")
            guard try row.step() else { throw .damaged(.store) }
            let header = try VaultHeader(parsing: row.blob(0))
            guard schema == BackupFile.schema else { throw .damaged(.schema) }
            return header
        }
    }

    /// Opens the store in it.
    ///
    /// - Returns: With the digest of the head.
    func store(_ mode: Database.Mode, _ header: VaultHeader, _ keys: borrowing VaultKeys) throws(VaultFailure) -> (Store, [UInt8])
    {
        let keys = keys.copy()
        return try BackupFile.named { () throws(VaultFailure) in
            let database = try Database(path, mode)
            let (head, digest) = try Store.loadHead(database, vault: header.vault, keys: keys)
            guard (head.generation...head.generation + 1).contains(header.generation) else { throw .headerDamaged }
            return (Store(vault: header.vault, keys: keys.copy(), database: database, head: head), digest)
        }
    }

    /// Damage of the backup is not to be taken for damage of the vault.
    private static func named<R>(_ body: () throws(VaultFailure) -> R) throws(VaultFailure) -> R {
        do { return try body() } catch {
            switch error {
            case .damaged(let part): throw .damagedBackup(part)
            case .headerDamaged, .stretchingOutOfRange: throw .damagedBackup(.head)
            default: throw error
            }
        }
    }

    private var isSQLite: Bool {
        guard let start = try? VaultFiles.start(of: path, BackupFile.start.count) else { return false }
        return start == BackupFile.start
    }
}

/// A backup as it was just written and read again.
public struct MadeBackup: Sendable {
    let counter: Int64
    public let entries: Int
    public let rows: Int
}

extension Vault {
    /// Writes a backup to a place where nothing is, makes it durable, opens it and checks every row of it.
    ///
    /// - Throws: ``VaultFailure/diskFull``, ``VaultFailure/damagedBackup(_:)``. What is half written is the caller's to remove.
    public func writeBackup(to path: String) throws(VaultFailure) -> MadeBackup {
        let file = BackupFile(path: path)
        try store.database.execute(
            "VACUUM INTO '\(path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'")
        try file.add(header)
        try VaultFiles.sync(path)
        guard try file.header() == header else { throw .damagedBackup(.head) }
        let (copy, digest) = try file.store(.read, header, store.keys)
        guard digest == (try Store.loadHead(store.database, vault: store.vault, keys: store.keys).digest) else {
            throw .damagedBackup(.head)
        }
        let verdict = copy.verify()
        if let fault = verdict.fault { throw fault.asBackup }
        return MadeBackup(counter: copy.head.counter, entries: verdict.entries, rows: verdict.rows)
    }
}

extension VaultFailure {
    var asBackup: VaultFailure {
        if case .damaged(let part) = self { return .damagedBackup(part) }
        return self
    }
}
