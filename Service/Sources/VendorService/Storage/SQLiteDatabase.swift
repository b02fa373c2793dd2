import CServiceSQLite

/// A connection to an SQLite file in WAL mode: one writer, any number of readers beside it.
final class SQLiteDatabase: Database {
    private let connection: OpaquePointer
    private var prepared: [String: OpaquePointer] = [:]
    /// SQLITE_TRANSIENT: SQLite copies what it is given.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// - Throws: ``DatabaseFailure/cannotOpen(_:)``.
    init(_ path: String) throws(DatabaseFailure) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw .cannotOpen("the file cannot be opened")
        }
        connection = opened
        sqlite3_extended_result_codes(connection, 1)
        sqlite3_busy_timeout(connection, 5000)
        // FULL: a commit has reached the disk before it counts. secure_delete: what is forgotten is overwritten.
        for pragma in ["journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-16384", "trusted_schema=OFF"] {
            guard sqlite3_exec(connection, "PRAGMA \(pragma)", nil, nil, nil) == SQLITE_OK else {
                throw .cannotOpen("the file is no SQLite database, or another program holds it")
            }
        }
    }

    deinit {
        for statement in prepared.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(connection)
    }

    func run(_ statement: String, _ values: [DatabaseValue]) throws(DatabaseFailure) -> [DatabaseRow] {
        let handle = try prepare(statement)
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (place, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .null: sqlite3_bind_null(handle, place)
                case .integer(let number): sqlite3_bind_int64(handle, place, number)
                case .text(let text):
                    sqlite3_bind_text(handle, place, text, Int32(text.utf8.count), SQLiteDatabase.copied)
                }
            guard code == SQLITE_OK else { throw failure }
        }
        var rows: [DatabaseRow] = []
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: rows.append(row(handle))
            case SQLITE_DONE: return rows
            default: throw failure
            }
        }
    }

    func begin() throws(DatabaseFailure) { try run("BEGIN IMMEDIATE") }
    func commit() throws(DatabaseFailure) { try run("COMMIT") }
    func rollback() { _ = try? run("ROLLBACK") }
    /// The write-ahead log still holds what was there before.
    func tidy() { _ = try? run("PRAGMA wal_checkpoint(TRUNCATE)") }

    func execute(_ script: String) throws(DatabaseFailure) {
        guard sqlite3_exec(connection, script, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    var catalogue: String { "SELECT name FROM sqlite_schema WHERE type = 'table'" }

    private var failure: DatabaseFailure { .failed(code: "SQLite \(sqlite3_extended_errcode(connection))") }

    private func prepare(_ text: String) throws(DatabaseFailure) -> OpaquePointer {
        if let statement = prepared[text] { return statement }
        var statement: OpaquePointer?
        // A $1 would be a name to SQLite, numbered by its first use.
        let numbered = String(text.map { $0 == "$" ? "?" : $0 })
        guard sqlite3_prepare_v3(connection, numbered, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
            let statement
        else { throw failure }
        prepared[text] = statement
        return statement
    }

    private func row(_ handle: OpaquePointer) -> DatabaseRow {
        DatabaseRow(
            values: (0..<sqlite3_column_count(handle)).map { column in
                switch sqlite3_column_type(handle, column) {
                case SQLITE_NULL: return .null
                case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
                default:
                    let bytes = UnsafeRawBufferPointer(
                        start: sqlite3_column_blob(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
                    return .text(String(decoding: bytes, as: UTF8.self))
                }
            })
    }
}
