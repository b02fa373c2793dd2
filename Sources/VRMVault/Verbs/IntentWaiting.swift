import VRMBundle
public import VRMModel

extension Vault {
    /// All that is the person's own in the vault, with the name of its item: for finding it where it must not stand.
    public func personalValues() throws(VaultFailure) -> [(name: DataItemName, value: Private<String>)] {
        try all(DataVersion.self).map { ($0.name, $0.value) }
            + all(Holding.self).compactMap { held in held.value.map { (held.item, $0) } }
    }

    /// Whether the host or mailbox for answers stood in an earlier intent.
    public func hasUsed(replyTo: String, besides intent: Intent) throws -> Bool {
        func place(_ address: String) -> String {
            guard address.hasPrefix("https://") else { return address.lowercased() }
            return String(address.dropFirst(8).prefix { $0 != "/" && $0 != "?" }).lowercased()
        }
        return try intents().contains { other in
            guard other.id != intent.id else { return false }
            let earlier = try published(other).payload.replyTo
            return earlier != IntentPayload.whereFound && place(earlier) == place(replyTo)
        }
    }

    /// In words, what an intent waits for.
    public func waiting(_ intent: Intent, at now: Instant) throws -> String {
        let state = try state(of: intent, at: now)
        let bids = try bids(of: intent)
        let unknown = bids.count { !$0.isTrusted }
        let current = intent.withdrawal ?? intent.bundle
        // After its end nobody reads it, and what was overtaken by its withdrawal is not sent any more.
        let post = try now < intent.ends ? postings(of: intent).first { $0.state == .waiting && $0.bundle == current } : nil
        if let post {
            return "not delivered yet after \(post.attempts) attempts: vrm intent publish \(intent.id.short) --post \(post.typed)"
        }
        switch state {
        case .draft where bids.isEmpty: return "being published: vrm intent publish \(intent.id.short) --feed DIR"
        case .draft, .open, .shortlisting:
            if bids.isEmpty { return "offers, through \(intent.until)" }
            let untrusted = unknown == 0 ? "" : ", \(unknown) of unknown key"
            return "your choice among \(bids.count) offers\(untrusted): vrm offer compare \(intent.id.short)"
        case .awarded, .withdrawn, .expired:
            let open = try demands(of: intent).filter(\.history.state.isOpen).count
            if open > 0 { return "\(open) demands to delete, to be answered" }
            if state == .expired, try isAwaited(intent) {
                return "demands to delete, to be made: vrm intent withdraw \(intent.id.short) --out DIR"
            }
            return "nothing"
        }
    }

    /// Intents that are open, or wait for something, as the daily screen has them.
    public func openIntents(at now: Instant) throws -> [(intent: Intent, state: Intent.State, waitsFor: String)] {
        var open: [(intent: Intent, state: Intent.State, waitsFor: String)] = []
        for intent in try intents() {
            let (state, waits) = (try state(of: intent, at: now), try waiting(intent, at: now))
            if waits != "nothing" { open.append((intent, state, waits)) }
        }
        return open
    }
}
