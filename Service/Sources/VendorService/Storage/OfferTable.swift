import VRMBundle
import VRMModel

/// Offers the company made: what a person may show an intent in answer to, and what an award chooses.
struct OfferTable {
    let database: any Database

    func add(_ signed: SignedBundle, to intent: VerifiedBundle, nonce: String, forgetAt: Instant) throws(DatabaseFailure) {
        try database.run(
            "INSERT INTO offers (id, intent, person, nonce, forget_at, bundle) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                .text(signed.reference.id), .text(intent.reference.id), .text(intent.common.iss), .text(nonce),
                .integer(forgetAt.seconds), .text(String(decoding: signed.flattened, as: UTF8.self)),
            ])
    }

    /// An offer made elsewhere, of which only the nonce is known.
    func expect(_ nonce: String, to intent: VerifiedBundle, forgetAt: Instant) throws(DatabaseFailure) {
        try database.run(
            """
            INSERT INTO offers (id, intent, person, nonce, forget_at, bundle) VALUES ($1, $2, $3, $1, $4, '')
            ON CONFLICT DO NOTHING
            """,
            [.text(nonce), .text(intent.reference.id), .text(intent.common.iss), .integer(forgetAt.seconds)])
    }

    func file(_ id: String) throws(DatabaseFailure) -> String? {
        try database.run("SELECT bundle FROM offers WHERE id = $1 AND bundle <> ''", [.text(id)]).first?.text(0)
    }

    /// Whether an offer to this very intent asked for an answer under this nonce.
    func expects(_ nonce: String, to intent: String) throws(DatabaseFailure) -> Bool {
        try !database.run("SELECT 1 FROM offers WHERE nonce = $1 AND intent = $2", [.text(nonce), .text(intent)]).isEmpty
    }
}
