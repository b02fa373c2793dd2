import VRMBundle
import VRMCrypto
import VRMModel

/// What one change may write. Made and used by ``Registrar`` alone.
struct Register {
    let company: Company
    let database: any Database
    let now: Instant

    private var bundles: BundleTable { BundleTable(database: database) }

    /// Puts a judged bundle on record and does what it says.
    func take(_ judged: Judge.Judgement) throws -> Reply {
        switch try Judge(company: company, database: database, now: now).settle(judged) {
        case .failure(let rejection): return .refused(rejection)
        case .success(let bundle):
            let chain = try Judge(company: company, database: database, now: now).recall(judged.bundle, judged.policy).chain
            try remember(bundle)
            var isReplay = bundle.isReplay
            if bundle.presentation != nil {
                isReplay = try !bundles.add(bundle, .held, at: now)
            } else if !isReplay {
                try act(on: bundle, chain)
            }
            return .taken(
                Reply.Taken(
                    id: bundle.reference.id, type: bundle.type, isReplay: isReplay, standing: bundle.standing,
                    binding: bundle.binding, ends: bundle.common.exp, receipt: try bundles.receipt(bundle.reference.id)?.file))
        }
    }

    private func remember(_ bundle: VerifiedBundle) throws {
        var storage = CompanyMemory(database: database, now: now)
        if bundle.type == .intent || bundle.type == .withdrawal {
            storage.pinsEnd = bundle.common.exp.adding(seconds: Limits.leewaySeconds)
            storage.endsLast = TokenType.intent.longestLife + Limits.leewaySeconds
        }
        var memory = Memory(storage)
        try memory.remember(bundle)
    }

    private func act(on bundle: VerifiedBundle, _ chain: Set<String>) throws {
        switch bundle.payload {
        case .intent(let intent):
            try IntentTable(database: database).add(bundle, intent)
        case .withdrawal(let withdrawal): try IntentTable(database: database).remove(withdrawal.ref.id)
        case .grant(let grant):
            if let earlier = grant.supersedes { try bundles.end(earlier.id, ofAny: chain) }
            try bundles.add(bundle, .held, at: now)
        case .terms(let terms):
            for earlier in terms.replaces { try bundles.end(earlier.id, ofAny: chain) }
            try bundles.add(bundle, .held, at: now)
        case .revocation(let revocation):
            for ended in revocation.revokes { try bundles.end(ended.id, ofAny: chain) }
            if revocation.all { try bundles.endAll(ofAny: chain, until: bundle.common.iat) }
            try bundles.add(bundle, .answered, at: now)
            try answer(bundle.reference, of: bundle.common.iss, .fulfilled)
        case .request(let request): try take(request, bundle, chain)
        default: try bundles.add(bundle, .held, at: now)
        }
    }

    /// Does at once what concerns only what the very key sent; everything else is for a person at the company.
    ///
    /// A key nobody bound to an account is a pseudonym: until it is bound, nothing is done for it that reaches beyond what came
    /// under it (docs/spec/bundle.md §1).
    private func take(_ request: RequestPayload, _ bundle: VerifiedBundle, _ chain: Set<String>) throws {
        let isReachable = try isOfItsKeyAlone(request, bundle, chain)
        try bundles.add(bundle, .open, at: now)
        guard request.exercise == RequestKind.erasure.exercise, isReachable else {
            let isBound = bundle.binding == .account
            try answer(
                bundle.reference, of: bundle.common.iss, isBound ? .in_progress : .open,
                reason: isBound ? nil : .need_user_verification, expectedBy: max(request.respondBy, now.day), .open)
            return
        }
        try bundles.erase(ofAny: chain, only: request.grants.isEmpty ? nil : Set(request.grants.map(\.id)))
        try answer(bundle.reference, of: bundle.common.iss, .fulfilled)
    }

    /// Whether what came under the key is all there can be: it names no identifiers to look up elsewhere, or it is the key of an
    /// intent that was shown here. After an award there are orders and invoices that this service knows nothing of.
    private func isOfItsKeyAlone(
        _ request: RequestPayload, _ bundle: VerifiedBundle, _ chain: Set<String>
    ) throws -> Bool {
        let records: Set = [TokenType.request.rawValue, TokenType.revocation.rawValue]
        let held = try bundles.types(ofAny: chain).subtracting(records)
        guard bundle.binding == .none, !held.isEmpty, !held.contains(TokenType.award.rawValue) else { return false }
        return request.subject.members.isEmpty || held.contains(TokenType.intent.rawValue)
    }

    /// Signs the next receipt for a request or revocation.
    ///
    /// - Returns: Its file.
    @discardableResult
    func answer(
        _ reference: BundleReference, of person: String, _ outcome: ReceiptPayload.Outcome,
        reason: ReceiptPayload.Reason? = nil, expectedBy: Day? = nil, completedAt: Instant? = nil,
        retained: [ReceiptPayload.Retained] = [], _ state: BundleTable.State = .answered
    ) throws -> String {
        // As `vrm-vendor receipt` counts, so that both can answer.
        let seq = max((try bundles.receipt(reference.id)?.seq ?? 0) + 1, now.seconds * 1000)
        let receipt = ReceiptPayload(
            ref: reference, seq: seq, outcome: outcome, reason: reason,
            receivedAt: try bundles.received(reference.id) ?? now, expectedBy: expectedBy,
            completedAt: completedAt ?? (outcome == .fulfilled ? now : nil), retained: retained)
        let signed = try company.sign(at: now) { $0.sign(receipt: receipt, to: person) }
        try bundles.answer(reference.id, with: signed, seq: seq, state)
        return String(decoding: signed.flattened, as: UTF8.self)
    }
}
