/// Where everything is kept: an SQLite file, or a PostgreSQL server by its connection string.
public enum DatabaseAddress: Hashable, Sendable {
    case sqlite(String)
    case postgresql(String)

    public init(_ text: String) {
        let isServer = text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
        self = isServer ? .postgresql(text) : .sqlite(text)
    }

    /// A password on a command line can be read by everybody on the machine.
    public var holdsPassword: Bool {
        if case .postgresql(let address) = self { PostgreSQLDatabase.holdsPassword(address) } else { false }
    }

    func connect() throws(DatabaseFailure) -> any Database {
        switch self {
        case .sqlite(let path): try SQLiteDatabase(path)
        case .postgresql(let address): try PostgreSQLDatabase(address)
        }
    }

    /// Makes the tables at the first use.
    ///
    /// - Throws: ``DatabaseFailure/newer`` for tables of a later version.
    func prepare() throws {
        let database = try connect()
        try database.change { try DatabaseAddress.check(database) }
    }

    static func check(_ database: any Database) throws(DatabaseFailure) {
        guard try database.run(database.catalogue).contains(where: { $0.text(0) == "format" }) else {
            return try database.execute(String(decoding: PackageResources.service1_sql, as: UTF8.self))
        }
        guard try database.run("SELECT number FROM format").map({ $0.integer(0) }) == [1] else { throw .newer }
    }
}
