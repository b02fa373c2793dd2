public import VRMBundle
import VRMCrypto
public import VRMModel

extension Vault {
    /// Whose offer it is, as a relationship: that of the company's origin, or one to begin.
    ///
    /// - Parameter domain: The company's registrable domain.
    /// - Throws: ``IntentRefusal/foreignOrigin(_:)`` when the company of this domain is known under another origin.
    func partner(_ company: Origin, _ domain: Domain) throws -> Relationship? {
        if let known = try relationship(named: company) { return known }
        guard try self.company(domain) == nil else { throw IntentRefusal.foreignOrigin(domain) }
        return nil
    }
}

extension Change {
    /// Shows a company that made an offer some of what was committed to: one more layer, for it alone, and once.
    ///
    /// It is a grant like any other, under the terms the intent names, until the intent ends.
    ///
    /// - Parameter domain: The company's registrable domain, under which the relationship begins.
    /// - Throws: ``IntentRefusal``, ``GrantRefusal``.
    public func shortlist(
        _ bid: Bid, of intent: Intent, showing names: [DataItemName], for purpose: Purpose, domain: Domain
    ) throws -> (grant: Grant, signed: SignedBundle, relationship: Relationship) {
        let state = try vault.state(of: intent, at: now)
        guard [.draft, .open, .shortlisting].contains(state) else { throw IntentRefusal.closed(state) }
        try check(bid)
        guard bid.shown.isEmpty else { throw IntentRefusal.nonceUsed(bid.company.host) }
        let offer = try vault.content(of: bid)
        guard offer.validUntil >= now.day else { throw IntentRefusal.offerOver(offer.validUntil) }
        guard !names.isEmpty else { throw IntentRefusal.nothingShown }
        var (items, encoded): ([Grant.Item], [String]) = ([], [])
        for name in names where !items.contains(where: { $0.name == name }) {
            guard let attribute = intent.attributes.first(where: { $0.item.name == name }) else {
                throw IntentRefusal.notCommitted(name)
            }
            guard let kept = try vault.load(KeptDisclosure.self, attribute.disclosure) else {
                throw IntentRefusal.valueRemoved(name)
            }
            items.append(attribute.item)
            encoded.append(kept.encoded)
        }

        let relationship = try begin(with: bid, domain)
        let published = try vault.published(intent)
        let whole = SignedBundle(
            protected: published.signed.protected, payload: published.signed.payload, signature: published.signed.signature,
            disclosures: encoded, jti: published.signed.jti)
        let shown = try signing(for: intent) {
            try $0.present(whole, revealing: Set(names.map(\.description)), to: bid.company, nonce: offer.nonce)
        }
        let bundle = try keep(shown, .intent, in: relationship.id, versions: items.map(\.versionID))
        let terms = try vault.terms(intent.terms, languages: [intent.language])
        let offered = OfferedTerms(
            id: Change.newID(), relationship: relationship.id, terms: terms, made: intent.made, ends: intent.ends,
            bundle: bundle.id, answer: try answer(in: bid, offer, relationship), intent: intent.id)
        try save(offered, in: relationship.id)
        let grant = try offered.grant(
            items, for: purpose, through: intent.until, at: now, id: Change.newID(), bundle: bundle.id)
        try save(grant, in: relationship.id)
        for item in items { try store.append(grant.id, .itemName, Vault.grantsKey(item.name)) }
        var kept = try vault.need(KeptBid.self, bid.id)
        kept.bid.relationship = relationship.id
        kept.bid.shown.append(grant.id)
        try update(kept)
        try record(
            .granted, relationship, records: [grant.id, offered.id], evidence: shown.reference.s256,
            detail: [purpose.rawValue, "until \(intent.until)", terms.id.description] + items.map(\.name.description))
        return (grant, shown, relationship)
    }

    /// Whether one may deal with who made an offer.
    func check(_ bid: Bid) throws {
        guard bid.isTrusted else { throw IntentRefusal.untrusted(bid.company.host) }
        guard bid.declined == nil else { throw IntentRefusal.declined }
    }

    /// The company's word about the terms of the intent, as an answer to them; nil when it did not accept.
    func answer(in bid: Bid, _ offer: OfferPayload, _ relationship: Relationship) throws -> OfferedTerms.Answer? {
        guard offer.acceptsTerms else { return nil }
        let kept = try keep(try vault.signed(bundle: bid.bundle).0, .offer, in: relationship.id, isReceived: true)
        return OfferedTerms.Answer(decision: .accepted, at: bid.made, bundle: kept.id)
    }

    /// The relationship with a company that made an offer, begun if there is none, its key trusted.
    func begin(with bid: Bid, _ domain: Domain) throws -> Relationship {
        let kept = try vault.need(KeptBid.self, bid.id)
        let relationship: Relationship
        if let known = try vault.partner(bid.company, domain) {
            relationship = known
        } else {
            var new = try draft(domain, evidence: Evidence(kind: .sent, source: command, noted: now), name: nil)
            if new.company.origin != bid.company { new.company.declaredOrigin = bid.company }
            try begin(new)
            try record(.companyAdded, new, records: [new.id])
            relationship = new
        }
        if try vault.trustedKeys(of: relationship).isEmpty {
            try trust(kept.keys, of: relationship, encryptionKeys: kept.encryptionKeys)
        }
        return relationship
    }
}
