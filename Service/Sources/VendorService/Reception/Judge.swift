import VRMBundle
import VRMModel

/// Judges bundles by what one connection to the database remembers.
struct Judge {
    let company: Company
    let database: any Database
    let now: Instant

    /// A bundle judged by what was remembered at that moment.
    struct Judgement: Sendable {
        let bundle: Unverified
        let policy: Policy
        let recollection: Recollection
        let outcome: Result<VerifiedBundle, Rejection>
    }

    /// - Throws: A ``Rejection`` for what is no bundle, or a ``DatabaseFailure``.
    func judge(_ file: [UInt8], at counter: Counter) throws -> Judgement {
        let bundle = try Unverified(parsing: file, opening: company.openingKeys)
        var policy = Policy(audience: company.origin.description, types: counter.types, remembers: true)
        if case .bundles = counter {
            policy.nonce = try nonce(bundle)
            // Only an intent that is shown to somebody belongs here; B-13 says whether it is shown to us.
            if bundle.envelope.keyBinding == nil { policy.types.remove(.intent) }
        }
        policy.references = try references(bundle)
        let recollection = try recall(bundle, policy)
        return Judgement(
            bundle: bundle, policy: policy, recollection: recollection,
            outcome: Result { () throws(Rejection) in
                try Verifier(policy).verify(bundle, recalling: recollection, at: now)
            })
    }

    /// The judgement again, unless what is remembered is still the same.
    func settle(_ judged: Judgement) throws -> Result<VerifiedBundle, Rejection> {
        let recollection = try recall(judged.bundle, judged.policy)
        guard recollection != judged.recollection, case .success = judged.outcome else { return judged.outcome }
        return Result { () throws(Rejection) in
            try Verifier(judged.policy).verify(judged.bundle, recalling: recollection, at: now)
        }
    }

    func recall(_ bundle: Unverified, _ policy: Policy) throws -> Recollection {
        var recollection = try Memory(CompanyMemory(database: database, now: now)).recall(bundle, nonce: policy.nonce)
        // The very same presentation again, because an answer was lost, uses its nonce for nothing new.
        if recollection.isNonceUsed, let nonce = policy.nonce, let reference = bundle.reference {
            let shown = try BundleTable(database: database).file(BundleTable.id(reference, shownFor: nonce))
            recollection.isNonceUsed = try shown.map { try Envelope(parsing: Array($0.utf8)) != bundle.envelope } ?? true
        }
        return recollection
    }

    /// The nonce of an offer to this intent, if it is what its Key Binding JWT answers.
    private func nonce(_ bundle: Unverified) throws -> String? {
        guard bundle.isIntent, let nonce = bundle.claimedNonce, let reference = bundle.reference else { return nil }
        return try OfferTable(database: database).expects(nonce, to: reference.id) ? nonce : nil
    }

    /// The tokens it names that are at hand. By digest: an id alone could be anybody's.
    private func references(_ bundle: Unverified) throws -> [VerifiedBundle] {
        var found: [VerifiedBundle] = []
        for reference in bundle.namedReferences.prefix(ServiceLimits.references) {
            if let offer = try OfferTable(database: database).file(reference.id) {
                found.append(try company.own(offer))
            } else if let file = try IntentTable(database: database).file(reference.id, at: now)
                ?? BundleTable(database: database).file(reference.id)
            {
                found.append(try aside(file))
            }
        }
        return found
    }

    /// Something stored, verified again as it was then.
    private func aside(_ file: String) throws -> VerifiedBundle {
        let bundle = try Unverified(parsing: Array(file.utf8))
        return try Verifier(Policy(audience: nil)).verify(bundle, recalling: Recollection(), at: bundle.issuedAt ?? now)
    }
}

extension Unverified {
    var isIntent: Bool { payload?["vct"]?.string == TokenType.intent.rawValue }

    /// What its Key Binding JWT says it answers. UNVERIFIED.
    var claimedNonce: String? {
        guard let parts = envelope.keyBinding?.split(separator: ".", omittingEmptySubsequences: false), parts.count == 3,
            let bytes = Base64URL.decode(parts[1].utf8)
        else { return nil }
        return (try? JSONParser.parse(bytes))?.object?["nonce"]?.string
    }

    /// Every token it names, as §6 of the format lists them. UNVERIFIED.
    var namedReferences: [BundleReference] {
        guard let payload else { return [] }
        let single = ["ref", "terms", "supersedes", "replacement", "in_reply_to"].compactMap { payload[$0] }
        let several = [payload["revokes"], payload["replaces"], payload["scope"]?.object?["grants"]]
        return (single + several.flatMap { $0?.array ?? [] }).compactMap { try? BundleReference(json: $0) }
    }
}
