/// One connection to a database that keeps SQL tables of text and whole numbers.
///
/// The statements are the same for SQLite and PostgreSQL; parameters are written `$1`, `$2`, …
/// A connection is used by one thread at a time.
protocol Database: AnyObject {
    /// Runs one statement and returns its rows.
    ///
    /// - Throws: A ``DatabaseFailure``.
    @discardableResult
    func run(_ statement: String, _ values: [DatabaseValue]) throws(DatabaseFailure) -> [DatabaseRow]

    /// Runs several statements, one after the other.
    func execute(_ script: String) throws(DatabaseFailure)

    /// Lists the tables there are.
    var catalogue: String { get }

    /// Begins a change that nobody else makes at the same time, in this process or in another.
    func begin() throws(DatabaseFailure)
    /// Returns when the change survives a power cut.
    func commit() throws(DatabaseFailure)
    func rollback()
    /// Leaves nothing behind of what was overwritten, as far as that is ours to do.
    func tidy()
}

enum DatabaseValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }
}

/// A row, by position.
struct DatabaseRow {
    let values: [DatabaseValue]

    func text(_ position: Int) -> String {
        switch values[position] {
        case .text(let text): text
        case .integer(let number): String(number)
        case .null: ""
        }
    }

    func optionalText(_ position: Int) -> String? { values[position] == .null ? nil : text(position) }

    func integer(_ position: Int) -> Int64 {
        switch values[position] {
        case .integer(let number): number
        case .text(let text): Int64(text) ?? 0
        case .null: 0
        }
    }
}

/// Why the database did not do it. The words are the database's own about itself; they never hold values.
public enum DatabaseFailure: Error, Equatable {
    case cannotOpen(String)
    case failed(code: String)
    case newer
}

extension Database {
    @discardableResult
    func run(_ statement: String) throws(DatabaseFailure) -> [DatabaseRow] { try run(statement, []) }

    /// Everything in `body` happens, or nothing.
    func change<Result>(_ body: () throws -> Result) throws -> Result {
        try begin()
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            rollback()
            throw error
        }
    }
}
