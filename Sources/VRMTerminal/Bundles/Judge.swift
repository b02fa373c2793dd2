import VRMBundle
import VRMModel

/// Everything one run of `verify` knows: keys, references, policy, and what is remembered.
struct Judge: Sendable {
    var policy: Policy
    var documents: [KeyDocument] = []
    var openingKeys: [OpeningKey] = []
    let now: Instant
    /// What the revocations given with this run end.
    var given = Memory(BriefMemory())
    var memory: Memory<CompanyStore>?

    init(_ policy: Policy, at now: Instant) {
        self.policy = policy
        self.now = now
    }

    /// What is known of a bundle's issuer and id.
    func recall(_ bundle: Unverified) throws -> Recollection {
        let keys = Judge.keys(for: bundle.issuer, in: documents)
        let ended = try given.recall(bundle, given: keys, isPublished: isPublished(bundle.issuer), nonce: policy.nonce)
        guard let memory else { return ended }
        var recollection = try memory.recall(
            bundle, given: keys, isPublished: isPublished(bundle.issuer), nonce: policy.nonce)
        recollection.isEnded = recollection.isEnded || ended.isEnded
        recollection.endedUpTo = [recollection.endedUpTo, ended.endedUpTo].compactMap { $0 }.max()
        return recollection
    }

    func judge(_ bundle: Unverified, _ recollection: Recollection) throws(Rejection) -> VerifiedBundle {
        try Verifier(policy).verify(bundle, recalling: recollection, at: now)
    }

    mutating func remember(_ bundle: VerifiedBundle) throws {
        let isPublished = isPublished(bundle.common.iss)
        try memory?.remember(bundle, isPublished: isPublished)
    }

    /// Verifies one bundle and remembers it.
    mutating func settle(_ bytes: [UInt8]) throws -> VerifiedBundle {
        let bundle = try Unverified(parsing: bytes, opening: openingKeys)
        let verified = try judge(bundle, try recall(bundle))
        try remember(verified)
        return verified
    }

    /// A token that another refers to, or that ends another: judged by its own time, and for whomever it is.
    func aside(_ bytes: [UInt8]) throws -> VerifiedBundle {
        let bundle = try Unverified(parsing: bytes, opening: openingKeys)
        // A key given for another issuer says nothing about this one.
        let keys = Judge.keys(for: bundle.issuer, in: documents).filter {
            PairwiseIssuer.name($0.key) == bundle.issuer || bundle.issuer.flatMap { Origin($0) } != nil
        }
        return try Verifier(Policy(audience: nil)).verify(
            bundle, recalling: Recollection(pinned: keys), at: bundle.issuedAt ?? now)
    }

    private func isPublished(_ issuer: String?) -> Bool {
        documents.contains { $0.issuer != nil && $0.issuer?.description == issuer }
    }

    /// The keys that count for an issuer. A document that names its issuer speaks for nobody else, and where there is one,
    /// bare keys do not speak for that issuer: they are somebody else's.
    static func keys(for issuer: String?, in documents: [KeyDocument]) -> [PinnedKey] {
        guard !documents.isEmpty else { return [] }
        let own = documents.filter { $0.issuer != nil && $0.issuer?.description == issuer }
        return (own.isEmpty ? documents.filter { $0.issuer == nil } : own).flatMap(\.keys)
    }
}
