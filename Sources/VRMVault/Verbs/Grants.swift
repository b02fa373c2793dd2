public import VRMBundle
public import VRMModel

/// A grant as it was just made, with what has to be handed over.
public struct MadeGrant: Sendable {
    public let grant: Grant
    public let signed: SignedBundle
    /// The terms it stands under, when they had to be proffered along with it.
    public let offered: (offer: OfferedTerms, signed: SignedBundle)?
    public let terms: TermsID
}

extension Vault {
    /// All grants, newest first.
    public func grants() throws(VaultFailure) -> [Grant] { try all(Grant.self).sorted { $0.made > $1.made } }
}

/// A grant that ends soon, and until when it can be made again.
public struct Renewal: Sendable {
    public let grant: Grant
    public let through: Day
    /// Why it cannot.
    public let obstacle: Obstacle?

    public enum Obstacle: Hashable, Sendable {
        case itemRemoved(DataItemName)
        case termsRejected
        case termsEnd(Day)
    }
}

extension Vault {
    /// The grants that end by a day and not after the one they would be renewed to, the next first.
    ///
    /// - Parameter until: The last day they hold then; nil for 88 days from now, or as long as the terms stand.
    public func renewals(endingBy last: Day, through until: Day?, at now: Instant) throws(VaultFailure) -> [Renewal] {
        var renewals: [Renewal] = []
        for grant in try grants() where grant.isActive(at: now) && grant.until <= last {
            let offer = try standingOffer(grant.relationship, terms: nil, at: now)
            let termsEnd = offer?.ends.day.adding(days: -1)
            let longest = now.day.adding(days: 88)
            let through = until ?? min(longest, termsEnd ?? longest)
            var obstacle: Renewal.Obstacle?
            for item in grant.items where try self.item(item.name) == nil { obstacle = .itemRemoved(item.name) }
            if offer?.answer?.decision == .rejected { obstacle = .termsRejected }
            if let termsEnd, through > termsEnd || termsEnd <= grant.until { obstacle = .termsEnd(termsEnd) }
            guard obstacle != nil || grant.until < through else { continue }
            renewals.append(Renewal(grant: grant, through: through, obstacle: obstacle))
        }
        return renewals.sorted { ($0.grant.until, $0.grant.id) < ($1.grant.until, $1.grant.id) }
    }
}

extension Change {
    /// Lets a company use items for one purpose until the end of a day.
    ///
    /// - Parameter terms: Which terms; nil takes those that stand, or proffers `usual` when none do.
    /// - Throws: ``GrantRefusal``, ``VaultFailure``.
    public func grant(
        _ names: [DataItemName], to relationship: Relationship, for purpose: Purpose, through lastDay: Day, terms: TermsID?,
        usual: Terms, supersedes old: Grant? = nil
    ) throws -> MadeGrant {
        var versions: [DataVersion] = []
        for name in names where !versions.contains(where: { $0.name == name }) { versions.append(try vault.value(name)) }
        var offered: (offer: OfferedTerms, signed: SignedBundle)?
        let offer: OfferedTerms
        if let standing = try vault.standingOffer(relationship.id, terms: terms, at: now) {
            offer = standing
        } else {
            let made = try self.offer(usual, to: relationship)
            offered = made
            offer = made.0
        }
        let id = Change.newID()
        let items = versions.map { Grant.Item(name: $0.name, version: $0.number, versionID: $0.id) }
        // The rules first, before anything is signed.
        let draft = try offer.grant(items, for: purpose, through: lastDay, at: now, id: id, bundle: id)
        let termsBundle = try vault.need(KeptBundle.self, offer.bundle).reference
        let oldReference = try old.map { try vault.need(KeptBundle.self, $0.bundle).reference }
        let data = versions.map { (name: $0.name.description, value: JSONValue.string($0.value.revealed)) }
        let payload = GrantPayload(
            purposes: [purpose], basis: draft.basis, terms: termsBundle, retention: lastDay, supersedes: oldReference,
            data: JSONObject())
        let signed = try signing(to: relationship) { $0.sign(grant: payload, ends: draft.ends, data: data) }
        let bundle = try keep(signed, .grant, in: relationship.id, versions: versions.map(\.id))
        var grant = try offer.grant(items, for: purpose, through: lastDay, at: now, id: id, bundle: bundle.id)
        grant.supersedes = old?.id
        try save(grant, in: relationship.id)
        for item in items { try store.append(grant.id, .itemName, Vault.grantsKey(item.name)) }
        if var old {
            old.supersededBy = grant.id
            try save(old, in: relationship.id)
        }
        try record(
            .granted, relationship, records: [grant.id], evidence: signed.reference.s256,
            detail: [purpose.rawValue, "until \(lastDay)"] + names.map(\.description))
        return MadeGrant(grant: grant, signed: signed, offered: offered, terms: offer.terms)
    }

    /// The same items and purpose again with today's values, until a later day; the old grant points to the new one.
    ///
    /// - Throws: ``VaultFailure/grantNotActive(_:)`` when it was revoked or renewed already.
    public func renew(_ grant: Grant, through lastDay: Day, usual: Terms) throws -> MadeGrant {
        let state = grant.state(at: now)
        guard state != .revoked, state != .superseded else { throw VaultFailure.grantNotActive(state) }
        try checkStandsAlone(grant)
        return try self.grant(
            grant.items.map(\.name), to: try vault.relationship(grant.relationship), for: grant.purpose, through: lastDay,
            terms: nil, usual: usual, supersedes: grant)
    }

    /// Ends a grant before its time.
    ///
    /// - Throws: ``VaultFailure/grantNotActive(_:)`` when it has ended already,
    ///   ``VaultFailure/grantOfIntent(_:)`` when it was made by showing some of an intent.
    public func revoke(_ grant: Grant) throws -> (Revocation, SignedBundle) {
        let state = grant.state(at: now)
        guard state != .revoked, state != .expired else { throw VaultFailure.grantNotActive(state) }
        try checkStandsAlone(grant)
        let relationship = try vault.relationship(grant.relationship)
        let reference = try vault.need(KeptBundle.self, grant.bundle).reference
        // Until a month after the grant would have ended by itself: a company that asks late still gets the answer.
        let ends = grant.ends.adding(seconds: 30 * 86_400)
        let signed = try signing(to: relationship) {
            $0.sign(revocation: RevocationPayload(toe: PersonIssuer.date(of: now), revokes: [reference]), ends: ends)
        }
        let bundle = try keep(signed, .revocation, in: relationship.id)
        let revocation = Revocation(
            id: Change.newID(), relationship: relationship.id, grant: grant.id, at: now, bundle: bundle.id)
        try save(revocation, in: relationship.id)
        var ended = grant
        ended.revocation = revocation.id
        try save(ended, in: relationship.id)
        try record(.revoked, relationship, records: [revocation.id, grant.id], evidence: signed.reference.s256)
        return (revocation, signed)
    }

    /// What was shown of an intent ends with it, under the intent's key.
    private func checkStandsAlone(_ grant: Grant) throws(VaultFailure) {
        if let intent = try vault.offer(grant.offer).intent { throw .grantOfIntent(intent) }
    }
}
