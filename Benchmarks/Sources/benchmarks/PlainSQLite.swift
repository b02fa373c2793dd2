import CSQLitePeer
import Glibc

/// The peer of everything that reads or writes many rows: SQLite with the vault's settings and tables, and no cryptography.
/// Runs in a process of its own, so that it is measured as ours is.
struct PlainSQLite {
    private let handle: OpaquePointer

    init(_ path: String) throws {
        var opened: OpaquePointer?
        guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
            throw ProgramFailed(words: ["sqlite3_open"], status: 1)
        }
        handle = opened
        try execute(
            """
            PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA mmap_size=0;
            PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA cache_size=-49152;
            """)
    }

    func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw ProgramFailed(words: ["sqlite3_exec"], status: sqlite3_errcode(handle))
        }
    }

    /// The rows an import made of `vault`'s accounts, inserted into new tables in one transaction: for each account one row of
    /// `key`, two of `obj`, four of `bi`, one of `log`, of the same sizes, under random ids like ours.
    static func insert(like vault: String, into path: String) throws {
        let sizes = try PlainSQLite(vault).sizes()
        let plain = try PlainSQLite(path)
        try plain.execute(
            """
            BEGIN IMMEDIATE;
            CREATE TABLE obj(oid BLOB NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, hdr BLOB NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE key(kid BLOB NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE bi(tag BLOB NOT NULL PRIMARY KEY, ref BLOB NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE log(dev BLOB NOT NULL, seq INTEGER NOT NULL, hdr BLOB NOT NULL, c BLOB NOT NULL, ct BLOB, h BLOB NOT NULL, PRIMARY KEY(dev, seq)) STRICT, WITHOUT ROWID;
            """)
        let key = try plain.prepare("INSERT INTO key VALUES(?, ?)")
        let object = try plain.prepare("INSERT INTO obj VALUES(?, 1, ?, ?)")
        let index = try plain.prepare("INSERT INTO bi VALUES(?, ?)")
        let log = try plain.prepare("INSERT INTO log VALUES(x'00112233445566778899aabbccddeeff', ?, ?, ?, ?, ?)")
        var random = Filler()
        for account in 0..<sizes.accounts {
            try plain.insert(key, [16, 72], &random)
            for part in 0..<2 {
                try plain.insert(object, [16, 168, sizes.bodies[(2 * account + part) % sizes.bodies.count]], &random)
            }
            for _ in 0..<4 { try plain.insert(index, [32, 56], &random) }
            sqlite3_bind_int64(log, 1, Int64(account + 1))
            try plain.insert(log, [sizes.logHeader, 32, sizes.logEntry, 32], &random, from: 2)
        }
        try plain.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")
    }

    /// Every row of the three tables that a search passes over, read and counted.
    static func scan(_ path: String) throws {
        let plain = try PlainSQLite(path)
        try plain.execute("PRAGMA cache_size=-4096")
        var bytes = 0
        for sql in ["SELECT kid, wrapped, 0 FROM key", "SELECT tag, ref, 0 FROM bi", "SELECT oid, hdr, body FROM obj"] {
            let rows = try plain.prepare(sql)
            while sqlite3_step(rows) == SQLITE_ROW {
                for column in 0..<3 as Range<Int32> {
                    _ = sqlite3_column_blob(rows, column)
                    bytes += Int(sqlite3_column_bytes(rows, column))
                }
            }
        }
        precondition(bytes > 0)
    }

    /// One durable change of the size of `data set`'s, with the head's 33 KB.
    static func change(_ path: String) throws {
        let plain = try PlainSQLite(path)
        var random = Filler()
        try plain.execute(
            "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS head(one INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;")
        try plain.insert(try plain.prepare("INSERT INTO key VALUES(?, ?)"), [16, 72], &random)
        let object = try plain.prepare("INSERT INTO obj VALUES(?, 1, ?, ?)")
        for _ in 0..<2 { try plain.insert(object, [16, 168, 296], &random) }
        let index = try plain.prepare("INSERT INTO bi VALUES(?, ?)")
        for _ in 0..<2 { try plain.insert(index, [32, 56], &random) }
        let log = try plain.prepare(
            "INSERT INTO log SELECT dev, seq + 1, ?, ?, ?, ? FROM log ORDER BY dev DESC, seq DESC LIMIT 1")
        try plain.insert(log, [168, 32, 296, 32], &random)
        try plain.insert(try plain.prepare("INSERT OR REPLACE INTO head VALUES(1, ?)"), [32_909], &random)
        try plain.execute("COMMIT")
    }

    // MARK: Statements

    private func prepare(_ sql: String) throws -> OpaquePointer? {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            throw ProgramFailed(words: ["sqlite3_prepare"], status: sqlite3_errcode(handle))
        }
        return statement
    }

    private func insert(_ statement: OpaquePointer?, _ sizes: [Int], _ random: inout Filler, from first: Int = 1) throws {
        for (place, size) in sizes.enumerated() {
            random.next(size) { bytes in
                _ = sqlite3_bind_blob(statement, Int32(first + place), bytes.baseAddress, Int32(size), nil)
            }
        }
        guard sqlite3_step(statement) == SQLITE_DONE else {
            throw ProgramFailed(words: ["insert"], status: sqlite3_errcode(handle))
        }
        sqlite3_reset(statement)
    }

    private func sizes() throws -> (accounts: Int, bodies: [Int], logHeader: Int, logEntry: Int) {
        func numbers(_ sql: String) throws -> [Int] {
            let rows = try prepare(sql)
            defer { sqlite3_finalize(rows) }
            var found: [Int] = []
            while sqlite3_step(rows) == SQLITE_ROW { found.append(Int(sqlite3_column_int64(rows, 0))) }
            return found
        }
        defer { sqlite3_close(handle) }
        let bodies = try numbers("SELECT length(body) FROM obj")
        return (
            bodies.count / 2, bodies, try numbers("SELECT max(length(hdr)) FROM log")[0],
            try numbers("SELECT max(length(ct)) FROM log")[0]
        )
    }
}

/// Bytes that cost nothing to make and are never the same: a window moving over random ones, begun by a mixed counter.
private struct Filler {
    private var bytes = [UInt8](repeating: 0, count: 256 * 1024)
    private var at = 0
    private var state: UInt64

    init() {
        let made = bytes.withUnsafeMutableBytes { getentropy($0.baseAddress, 256) }
        precondition(made == 0)
        state = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } | 1
    }

    /// The bytes stay as they are until as many as fill the window were asked for.
    mutating func next(_ count: Int, _ use: (UnsafeRawBufferPointer) -> Void) {
        if at + count > bytes.count { at = 0 }
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        bytes.withUnsafeMutableBytes { raw in
            if count >= 8 { raw.storeBytes(of: state, toByteOffset: at, as: UInt64.self) }
            use(UnsafeRawBufferPointer(rebasing: raw[at..<at + count]))
        }
        at += count
    }
}
