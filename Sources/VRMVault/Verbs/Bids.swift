public import VRMBundle
import VRMCrypto
public import VRMModel

extension Vault {
    /// Offers to an intent, the newest first.
    public func bids(of intent: Intent) throws(VaultFailure) -> [Bid] {
        try children(KeptBid.self, of: intent.id).map(\.bid).sorted {
            ($0.made, $0.received, $0.id) > ($1.made, $1.received, $1.id)
        }
    }

    /// The offer of an id or the start of one, and the intent it is for.
    ///
    /// - Throws: ``VaultFailure/unknownRecord``, ``VaultFailure/ambiguousRecord``.
    public func bid(_ selector: String) throws(VaultFailure) -> (bid: Bid, intent: Intent) {
        let bid = try need(KeptBid.self, try record(.bid, selector)).bid
        return (bid, try need(Intent.self, bid.intent))
    }

    /// What an offer says.
    public func content(of bid: Bid) throws -> OfferPayload {
        try Unverified(parsing: try signed(bundle: bid.bundle).0.flattened).offer
    }

    /// Most offers one intent takes: each lies in the vault, and nobody reads more.
    static let mostBids = 1000

    /// Opens what was sealed to one of the intents.
    ///
    /// - Throws: ``IntentRefusal/notOurs``, ``IntentRefusal/unsealed``, a ``Rejection`` of B-01 to B-03 or B-17.
    public func open(offer bytes: [UInt8]) throws -> (intent: Intent, offer: Unverified) {
        guard let reader = SealedBundle.reader(of: bytes) else {
            _ = try Unverified(parsing: bytes)
            throw IntentRefusal.unsealed
        }
        for id in try store.find(.intent, Array(IntentKey.list.utf8)) {
            let key = try need(IntentKey.self, id)
            guard key.use == .open else { continue }
            let opening = try OpeningKey(seed: SecretBytes(copying: key.seed))
            guard opening.kid == reader else { continue }
            return (try need(Intent.self, key.intent), try Unverified(parsing: bytes, opening: [opening]))
        }
        throw IntentRefusal.notOurs
    }

    /// Whose a key is known to be, if not this company's: one key for two companies proves neither.
    private func otherOwner(of key: PublicJWK, than company: Origin) throws(VaultFailure) -> Origin? {
        for relationship in try companies() where relationship.company.origin != company {
            if try trustedKeys(of: relationship).contains(where: { $0.key == key }) { return relationship.company.origin }
        }
        return try all(KeptBid.self).first { kept in
            kept.bid.isTrusted && kept.bid.company != company && kept.keys.contains { $0.key == key }
        }?.bid.company
    }

    /// The relationship with whom a bundle names so.
    func relationship(named origin: Origin) throws(VaultFailure) -> Relationship? {
        try companies().first { $0.company.origin == origin }
    }

    /// The keys that count for an offer: those trusted for the company, else what was given for it.
    func keys(for company: Origin, given: KeyDocument?) throws(VaultFailure) -> (
        keys: [PinnedKey], retired: [PinnedKey], encryption: [AgreementJWK]
    ) {
        if let known = try relationship(named: company), let keys = try children(CompanyKeys.self, of: known.id).last {
            return (keys.keys, keys.retired, keys.encryptionKeys)
        }
        // A document that names its issuer speaks for nobody else.
        guard let given, given.issuer == nil || given.issuer == company else { return ([], [], []) }
        return (given.keys, [], given.encryptionKeys)
    }

    /// Verifies an offer that was opened. Nil when no key of the company is known.
    fileprivate func verify(
        _ offer: Unverified, to intent: Intent, of company: Origin, among bids: [KeptBid], given: KeyDocument?, at now: Instant
    ) throws -> (payload: OfferPayload, bundle: VerifiedBundle, keys: [PinnedKey], encryption: [AgreementJWK])? {
        let (keys, retired, encryption) = try keys(for: company, given: given)
        guard !keys.isEmpty else { return nil }
        let ours = try published(intent).bundle
        var recollection = Recollection(pinned: keys + retired)
        recollection.retired = retired
        recollection.chain = [ours.common.iss]
        for kept in bids where kept.bid.isTrusted && kept.bid.company == company {
            let bundle = try need(KeptBundle.self, kept.bid.bundle)
            if bundle.jti == offer.jti { recollection.seen = bundle.reference.s256 }
        }
        let policy = Policy(audience: ours.common.iss, types: [.offer], references: [ours], remembers: true)
        let bundle = try Verifier(policy).verify(offer, recalling: recollection, at: now)
        guard case .offer(let payload) = bundle.payload, payload.ref == ours.reference else {
            throw IntentRefusal.otherIntent
        }
        if let other = try otherOwner(of: bundle.key.key, than: company) { throw IntentRefusal.sharedKey(other.host) }
        return (payload, bundle, keys, encryption)
    }
}

extension Change {
    /// Takes in an offer. The same again changes nothing; with a key for one that had none it becomes trusted.
    ///
    /// - Parameters:
    ///   - given: Keys for a company that is not trusted yet, for this offer alone.
    ///   - fetch: Gets the keys of a company that has none.
    /// - Throws: ``IntentRefusal``, a ``Rejection``, or what `fetch` throws.
    public func take(
        offer bytes: [UInt8], given: KeyDocument?, fetch: ((Origin) throws -> KeyDocument)? = nil
    ) throws -> (bid: Bid, intent: Intent) {
        let (intent, offer) = try vault.open(offer: bytes)
        let bids = try vault.children(KeptBid.self, of: intent.id)
        let same = try bids.first { kept in
            try vault.need(KeptBundle.self, kept.bid.bundle).reference.s256 == offer.s256
        }
        if let same, same.bid.isTrusted { return (same.bid, intent) }
        let state = try vault.state(of: intent, at: now)
        guard [.draft, .open, .shortlisting].contains(state) else { throw IntentRefusal.closed(state) }
        guard let company = offer.issuer.flatMap({ Origin($0) }) else { throw IntentRefusal.noCompany }
        let published = try vault.published(intent)
        guard published.payload.audience?.admits(company) ?? true else { throw IntentRefusal.notAsked(company.host) }
        guard same != nil || bids.count < Vault.mostBids else { throw IntentRefusal.tooManyOffers }

        var given = given
        if given == nil, let fetch, try vault.keys(for: company, given: nil).keys.isEmpty { given = try fetch(company) }
        let verified = try vault.verify(offer, to: intent, of: company, among: bids, given: given, at: now)
        if verified == nil {
            // Nothing of it is believed, but what does not even have the form of an answer to us is not kept.
            let claimed = try offer.offer
            guard claimed.ref == published.bundle.reference, offer.audience == published.bundle.common.iss else {
                throw IntentRefusal.otherIntent
            }
            if let same { return (same.bid, intent) }
        }
        let signed = SignedBundle(
            protected: offer.envelope.protected, payload: offer.envelope.payload, signature: offer.envelope.signature,
            disclosures: nil, jti: offer.jti ?? "")
        if let same { try drop(same, ofIntent: intent.id) }
        let bundle = KeptBundle(
            id: Change.newID(), owner: .intent(intent.id), type: .offer, signed: signed, disclosures: nil, isReceived: true)
        try save(bundle, ofIntent: intent.id)
        let bid = Bid(
            id: same?.bid.id ?? Change.newID(), intent: intent.id, company: company,
            made: verified?.bundle.common.iat ?? min(offer.issuedAt ?? now, now), received: now, bundle: bundle.id,
            isTrusted: verified != nil)
        try save(KeptBid(bid, keys: verified?.keys ?? [], encryptionKeys: verified?.encryption ?? []), ofIntent: intent.id)
        try record(
            .offerReceived, records: [bid.id], evidence: offer.s256,
            detail: [company.host.description, verified == nil ? "key unknown" : "trusted"])
        return (bid, intent)
    }

    /// Puts an offer aside. Nobody is told.
    public func decline(_ bid: Bid) throws(VaultFailure) -> Bid {
        guard bid.declined == nil else { return bid }
        var kept = try vault.need(KeptBid.self, bid.id)
        kept.bid.declined = now.day
        try update(kept)
        try record(.offerDeclined, records: [bid.id], detail: [bid.company.host.description])
        return kept.bid
    }

    func update(_ kept: KeptBid) throws(VaultFailure) {
        guard let header = try store.header(kept.id) else { throw .damaged(.row) }
        try save(kept, key: header.key)
    }

    /// Takes an offer out with its token.
    func drop(_ kept: KeptBid, ofIntent intent: RecordID) throws(VaultFailure) {
        try store.unfile(kept.bid.bundle, .child, Vault.childKey(intent, .bundle))
        try store.remove(kept.bid.bundle)
        try store.unfile(kept.id, .child, Vault.childKey(intent, .bid))
        try store.remove(kept.id)
    }
}
