import VRMBundle
import VRMModel

/// Open intents, found by category and region.
struct IntentTable {
    let database: any Database

    /// An intent as it is listed.
    struct Line: Hashable, Sendable {
        let id: String
        let category: String
        let region: String
        let title: String
        let ends: Instant
    }

    func add(_ bundle: VerifiedBundle, _ intent: IntentPayload) throws(DatabaseFailure) {
        try database.run(
            """
            INSERT INTO intents (id, issuer, category, region, title, ends, bundle) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO NOTHING
            """,
            [
                .text(bundle.reference.id), .text(bundle.common.iss), .text(intent.category), .text(intent.region),
                // PostgreSQL keeps no U+0000 in a text.
                .text(String(intent.want.title.map { $0 == "\0" ? "\u{FFFD}" : $0 })), .integer(bundle.common.exp.seconds),
                .text(bundle.file),
            ])
    }

    func remove(_ id: String) throws(DatabaseFailure) { try database.run("DELETE FROM intents WHERE id = $1", [.text(id)]) }

    /// The file of an intent; nil when it is not open.
    func file(_ id: String, at now: Instant) throws(DatabaseFailure) -> String? {
        try database.run("SELECT bundle FROM intents WHERE id = $1 AND ends > $2", [.text(id), .integer(now.seconds)])
            .first?.text(0)
    }

    /// A page of what is open.
    ///
    /// - Parameters:
    ///   - category: The whole word, or nil for all.
    ///   - region: What the region begins with: `DE` finds `DE-HH`.
    ///   - after: The last id of the page before.
    func open(
        category: String?, region: String, after: String, limit: Int, at now: Instant
    ) throws(DatabaseFailure) -> [Line] {
        let rows = try database.run(
            """
            SELECT id, category, region, title, ends FROM intents
            WHERE id > $1 AND ends > $2 AND substr(region, 1, length(CAST($3 AS TEXT))) = $3
            \(category == nil ? "" : "AND category = $5") ORDER BY id LIMIT $4
            """,
            [.text(after), .integer(now.seconds), .text(region), .integer(Int64(limit))]
                + (category.map { [.text($0)] } ?? []))
        return rows.map {
            Line(
                id: $0.text(0), category: $0.text(1), region: $0.text(2), title: $0.text(3),
                ends: Instant(seconds: $0.integer(4)))
        }
    }
}

extension BundleReference {
    /// How a bundle is named here: the digest of what was signed.
    var id: String { Base64URL.encode(s256) }
}

extension VerifiedBundle {
    /// As it is kept: the flattened file, opened when it came sealed.
    var file: String { String(decoding: signed(disclosing: envelope.disclosures).flattened, as: UTF8.self) }

    /// The same without the values: a record of what was permitted.
    var fileWithoutValues: String { String(decoding: signed(disclosing: []).flattened, as: UTF8.self) }

    private func signed(disclosing disclosures: [String]) -> SignedBundle {
        SignedBundle(
            protected: envelope.protected, payload: envelope.payload, signature: envelope.signature,
            disclosures: envelope.isSelectiveDisclosure ? disclosures : nil, jti: common.jti,
            keyBinding: disclosures.isEmpty ? nil : envelope.keyBinding)
    }
}
