import VRMBundle
import VRMCrypto
import VRMModel

/// The company's memory between bundles (docs/spec/bundle.md §7), in a database: the same rules as `vrm-vendor --store`.
///
/// Beyond them it forgets: what can change no verdict any more has a time at which it goes.
struct CompanyMemory: MemoryStorage {
    let database: any Database
    let now: Instant
    /// When the pin of a key goes that is used for one intent alone; nil for the key of a relationship, which stays.
    var pinsEnd: Instant?
    /// How long the end of a token is remembered. An intent lives two weeks, terms live two years.
    var endsLast: Int64 = CompanyMemory.longestLife

    static let longestLife = TokenType.terms.longestLife + Limits.leewaySeconds

    func read(_ part: MemoryPart, _ name: String) throws -> JSONObject? {
        let rows = try database.run(
            "SELECT value FROM memory WHERE part = $1 AND name = $2", [.text(part.rawValue), .text(key(name))])
        guard let row = rows.first else { return nil }
        guard let object = (try? JSONParser.parse(Array(row.text(0).utf8)))?.object else {
            throw DatabaseFailure.failed(code: "a damaged value")
        }
        return object
    }

    func write(_ part: MemoryPart, _ name: String, _ value: JSONValue) throws {
        try database.run(
            """
            INSERT INTO memory (part, name, value, forget_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (part, name) DO UPDATE SET value = excluded.value, forget_at = excluded.forget_at
            """,
            [
                .text(part.rawValue), .text(key(name)), .text(value.text),
                DatabaseValue(forgetting(part, value).map(\.seconds)),
            ])
    }

    /// Names hold ids of persons and grow without bound; a digest does neither.
    private func key(_ name: String) -> String { Base64URL.encode(SHA256.digest(name.utf8)) }

    private func forgetting(_ part: MemoryPart, _ value: JSONValue) -> Instant? {
        switch part {
        case .pins: pinsEnd
        case .seen: value.object?["exp"]?.integer.map { Instant(seconds: $0 + Limits.leewaySeconds) }
        case .nonces: now.adding(seconds: 2 * Limits.keyBindingSeconds)
        case .ended: now.adding(seconds: endsLast)
        case .accounts, .chains: nil
        }
    }
}
