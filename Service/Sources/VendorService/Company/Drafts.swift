import HTTPTypes
import VRMBundle
import VRMCrypto
import VRMModel

/// An offer as a clerk words it.
struct OfferDraft: Sendable {
    let items: [String]
    let price: Amount
    let validUntil: Day
    let conditions: String?
    let meets: [String]
    let acceptsTerms: Bool
    let asks: [OfferPayload.Ask]

    /// - Throws: A ``Problem`` that names the member.
    init(_ json: JSONObject) throws(Problem) {
        let items = (json["items"]?.array ?? []).map(\.string)
        guard !items.isEmpty, items.allSatisfy({ $0?.isEmpty == false }) else { throw .member("items is a list of texts") }
        guard let price = Amount(json["price"]?.string ?? "", json["currency"]?.string ?? "") else {
            throw .member("price is digits like 12.50, currency three capital letters")
        }
        guard let validUntil = Day(json["valid_until"]?.string ?? "") else { throw .member("valid_until is a day") }
        guard let acceptsTerms = json["accepts_terms"]?.bool else { throw .member("accepts_terms is true or false") }
        guard json["conditions"] == nil || json["conditions"]?.string?.isEmpty == false else {
            throw .member("conditions is a text")
        }
        let meets = (json["meets"]?.array ?? []).map(\.string)
        guard json["meets"] == nil || !meets.isEmpty, meets.allSatisfy({ $0?.isEmpty == false }) else {
            throw .member("meets is a list of texts")
        }
        var asks: [OfferPayload.Ask] = []
        for entry in json["asks"]?.array ?? [] {
            guard let field = entry.object?["field"]?.string, !field.isEmpty,
                field.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }),
                let purpose = Purpose(iri: entry.object?["purpose"]?.string ?? "")
            else { throw .member("asks is a list of field and purpose") }
            asks.append(OfferPayload.Ask(field: field, purpose: purpose))
        }
        self.items = items.compactMap { $0 }
        self.price = price
        self.validUntil = validUntil
        conditions = json["conditions"]?.string
        self.meets = meets.compactMap { $0 }
        self.acceptsTerms = acceptsTerms
        self.asks = asks
    }
}

/// A receipt as a clerk words it.
struct ReceiptDraft: Sendable {
    let outcome: ReceiptPayload.Outcome
    let reason: ReceiptPayload.Reason?
    let expectedBy: Day?
    let completedAt: Instant?
    let retained: [ReceiptPayload.Retained]

    /// - Throws: A ``Problem`` that names the member.
    init(_ json: JSONObject) throws(Problem) {
        guard let outcome = ReceiptPayload.Outcome(rawValue: json["outcome"]?.string ?? "") else {
            throw .member("outcome is open, in_progress, fulfilled, denied or expired")
        }
        let reason = json["reason"]?.string.flatMap { ReceiptPayload.Reason(rawValue: $0) }
        guard reason != nil || json["reason"] == nil else { throw .member("reason is none of its words") }
        guard outcome != .denied || reason != nil else { throw .member("a denial needs its reason") }
        let expectedBy = json["expected_by"]?.string.flatMap { Day($0) }
        guard expectedBy != nil || json["expected_by"] == nil else { throw .member("expected_by is a day") }
        let completedAt = json["completed_at"]?.string.flatMap { Instant($0) }
        guard completedAt != nil || json["completed_at"] == nil else { throw .member("completed_at is a time") }
        var retained: [ReceiptPayload.Retained] = []
        for entry in json["retained"]?.array ?? [] {
            guard let what = entry.object?["what"]?.string, let basis = entry.object?["basis"]?.string, !what.isEmpty,
                !basis.isEmpty
            else { throw .member("retained is a list of what and basis") }
            retained.append(ReceiptPayload.Retained(what: what, basis: basis))
        }
        (self.outcome, self.reason, self.expectedBy) = (outcome, reason, expectedBy)
        (self.completedAt, self.retained) = (completedAt, retained)
    }
}

extension Problem {
    fileprivate static func member(_ fact: String) -> Problem { Problem(.badRequest, fact) }
}

extension Register {
    /// Signs an offer to an open intent, seals it to the intent's key, and remembers what it asked to be answered with.
    func offer(_ draft: OfferDraft, to id: String) throws -> [UInt8] {
        let (verified, intent) = try openIntent(id)
        let wishes = intent.want.must + intent.want.nice.map(\.text)
        for text in draft.meets where !wishes.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
            throw Problem.member("meets repeats a must or a wish of the intent, word for word")
        }
        let nonce = Base64URL.encode(Random.bytes(16))
        let payload = OfferPayload(
            ref: verified.reference, nonce: nonce, items: draft.items, price: draft.price, validUntil: draft.validUntil,
            conditions: draft.conditions, meets: draft.meets, acceptsTerms: draft.acceptsTerms, asks: draft.asks)
        let signed = try company.sign(at: now) { $0.sign(offer: payload, to: verified.common.iss) }
        // An award comes while the offer or the intent stands, and some days later at most.
        let end = max(draft.validUntil.adding(days: 1).start, verified.common.exp).adding(seconds: TokenType.award.longestLife)
        try OfferTable(database: database).add(signed, to: verified, nonce: nonce, forgetAt: end)
        return try signed.sealed(to: intent.offersKey).file
    }

    /// Expects an intent to be shown in answer to an offer that was made elsewhere, with `vrm-vendor offer`.
    func expect(_ nonce: String, to id: String) throws {
        let (verified, _) = try openIntent(id)
        try OfferTable(database: database).expect(
            nonce, to: verified, forgetAt: verified.common.exp.adding(seconds: TokenType.award.longestLife))
    }

    private func openIntent(_ id: String) throws -> (VerifiedBundle, IntentPayload) {
        guard let file = try IntentTable(database: database).file(id, at: now) else { throw Problem.unknown }
        let bundle = try Unverified(parsing: Array(file.utf8))
        let verified = try Verifier(Policy(audience: nil)).verify(bundle, recalling: Recollection(), at: now)
        guard case .intent(let intent) = verified.payload else { throw Problem.unknown }
        guard intent.audience?.admits(company.origin) ?? true else { throw Problem.notAsked }
        return (verified, intent)
    }

    /// Signs the next receipt for what a person asked.
    func answer(_ draft: ReceiptDraft, to id: String) throws -> String {
        let bundles = BundleTable(database: database)
        guard let file = try bundles.file(id), try bundles.receipt(id) != nil else { throw Problem.unknown }
        let bundle = try Unverified(parsing: Array(file.utf8))
        guard let reference = bundle.reference, let person = bundle.issuer else { throw Problem.unknown }
        let isOver = draft.outcome != .open && draft.outcome != .in_progress
        return try answer(
            reference, of: person, draft.outcome, reason: draft.reason, expectedBy: draft.expectedBy,
            completedAt: draft.completedAt, retained: draft.retained, isOver ? .answered : .open)
    }
}
