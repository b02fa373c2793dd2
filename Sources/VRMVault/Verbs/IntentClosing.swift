public import VRMBundle
import VRMCrypto
public import VRMModel

/// What an award makes, each to be handed over.
public struct MadeAward: Sendable {
    public let intent: Intent
    public let relationship: Relationship
    public let award: SignedBundle
    /// The old key's word for the fresh one, to a company that knew the person already.
    public let rotation: SignedBundle?
    public let terms: SignedBundle?
    /// The address; nil when there is nothing to give.
    public let grant: Grant?
    public let grantFile: SignedBundle?
    public let closing: MadeClosing
}

/// What the end of an intent makes: the word for everybody, and a demand to each company that was shown something.
public struct MadeClosing: Sendable {
    /// Nil when it was over by itself.
    public let withdrawal: SignedBundle?
    public let demands: [Demand]

    public struct Demand: Sendable {
        public let bid: Bid
        public let relationship: Relationship
        public let request: RightsRequest
        public let signed: SignedBundle
        public let letter: LetterDraft
    }
}

/// How a demand for deletion is judged and worded: the law it stands on is found for each company.
public struct DemandWriting {
    let regime: (Company) throws -> Regime
    let language: (Company) throws -> LanguageCode
    let holidays: Holidays
    let compose: (RequestDraft, _ signer: String) throws -> LetterDraft

    /// - Parameter compose: Writes the letter of somebody known by a key alone.
    public init(
        regime: @escaping (Company) throws -> Regime, language: @escaping (Company) throws -> LanguageCode, holidays: Holidays,
        compose: @escaping (RequestDraft, _ signer: String) throws -> LetterDraft
    ) {
        self.regime = regime
        self.language = language
        self.holidays = holidays
        self.compose = compose
    }
}

extension Change {
    /// Chooses an offer. The winner hears from the person under a fresh key from then on, and gets items under it; the others are
    /// told that it is over, and to delete what they were shown.
    ///
    /// - Parameters:
    ///   - names: What the winner gets, for delivery, until `lastDay`. May be empty.
    ///   - domain: The winner's registrable domain.
    /// - Throws: ``IntentRefusal``, ``GrantRefusal``.
    public func award(
        _ intent: Intent, to bid: Bid, giving names: [DataItemName], through lastDay: Day, domain: Domain, writing: DemandWriting
    ) throws -> MadeAward {
        let state = try vault.state(of: intent, at: now)
        guard [.draft, .open, .shortlisting].contains(state) else { throw IntentRefusal.closed(state) }
        guard bid.intent == intent.id else { throw IntentRefusal.otherIntent }
        try check(bid)
        let offer = try vault.content(of: bid)
        guard offer.validUntil >= now.day else { throw IntentRefusal.offerOver(offer.validUntil) }
        let reference = try vault.need(KeptBundle.self, bid.bundle).reference
        let relationship = try begin(with: bid, domain)

        // A month is time enough for a parcel; the token lives 45 days at most.
        let ends = now.day.adding(days: 30).start
        let fresh = KeptSigningKey(id: Change.newID(), relationship: relationship.id, seed: Random.bytes(SigningKey.seedBytes))
        let seed = SecretBytes(copying: fresh.seed)
        var signed = try signing(for: intent) {
            try $0.sign(awardOf: reference, to: bid.company, continuingUnder: seed, ends: ends)
        }
        if let reader = try vault.sealingKey(of: relationship.id) { signed = try signed.sealed(to: reader) }
        let kept = try keep(signed, .award, in: relationship.id)
        let rotation: SignedBundle?
        if try vault.children(KeptSigningKey.self, of: relationship.id).isEmpty {
            try save(fresh, in: relationship.id)
            rotation = nil
        } else {
            rotation = try rotateKey(towards: relationship, to: fresh).signed
        }

        var terms: SignedBundle?
        var made: MadeGrant?
        if !names.isEmpty {
            let text = try vault.terms(intent.terms, languages: [intent.language])
            var (offered, file) = try self.offer(text, to: relationship)
            // Who accepted the terms of the intent accepted this text.
            offered.answer = try answer(in: bid, offer, relationship)
            try save(offered, key: try key(of: relationship.id))
            terms = file
            made = try grant(
                names, to: relationship, for: .DeliveryOfGoods, through: lastDay, terms: text.id, usual: text)
        }
        var won = try vault.need(KeptBid.self, bid.id)
        won.bid.relationship = relationship.id
        try update(won)
        var awarded = intent
        awarded.awarded = bid.id
        awarded.award = kept.id
        try record(
            .intentAwarded, relationship, records: [intent.id, bid.id], evidence: signed.reference.s256,
            detail: [bid.company.host.description, offer.price.description])
        let closing = try close(&awarded, except: bid, writing: writing)
        return MadeAward(
            intent: awarded, relationship: relationship, award: signed, rotation: rotation, terms: terms, grant: made?.grant,
            grantFile: made?.signed, closing: closing)
    }

    /// Ends an intent without a winner, or cleans up after one whose time is over.
    ///
    /// - Throws: ``IntentRefusal/closed(_:)`` when that was done already.
    public func withdraw(_ intent: Intent, writing: DemandWriting) throws -> (Intent, MadeClosing) {
        let state = try vault.state(of: intent, at: now)
        let isOpen = try vault.bids(of: intent).contains { bid in
            try bid.shown.contains { try vault.need(Grant.self, $0).closed == nil }
        }
        guard [.draft, .open, .shortlisting].contains(state) || state == .expired && isOpen else {
            throw IntentRefusal.closed(state)
        }
        var ended = intent
        let closing = try close(&ended, except: nil, writing: writing)
        return (ended, closing)
    }

    /// Tells everybody, and whoever was shown something to delete it.
    private func close(_ intent: inout Intent, except winner: Bid?, writing: DemandWriting) throws -> MadeClosing {
        var withdrawal: SignedBundle?
        if now < intent.ends {
            let reference = try vault.published(intent).bundle.reference
            // As long as anybody may still have the intent, and a grace.
            let ends = intent.ends.adding(seconds: Intent.grace)
            let signed = try signing(for: intent) { $0.sign(withdrawal: WithdrawalPayload(ref: reference), ends: ends) }
            let kept = KeptBundle(
                id: Change.newID(), owner: .intent(intent.id), type: .withdrawal, signed: signed, disclosures: nil,
                isReceived: false)
            try save(kept, ofIntent: intent.id)
            intent.withdrawal = kept.id
            withdrawal = signed
        }
        intent.withdrawn = intent.withdrawn ?? min(now, intent.ends)
        var demands: [MadeClosing.Demand] = []
        for bid in try vault.bids(of: intent) where bid.id != winner?.id && !bid.shown.isEmpty {
            demands.append(try demandDeletion(of: bid, for: intent, writing))
        }
        if intent.awarded == nil, withdrawal == nil { intent.withdrawn = nil }
        try update(intent)
        try record(
            .intentWithdrawn, records: [intent.id], evidence: withdrawal?.reference.s256,
            detail: ["demands \(demands.count)"])
        return MadeClosing(withdrawal: withdrawal, demands: demands)
    }

    /// Demands that a company delete exactly what it was shown, signed by the only key it knows: the intent's.
    private func demandDeletion(
        of bid: Bid, for intent: Intent, _ writing: DemandWriting
    ) throws -> MadeClosing.Demand {
        guard let id = bid.relationship else { throw VaultFailure.damaged(.row) }
        let relationship = try vault.relationship(id)
        let grants = try bid.shown.map { try vault.need(Grant.self, $0) }
        var identifiers: [RequestDraft.Identifier] = []
        for item in grants.flatMap(\.items) where !identifiers.contains(where: { $0.name == item.name }) {
            let version = try vault.version(item.versionID)
            // What was removed here meanwhile is named all the same: the company still has it.
            let value = version?.value ?? Private("(\(item.name), no longer kept here)")
            identifiers.append(RequestDraft.Identifier(name: item.name, value: value, version: version?.id))
        }
        for var grant in grants {
            grant.closed = now
            try save(grant, key: try key(of: relationship.id))
        }
        let signer = try vault.published(intent).bundle.common.iss
        let (request, signed, letter) = try self.request(
            .erasure, about: .shown(grants), of: relationship, under: try writing.regime(relationship.company),
            in: try writing.language(relationship.company), identifiers: identifiers, holidays: writing.holidays, sent: nil,
            sign: { payload, ends, subject, _ in
                let signed = try signing(for: intent) {
                    $0.sign(request: payload, to: bid.company, ends: ends, subject: subject)
                }
                guard let reader = try vault.sealingKey(of: relationship.id) else { return signed }
                return try signed.sealed(to: reader)
            }, compose: { try writing.compose($0, signer) })
        return MadeClosing.Demand(bid: bid, relationship: relationship, request: request, signed: signed, letter: letter)
    }

    /// Destroys the keys of intents whose time is over: what opens offers after the grace, what signs when no demand waits.
    func destroyLapsedKeys() throws(VaultFailure) {
        for id in try store.find(.intent, Array(IntentKey.list.utf8)) {
            let key = try vault.need(IntentKey.self, id)
            let intent = try vault.need(Intent.self, key.intent)
            guard now >= intent.sealedUntil else { continue }
            if key.use == .sign, try vault.isAwaited(intent) { continue }
            try store.unfile(id, .intent, Array(IntentKey.list.utf8))
            try store.unfile(id, .child, Vault.childKey(intent.id, .intentKey))
            try store.remove(id)
            shred()
            try record(.intentKeyDestroyed, records: [intent.id], detail: [key.use.rawValue])
        }
    }
}

extension Vault {
    /// The demands that followed from an intent.
    public func demands(of intent: Intent) throws(VaultFailure) -> [RightsRequest] {
        var demands: [RightsRequest] = []
        for bid in try bids(of: intent) where intent.awarded != bid.id {
            guard let relationship = bid.relationship, !bid.shown.isEmpty, let name = try name(of: intent) else { continue }
            for request in try children(RightsRequest.self, of: relationship) where try signer(of: request.bundle) == name {
                demands.append(request)
            }
        }
        return demands
    }

    /// Whether the intent's key may still have to sign: something was shown and the demand for it is not closed.
    func isAwaited(_ intent: Intent) throws(VaultFailure) -> Bool {
        let losers = try bids(of: intent).filter { $0.id != intent.awarded && !$0.shown.isEmpty }
        let demands = try demands(of: intent)
        return demands.count < losers.count || demands.contains { $0.history.state.isOpen }
    }

    /// Whether the company knows the person of a request by the key of an intent alone.
    func isSignedForIntent(_ request: RightsRequest) throws(VaultFailure) -> Bool {
        try isSigned(request, byOneOf: try namesOfIntents())
    }

    func isSigned(_ request: RightsRequest, byOneOf names: Set<String>) throws(VaultFailure) -> Bool {
        guard !names.isEmpty, let signer = try signer(of: request.bundle) else { return false }
        return names.contains(signer)
    }

    /// The names that intents were published under.
    func namesOfIntents() throws(VaultFailure) -> Set<String> {
        var names: Set<String> = []
        for intent in try intents() { if let name = try name(of: intent) { names.insert(name) } }
        return names
    }

    private func name(of intent: Intent) throws(VaultFailure) -> String? { try signer(of: intent.bundle) }

    private func signer(of bundle: RecordID) throws(VaultFailure) -> String? {
        let kept = try need(KeptBundle.self, bundle)
        return Base64URL.decode(kept.payload.utf8).flatMap { try? JSONParser.parse($0).object }?["iss"]?.string
    }
}
