import CSQLite
import CVRMShim
import Glibc

/// SQLite as far as the vault needs it: open, settings, transaction, statement, bind, step, column.
///
/// Errors carry SQLite's code, never a bound value.
final class Database {
    private let handle: OpaquePointer
    private var statements: [UnsafePointer<UInt8>: Statement] = [:]

    enum Mode { case create, write, read }

    /// - Throws: ``VaultFailure/damaged(_:)`` when the file is no database, ``VaultFailure/diskFull``, ``VaultFailure/system(errno:)``.
    init(_ path: String, _ mode: Mode) throws(VaultFailure) {
        var opened: OpaquePointer?
        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | (mode == .create ? SQLITE_OPEN_CREATE : 0)
        let result = sqlite3_open_v2(path, &opened, flags, nil)
        guard result == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw Database.failure(result, 0)
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        try check(vrm_sqlite_harden(handle))
        if mode == .create { try execute("PRAGMA page_size=4096; PRAGMA journal_mode=WAL;") }
        try execute(
            """
            PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=0;
            PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA busy_timeout=2000; PRAGMA cache_size=-4096;
            """)
        // Reading passes over rows once; only many changes in one transaction come back to pages.
        try execute(mode == .read ? "PRAGMA query_only=ON;" : "PRAGMA cache_size=-49152;")
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    func execute(_ sql: String) throws(VaultFailure) { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    /// A prepared statement, kept for the next use of the same text.
    func statement(_ sql: StaticString) throws(VaultFailure) -> Statement {
        // A literal has one address: no text to build or to hash for the next use.
        if let kept = statements[sql.utf8Start] {
            kept.reset()
            return kept
        }
        var prepared: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, "\(sql)", -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil))
        guard let prepared else { throw .damaged(.store) }
        let statement = Statement(prepared)
        statements[sql.utf8Start] = statement
        return statement
    }

    /// Moves the write-ahead log into the file. Only under the exclusive lock.
    func checkpoint() throws(VaultFailure) { try execute("PRAGMA wal_checkpoint(TRUNCATE);") }

    /// Name, table and text of everything in the schema, to be compared byte for byte.
    func schema() throws(VaultFailure) -> [[UInt8]] {
        let rows = try statement(
            "SELECT type || '|' || name || '|' || tbl_name || '|' || coalesce(sql, '') FROM sqlite_schema ORDER BY rowid")
        var schema: [[UInt8]] = []
        while try rows.step() { schema.append(rows.blob(0)) }
        return schema
    }

    private func check(_ result: Int32) throws(VaultFailure) {
        guard result == SQLITE_OK else { throw Database.failure(result, sqlite3_system_errno(handle)) }
    }

    static func failure(_ code: Int32, _ system: Int32) -> VaultFailure {
        switch code & 0xFF {
        case SQLITE_FULL: .diskFull
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_SCHEMA: .damaged(.store)
        case SQLITE_NOMEM: .outOfMemory
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            VaultFailure(errno: system != 0 ? system : errno != 0 ? errno : EIO)
        default: .damaged(.store)
        }
    }
}

/// One prepared statement. Positions count from 1 when binding and from 0 when reading, as in SQLite.
final class Statement {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { sqlite3_finalize(handle) }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    @discardableResult
    func bind(_ position: Int32, _ bytes: [UInt8]) -> Statement {
        _ = vrm_sqlite_bind_blob(handle, position, bytes, UInt64(bytes.count))
        return self
    }

    @discardableResult
    func bind(_ position: Int32, _ number: Int64) -> Statement {
        sqlite3_bind_int64(handle, position, number)
        return self
    }

    /// Whether there is a row.
    func step() throws(VaultFailure) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            let system = sqlite3_system_errno(sqlite3_db_handle(handle))
            sqlite3_reset(handle)
            throw Database.failure(code, system)
        }
    }

    /// For a statement that gives no rows.
    func run() throws(VaultFailure) { while try step() {} }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// The bytes where SQLite keeps them: gone with the next call on this statement.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
}
