import Synchronization

/// Memory for bodies that are being received, for all connections together.
final class Budget: Sendable {
    private let left: Mutex<Int>

    init(bytes: Int) { left = Mutex(bytes) }

    /// - Throws: ``Busy`` when too much is being received already.
    func using<Result>(_ bytes: Int, _ body: () async throws -> Result) async throws -> Result {
        let isThere = left.withLock { left in
            guard left >= bytes else { return false }
            left -= bytes
            return true
        }
        guard isThere else { throw Busy() }
        defer { left.withLock { $0 += bytes } }
        return try await body()
    }
}
