public import VRMBundle
import VRMCrypto
public import VRMModel

/// Everything a person decides about a new intent.
public struct IntentDraft: Sendable {
    public let want: Want
    public let category: IntentCategory
    public let region: Region
    public let lastDay: Day
    /// A text that others use as well; one of the person's own would tie their intents together.
    public let terms: Terms
    public var reserve: Amount?
    /// What can be shown later.
    public var attributes: [DataItemName] = []
    public var audience: Audience?
    public var replyTo = IntentPayload.whereFound

    public init(want: Want, category: IntentCategory, region: Region, lastDay: Day, terms: Terms) {
        self.want = want
        self.category = category
        self.region = region
        self.lastDay = lastDay
        self.terms = terms
    }
}

/// Why an intent is not made, or what is wanted with it not done. Carries days, states and names.
public enum IntentRefusal: Error, Equatable {
    case alreadyOver(Day)
    case tooLong(latest: Day)
    case tooManyAttributes
    /// The reserve and the budget are in two currencies, or the reserve is above the budget.
    case reserveBesideBudget
    case badReplyAddress
    case tooLarge
    case closed(Intent.State)
    /// What would sign for it was destroyed.
    case keyDestroyed
    /// Sealed to no key that is here.
    case notOurs
    case unsealed
    /// Whoever made it is not named as a company is.
    case noCompany
    case notAsked(Domain)
    /// The key that signed it is known as another company's.
    case sharedKey(Domain)
    case tooManyOffers
    case untrusted(Domain)
    case offerOver(Day)
    case declined
    case otherIntent
    /// The offer's nonce was answered once already.
    case nonceUsed(Domain)
    case notCommitted(DataItemName)
    case valueRemoved(DataItemName)
    case nothingShown
    case foreignOrigin(Domain)
    case givenUp
    case knownByKey(Domain, RecordID)
}

extension Vault {
    /// All intents, newest first.
    public func intents() throws(VaultFailure) -> [Intent] { try all(Intent.self).sorted { ($0.made, $0.id) > ($1.made, $1.id) } }

    /// The intent of an id or an unambiguous start of one (4 digits at least).
    ///
    /// - Throws: ``VaultFailure/unknownRecord``, ``VaultFailure/ambiguousRecord``.
    public func intent(_ selector: String) throws(VaultFailure) -> Intent {
        try need(Intent.self, try record(.intent, selector))
    }

    /// The same for a command that takes an id of anything: nil when it is none of an intent.
    public func madeIntent(_ selector: String) throws(VaultFailure) -> Intent? {
        do { return try intent(selector) } catch {
            guard error == .unknownRecord else { throw error }
            return nil
        }
    }

    func record(_ kind: RecordKind, _ selector: String) throws(VaultFailure) -> RecordID {
        guard selector.utf8.count >= 4 else { throw .unknownRecord }
        let matches = try store.titles(of: kind).map(\.id).filter { $0.description.hasPrefix(selector.lowercased()) }
        guard matches.count <= 1 else { throw .ambiguousRecord }
        guard let match = matches.first else { throw .unknownRecord }
        return match
    }

    /// What everybody reads of an intent, checked as a reader would.
    public func published(_ intent: Intent) throws -> (payload: IntentPayload, signed: SignedBundle, bundle: VerifiedBundle) {
        let signed = try signed(bundle: intent.bundle).0
        let bundle = try Verifier(Policy(audience: nil, types: [.intent])).verify(
            signed.flattened, recalling: Recollection(), at: intent.made)
        guard case .intent(let payload) = bundle.payload else { throw VaultFailure.damaged(.row) }
        return (payload, signed, bundle)
    }

    /// The signed word that an intent is over; nil while it is not.
    public func withdrawal(of intent: Intent) throws(VaultFailure) -> SignedBundle? {
        guard let id = intent.withdrawal else { return nil }
        return try signed(bundle: id).0
    }

    /// The signed choice of the winner; nil while there is none, or when the company was removed.
    public func award(of intent: Intent) throws(VaultFailure) -> SignedBundle? {
        guard let id = intent.award, try store.header(id) != nil else { return nil }
        return try signed(bundle: id).0
    }

    public func state(of intent: Intent, at now: Instant) throws(VaultFailure) -> Intent.State {
        intent.state(at: now, hasShown: try bids(of: intent).contains { !$0.shown.isEmpty })
    }

    func key(_ use: IntentKey.Use, of intent: RecordID) throws(VaultFailure) -> IntentKey? {
        try children(IntentKey.self, of: intent).first { $0.use == use }
    }

    /// Which keys of an intent are still here.
    public func hasKeys(_ intent: Intent) throws(VaultFailure) -> (signing: Bool, opening: Bool) {
        let uses = try children(IntentKey.self, of: intent.id).map(\.use)
        return (uses.contains(.sign), uses.contains(.open))
    }

    /// The last day an intent made now can take offers.
    public static func latestDay(ofIntentMade now: Instant) -> Day {
        IntentIssuer.date(of: now).adding(seconds: TokenType.intent.longestLife).day.adding(days: -1)
    }
}

extension Change {
    /// Says what is wanted, under fresh keys.
    ///
    /// - Throws: ``IntentRefusal``, ``VaultFailure/unknownItem(_:)``.
    public func intend(_ draft: IntentDraft) throws -> (Intent, SignedBundle) {
        let ends = draft.lastDay.adding(days: 1).start
        guard ends > now else { throw IntentRefusal.alreadyOver(draft.lastDay) }
        let latest = Vault.latestDay(ofIntentMade: now)
        guard draft.lastDay <= latest else { throw IntentRefusal.tooLong(latest: latest) }
        guard draft.attributes.count <= Limits.attributes else { throw IntentRefusal.tooManyAttributes }
        if let reserve = draft.reserve, let budget = draft.want.budget {
            guard reserve.isWithin(budget) == true else { throw IntentRefusal.reserveBesideBudget }
        }
        guard draft.replyTo.hasPrefix("https://") || draft.replyTo.hasPrefix("mailto:"), draft.replyTo.utf8.count <= 1024,
            draft.replyTo.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else { throw IntentRefusal.badReplyAddress }
        var versions: [DataVersion] = []
        for name in draft.attributes where !versions.contains(where: { $0.name == name }) {
            versions.append(try vault.value(name))
        }

        let signing = IntentKey(id: Change.newID(), intent: Change.newID(), use: .sign, seed: Random.bytes(SigningKey.seedBytes))
        let id = signing.intent
        let opening = IntentKey(id: Change.newID(), intent: id, use: .open, seed: Random.bytes(AgreementKey.seedBytes))
        let reader = try OpeningKey(seed: SecretBytes(copying: opening.seed)).publicKey
        let terms = TermsText(
            id: draft.terms.id.description, uri: draft.terms.uri, sha256: draft.terms.sha256,
            lang: draft.terms.language.description, text: nil)
        let payload = IntentPayload(
            category: draft.category.description, region: draft.region.description, want: draft.want, offersKey: reader,
            terms: terms, riders: [.deleteOnClose], audience: draft.audience, replyTo: draft.replyTo)
        let whole = try IntentIssuer(seed: SecretBytes(copying: signing.seed), now: now).sign(
            intent: payload, ends: ends, attributes: versions.map { ($0.name.description, .string($0.value.revealed)) }
        )
        let signed = whole.withoutDisclosures
        guard signed.compact.count <= Limits.tokenBytes else { throw IntentRefusal.tooLarge }

        let bundle = KeptBundle(
            id: Change.newID(), owner: .intent(id), type: .intent, signed: signed, disclosures: [], isReceived: false)
        let key = try store.makeKey()
        let kept = try keep(whole.disclosures ?? [], versions: versions.map(\.id), under: key)
        let attributes = zip(versions, kept).map { version, disclosure in
            Intent.Attribute(
                item: Grant.Item(name: version.name, version: version.number, versionID: version.id), disclosure: disclosure)
        }
        let intent = Intent(
            id: id, bundle: bundle.id, made: now, ends: ends, category: draft.category, region: draft.region,
            want: draft.want.title, terms: draft.terms.id, language: draft.terms.language, reserve: draft.reserve,
            attributes: attributes)
        try save(intent, key: key)
        try save(bundle, ofIntent: id)
        for key in [signing, opening] {
            try save(key, ofIntent: id)
            try store.file(key.id, .intent, Array(IntentKey.list.utf8))
        }
        try record(
            .intentMade, records: [id], evidence: signed.reference.s256,
            detail: [intent.category.description, intent.region.description, "until \(intent.until)", intent.terms.description]
                + versions.map(\.name.description))
        return (intent, signed)
    }

    /// Saves a record of an intent under the intent's key, filed below it.
    func save(_ record: some Record, ofIntent intent: RecordID) throws(VaultFailure) {
        guard let header = try store.header(intent) else { throw .damaged(.row) }
        try save(record, key: header.key)
        try store.file(record.id, .child, Vault.childKey(intent, type(of: record).recordKind))
    }

    func update(_ intent: Intent) throws(VaultFailure) {
        guard let header = try store.header(intent.id) else { throw .damaged(.row) }
        try save(intent, key: header.key)
    }

    /// Signs for an intent.
    ///
    /// - Throws: ``IntentRefusal/keyDestroyed``.
    func signing<Result>(for intent: Intent, _ sign: (borrowing IntentIssuer) throws -> Result) throws -> Result {
        guard let key = try vault.key(.sign, of: intent.id) else { throw IntentRefusal.keyDestroyed }
        var seed = key.seed
        let secret = SecretBytes(copying: seed)
        wipe(&seed)
        return try sign(IntentIssuer(seed: secret, now: now))
    }
}
