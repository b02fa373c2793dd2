import CPostgreSQL

/// A connection to a PostgreSQL server, made again when it was lost.
final class PostgreSQLDatabase: Database {
    private let address: String
    private var connection: OpaquePointer?
    private var isChanging = false
    /// Each statement under a short name: the server tells names apart by their first 63 bytes only.
    private var prepared: [String: String] = [:]
    /// The number of the lock that writers take, so that two services can share one database.
    private static let writerLock = 0x76726D

    /// - Throws: ``DatabaseFailure/cannotOpen(_:)``.
    init(_ address: String) throws(DatabaseFailure) {
        self.address = address
        _ = try connected()
    }

    deinit { PQfinish(connection) }

    func run(_ statement: String, _ values: [DatabaseValue]) throws(DatabaseFailure) -> [DatabaseRow] {
        try again { () throws(DatabaseFailure) in try runOnce(statement, values) }
    }

    private func runOnce(_ statement: String, _ values: [DatabaseValue]) throws(DatabaseFailure) -> [DatabaseRow] {
        let connection = try connected()
        let name = try prepare(statement, connection)
        let texts: [String?] = values.map { value in
            switch value {
            case .null: nil
            case .integer(let number): String(number)
            case .text(let text): text
            }
        }
        let result = withCStrings(texts) {
            PQexecPrepared(connection, name, Int32(texts.count), $0, nil, nil, 0)
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return []
        case PGRES_TUPLES_OK: return rows(result)
        default: throw failure(result)
        }
    }

    func begin() throws(DatabaseFailure) {
        try again { () throws(DatabaseFailure) in
            try execute("BEGIN; SELECT pg_advisory_xact_lock(\(PostgreSQLDatabase.writerLock))")
        }
        isChanging = true
    }

    func commit() throws(DatabaseFailure) {
        try execute("COMMIT")
        isChanging = false
    }

    func rollback() {
        isChanging = false
        guard let connection, PQstatus(connection) == CONNECTION_OK else { return }
        PQclear(PQexec(connection, "ROLLBACK"))
    }

    func tidy() {}

    func execute(_ script: String) throws(DatabaseFailure) {
        let result = PQexec(try connected(), script)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else { throw failure(result) }
    }

    var catalogue: String { "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()" }

    /// Whether a connection string holds a password, which has no place on a command line.
    static func holdsPassword(_ address: String) -> Bool {
        guard let options = PQconninfoParse(address, nil) else { return false }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "password", option.pointee.val != nil { return true }
            option += 1
        }
        return false
    }

    /// Tries once more on a new connection when the old one turns out to be lost; within a change that would lose its beginning.
    private func again<Result>(_ body: () throws(DatabaseFailure) -> Result) throws(DatabaseFailure) -> Result {
        do {
            return try body()
        } catch {
            guard !isChanging, let connection, PQstatus(connection) != CONNECTION_OK else { throw error }
            return try body()
        }
    }

    private func connected() throws(DatabaseFailure) -> OpaquePointer {
        if let connection, PQstatus(connection) == CONNECTION_OK { return connection }
        PQfinish(connection)
        prepared = [:]
        // What the connection string says itself comes later and counts.
        connection = withCStrings(["connect_timeout", "dbname", nil]) { names in
            withCStrings(["5", address, nil]) { PQconnectdbParams(names, $0, 1) }
        }
        guard let connection, PQstatus(connection) == CONNECTION_OK else {
            throw .cannotOpen("the PostgreSQL server does not answer, or does not let us in")
        }
        // A commit is on the disk before it counts, whatever the server's default is; notices are nobody's business.
        PQclear(
            PQexec(
                connection,
                """
                SET synchronous_commit = on; SET client_min_messages = error; SET lock_timeout = '10s';
                SET statement_timeout = '30s'
                """))
        return connection
    }

    private func prepare(_ statement: String, _ connection: OpaquePointer) throws(DatabaseFailure) -> String {
        if let name = prepared[statement] { return name }
        let name = "s\(prepared.count)"
        let result = PQprepare(connection, name, statement, 0, nil)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(result) }
        prepared[statement] = name
        return name
    }

    private func failure(_ result: OpaquePointer?) -> DatabaseFailure {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        return .failed(code: "PostgreSQL \(state ?? "connection lost")")
    }

    private func rows(_ result: OpaquePointer?) -> [DatabaseRow] {
        let columns = PQnfields(result)
        return (0..<PQntuples(result)).map { row in
            DatabaseRow(
                values: (0..<columns).map { column in
                    PQgetisnull(result, row, column) == 1 ? .null : .text(String(cString: PQgetvalue(result, row, column)))
                })
        }
    }

    private func withCStrings<Result>(
        _ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        // One buffer for all: a pointer of one element's own would not outlive its closure.
        var buffer: [CChar] = []
        var starts: [Int?] = []
        for text in texts {
            starts.append(text == nil ? nil : buffer.count)
            if let text { buffer += text.utf8CString }
        }
        return buffer.withUnsafeBufferPointer { bytes in
            body(starts.map { start in start.map { UnsafePointer(bytes.baseAddress! + $0) } })
        }
    }
}
