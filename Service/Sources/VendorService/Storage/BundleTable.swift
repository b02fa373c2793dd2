import VRMBundle
import VRMModel

/// What persons sent to the company, apart from open intents.
struct BundleTable {
    let database: any Database

    /// What became of a bundle.
    enum State: String, Sendable, CaseIterable {
        /// Kept whole.
        case held
        /// Its issuer ended it: the values are gone, what was permitted is still on record.
        case ended
        /// A request that somebody at the company has to look at.
        case open
        /// A request or revocation with its last receipt.
        case answered
    }

    struct Line: Hashable, Sendable {
        let id: String
        let issuer: String
        let type: String
        let state: String
        let received: Instant
        let forgetAt: Instant
    }

    /// - Returns: Whether it was not there before.
    @discardableResult
    func add(_ bundle: VerifiedBundle, _ state: State, at now: Instant) throws(DatabaseFailure) -> Bool {
        try !database.run(
            """
            INSERT INTO bundles (id, issuer, type, state, received, forget_at, bundle, receipt, seq)
            VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0) ON CONFLICT (id) DO NOTHING RETURNING 1
            """,
            [
                .text(BundleTable.id(bundle.reference, shownFor: bundle.presentation?.nonce)), .text(bundle.common.iss),
                .text(bundle.type.rawValue), .text(state.rawValue),
                .integer(now.seconds), .integer(bundle.keptUntil.seconds), .text(bundle.file),
            ]
        ).isEmpty
    }

    /// An intent may be shown several times, each time with other values.
    static func id(_ reference: BundleReference, shownFor nonce: String?) -> String {
        reference.id + (nonce.map { "." + $0 } ?? "")
    }

    func file(_ id: String) throws(DatabaseFailure) -> String? {
        try database.run("SELECT bundle FROM bundles WHERE id = $1", [.text(id)]).first?.text(0)
    }

    func state(_ id: String) throws(DatabaseFailure) -> State? {
        try database.run("SELECT state FROM bundles WHERE id = $1", [.text(id)]).first.flatMap { State(rawValue: $0.text(0)) }
    }

    func received(_ id: String) throws(DatabaseFailure) -> Instant? {
        try database.run("SELECT received FROM bundles WHERE id = $1", [.text(id)]).first.map {
            Instant(seconds: $0.integer(0))
        }
    }

    /// The last receipt, and its number.
    func receipt(_ id: String) throws(DatabaseFailure) -> (file: String, seq: Int64)? {
        let row = try database.run("SELECT receipt, seq FROM bundles WHERE id = $1 AND receipt IS NOT NULL", [.text(id)]).first
        return row.map { ($0.text(0), $0.integer(1)) }
    }

    func answer(_ id: String, with receipt: SignedBundle, seq: Int64, _ state: State) throws(DatabaseFailure) {
        try database.run(
            "UPDATE bundles SET receipt = $1, seq = $2, state = $3 WHERE id = $4",
            [
                .text(String(decoding: receipt.flattened, as: UTF8.self)), .integer(seq), .text(state.rawValue), .text(id),
            ])
    }

    /// The types of what is held of a person.
    func types(ofAny names: Set<String>) throws(DatabaseFailure) -> Set<String> {
        var types: Set<String> = []
        for name in names {
            types.formUnion(try database.run("SELECT type FROM bundles WHERE issuer = $1", [.text(name)]).map { $0.text(0) })
        }
        return types
    }

    /// Takes the values out of a grant that its issuer ended.
    func end(_ id: String, ofAny names: Set<String>) throws {
        guard let row = try database.run("SELECT issuer, bundle FROM bundles WHERE id = $1", [.text(id)]).first,
            names.contains(row.text(0))
        else { return }
        try strip(id, row.text(1))
    }

    /// Takes the values out of every grant that is dated no later than `until`.
    func endAll(ofAny names: Set<String>, until: Instant) throws {
        for name in names {
            for row in try database.run(
                "SELECT id, bundle FROM bundles WHERE issuer = $1 AND type = $2",
                [.text(name), .text(TokenType.grant.rawValue)])
            {
                guard let made = try Unverified(parsing: Array(row.text(1).utf8)).issuedAt, made <= until else { continue }
                try strip(row.text(0), row.text(1))
            }
        }
    }

    private func strip(_ id: String, _ file: String) throws {
        let envelope = try Envelope(parsing: Array(file.utf8))
        let bare = SignedBundle(
            protected: envelope.protected, payload: envelope.payload, signature: envelope.signature,
            disclosures: envelope.isSelectiveDisclosure ? [] : nil, jti: "")
        try database.run(
            "UPDATE bundles SET bundle = $1, state = $2 WHERE id = $3",
            [.text(String(decoding: bare.flattened, as: UTF8.self)), .text(State.ended.rawValue), .text(id)])
    }

    /// Erases what a person sent; the request itself and its like stay, as the record of what was asked and answered.
    func erase(ofAny names: Set<String>, only ids: Set<String>? = nil) throws(DatabaseFailure) {
        for name in names {
            for row in try database.run("SELECT id, type FROM bundles WHERE issuer = $1", [.text(name)]) {
                let isRecord = [TokenType.request, .revocation].contains { $0.rawValue == row.text(1) }
                guard !isRecord, ids?.contains(row.text(0)) ?? true else { continue }
                try database.run("DELETE FROM bundles WHERE id = $1", [.text(row.text(0))])
            }
            if ids == nil { try database.run("DELETE FROM intents WHERE issuer = $1", [.text(name)]) }
        }
    }

    func list(
        type: String?, state: State?, after: String, limit: Int
    ) throws(DatabaseFailure) -> [Line] {
        var (conditions, values): (String, [DatabaseValue]) = ("id > $1", [.text(after)])
        for (column, value) in [("type", type), ("state", state?.rawValue)] {
            guard let value else { continue }
            values.append(.text(value))
            conditions += " AND \(column) = $\(values.count)"
        }
        values.append(.integer(Int64(limit)))
        let rows = try database.run(
            """
            SELECT id, issuer, type, state, received, forget_at FROM bundles
            WHERE \(conditions) ORDER BY id LIMIT $\(values.count)
            """, values)
        return rows.map {
            Line(
                id: $0.text(0), issuer: $0.text(1), type: $0.text(2), state: $0.text(3),
                received: Instant(seconds: $0.integer(4)), forgetAt: Instant(seconds: $0.integer(5)))
        }
    }
}

extension VerifiedBundle {
    /// How long it is kept: values as long as the person permits, everything else as long as it counts.
    var keptUntil: Instant {
        if case .grant(let grant) = payload { return grant.retention.adding(days: 1).start }
        return common.exp.adding(seconds: Limits.leewaySeconds)
    }
}
