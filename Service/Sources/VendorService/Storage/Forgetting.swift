import VRMModel

/// What is no longer of use goes, in small changes so that nobody waits for it.
struct Forgetting {
    let database: any Database

    /// So many rows a change: some tens of milliseconds.
    static let rows: Int64 = 2000

    /// The parts, each with how to forget a few rows of it whose time is over.
    private static let statements = [
        """
        DELETE FROM memory WHERE (part, name) IN
        (SELECT part, name FROM memory WHERE forget_at <= $1 LIMIT $2) RETURNING 1
        """,
        "DELETE FROM intents WHERE id IN (SELECT id FROM intents WHERE ends <= $1 LIMIT $2) RETURNING 1",
        "DELETE FROM offers WHERE id IN (SELECT id FROM offers WHERE forget_at <= $1 LIMIT $2) RETURNING 1",
        "DELETE FROM bundles WHERE id IN (SELECT id FROM bundles WHERE forget_at <= $1 LIMIT $2) RETURNING 1",
    ]

    /// Forgets at most ``rows`` of every part, within a change.
    ///
    /// - Returns: Whether there may be more.
    func step(at now: Instant) throws -> Bool {
        var isMore = false
        for statement in Forgetting.statements {
            let gone = try database.run(statement, [.integer(now.seconds), .integer(Forgetting.rows)]).count
            isMore = isMore || gone == Forgetting.rows
        }
        return isMore
    }
}
