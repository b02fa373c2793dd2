public import VRMBundle
public import VRMModel

extension Vault {
    /// What is sent out of an intent's: itself, or once it is over the word that it is.
    public func current(_ intent: Intent) throws(VaultFailure) -> (bundle: RecordID, signed: SignedBundle) {
        let id = intent.withdrawal ?? intent.bundle
        return (id, try signed(bundle: id).0)
    }

    /// What is on its way to addresses on the web.
    public func postings(of intent: Intent) throws(VaultFailure) -> [Posting] {
        try children(Posting.self, of: intent.id).sorted { ($0.made, $0.id) < ($1.made, $1.id) }
    }

    /// Other intents that were handed over at the same place.
    public func intents(at place: (Intent.Channel) -> Bool, besides intent: RecordID?) throws(VaultFailure) -> [Intent] {
        try intents().filter { $0.id != intent && $0.channels.contains(where: place) }
    }
}

extension Change {
    /// Notes where an intent was handed over. The same place again changes nothing.
    ///
    /// - Throws: ``IntentRefusal/closed(_:)`` for an expired one.
    public func publish(_ intent: Intent, _ kind: Intent.Channel.Kind, at place: String, on day: Day? = nil) throws -> Intent {
        guard now < intent.ends || intent.withdrawal != nil else { throw IntentRefusal.closed(.expired) }
        guard !intent.channels.contains(where: { $0.kind == kind && $0.place == place }) else { return intent }
        var changed = intent
        let at = day.map { $0 == now.day ? now : $0.start } ?? now
        changed.channels.append(Intent.Channel(kind: kind, place: place, at: at))
        try update(changed)
        try record(.intentPublished, records: [intent.id], detail: [kind.rawValue])
        return changed
    }

    /// Notes that the file of an intent was handed over, to whom is nobody's business. Saying it again changes nothing.
    ///
    /// - Throws: ``VaultFailure/sentBeforeMade``, ``IntentRefusal/closed(_:)``.
    public func handOver(_ intent: Intent, on day: Day) throws -> Intent {
        guard day >= intent.made.day else { throw VaultFailure.sentBeforeMade }
        return try publish(intent, .hand, at: "", on: day)
    }

    /// Puts what is current of an intent into the outbox, for one address. What waits there already is taken up again.
    ///
    /// - Throws: ``IntentRefusal/closed(_:)``, ``IntentRefusal/givenUp``.
    public func post(_ intent: Intent, to address: String) throws -> Posting {
        guard now < intent.ends || intent.withdrawal != nil else { throw IntentRefusal.closed(.expired) }
        let bundle = try vault.current(intent).bundle
        if let known = try vault.postings(of: intent).first(where: { $0.bundle == bundle && $0.address == address }) {
            guard known.state != .givenUp else { throw IntentRefusal.givenUp }
            return known
        }
        let posting = Posting(id: Change.newID(), intent: intent.id, bundle: bundle, address: address, made: now)
        try save(posting, ofIntent: intent.id)
        try record(.intentPosted, records: [posting.id], detail: ["waiting"])
        return posting
    }

    /// Notes how attempts at an address went.
    public func note(_ attempts: Int, of posting: Posting, isDelivered: Bool) throws -> Posting {
        var noted = posting
        noted.attempts += attempts
        noted.last = now
        if isDelivered { noted.delivered = now }
        guard let header = try store.header(posting.id) else { throw VaultFailure.damaged(.row) }
        try save(noted, key: header.key)
        try record(.intentPosted, records: [posting.id], detail: [noted.state.rawValue, "\(noted.attempts)"])
        if isDelivered { _ = try publish(try vault.need(Intent.self, posting.intent), .post, at: posting.address) }
        return noted
    }
}
