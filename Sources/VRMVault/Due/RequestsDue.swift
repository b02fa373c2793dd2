import VRMModel

/// What rights requests wait for: the company's answer, or the person's next step.
enum RequestsDue: DueSource {
    /// How long a reminder is given before the next step.
    static let patience = 14

    static func matters(in vault: Vault, at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter] {
        var followUps: [RecordID: [FollowUp]] = [:]
        for letter in try vault.all(FollowUp.self) { followUps[letter.request, default: []].append(letter) }
        let requests = try vault.all(RightsRequest.self)
        let intents = try vault.namesOfIntents()
        var matters = try proofs(in: vault, of: requests)
        for request in requests where request.history.state.isOpen {
            let company = try vault.relationship(request.relationship).company
            let due = RequestDue(
                request: request, company: company.domain, deadline: law.deadline(of: request, at: company.place),
                letters: followUps[request.id] ?? [],
                isKnownByKeyAlone: try vault.isSigned(request, byOneOf: intents), today: now.day)
            matters += due.matters
        }
        return matters
    }

    /// What proved the person's identity and has done its work.
    private static func proofs(in vault: Vault, of requests: [RightsRequest]) throws(VaultFailure) -> [DueMatter] {
        let domains = try vault.domains()
        var matters: [DueMatter] = []
        for holding in try vault.all(Holding.self) where holding.state == .held {
            guard let request = requests.first(where: { $0.id == holding.proofFor }), !request.history.state.isOpen,
                let day = request.history.events.last?.day
            else { continue }
            matters.append(
                DueMatter(
                    .proof(holding.item), domains[holding.relationship], on: day, id: request.id,
                    because: .words(["it proved who you are for a request that is over since \(day)", "ask for its erasure"])))
        }
        return matters
    }
}

/// One request and what is due about it.
private struct RequestDue {
    let request: RightsRequest
    let company: Domain
    /// Nil under a law that is not known.
    let deadline: Deadline?
    let letters: [FollowUp]
    /// A letter would tell the company who asks, so there is none to write.
    let isKnownByKeyAlone: Bool
    let today: Day

    private var history: RequestHistory { request.history }

    private func matter(_ what: DueMatter.What, _ day: Day, _ ground: DueMatter.Ground) -> DueMatter {
        DueMatter(what, company, on: day, id: request.id, because: ground)
    }

    /// The last day something of this kind happened.
    private func last(_ kind: RequestEvent.Kind) -> Day { history.events.last { $0.kind == kind }?.day ?? request.made.day }

    var matters: [DueMatter] {
        unsent + answer
            + next.filter { !isKnownByKeyAlone || !($0.what == .reminder(request.kind) || $0.what == .complaint(request.kind)) }
    }

    private var unsent: [DueMatter] {
        var matters = letters.filter { $0.sent == nil }.map {
            DueMatter(.send($0.kind.rawValue), company, on: $0.made.day, id: $0.id, because: .made($0.made.day))
        }
        switch history.state {
        case .made: matters.append(matter(.send("\(request.kind.rawValue) request"), request.made.day, .made(request.made.day)))
        case .bounced:
            matters.append(
                matter(
                    .send("\(request.kind.rawValue) request again"), last(.bounced),
                    .words(["it came back on \(last(.bounced))", "check the address: vrm company show \(company)"])))
        default: break
        }
        return matters
    }

    private var answer: [DueMatter] {
        guard history.state.awaitsAnswer, let deadline else { return [] }
        var matters: [DueMatter] = []
        if history.state == .sent, let day = deadline.acknowledgeBy {
            matters.append(matter(.acknowledgement(request.kind), day, .rule(deadline, request)))
        }
        // While it stands still there is no day.
        if deadline.stoppedSince == nil {
            matters.append(matter(.answer(request.kind), deadline.answerBy, .rule(deadline, request)))
        }
        return matters
    }

    /// What the person can do now, or from a day on.
    private var next: [DueMatter] {
        switch history.state {
        case .identityRequested: return [question]
        case .refused, .partial:
            let day = last(history.state == .refused ? .refused : .partial)
            return [
                matter(
                    .decision(request.kind), day,
                    .words([
                        "answered on \(day): \(history.state.rawValue)",
                        (isKnownByKeyAlone
                            ? "let it rest"
                            : "contest it (vrm request remind \(request.id.short), vrm request complain \(request.id.short)) or let it rest")
                            + ": vrm request record \(request.id.short) --event confirmed",
                    ]))
            ]
        case .reopened: return [matter(.reminder(request.kind), last(.reopened), .words(["reopened on \(last(.reopened))"]))]
        case .reminded:
            let (day, count) = (last(.reminded), history.events.count { $0.kind == .reminded })
            let waiting = matter(
                count > 1 ? .complaint(request.kind) : .reminder(request.kind), day.adding(days: RequestsDue.patience),
                .words([
                    "\(count == 1 ? "reminded" : "reminded \(count) times, last") on \(day), and given \(RequestsDue.patience) days"
                ]))
            return isLate || history.events.contains { $0.kind.isAnswer } ? [waiting] : []
        case .sent, .acknowledged, .identitySupplied, .extended:
            guard isLate, let deadline else { return [] }
            return [matter(.reminder(request.kind), deadline.answerBy.adding(days: 1), .rule(deadline, request))]
        default: return []
        }
    }

    /// What the company asked and waits for.
    private var question: DueMatter {
        let event = history.events.last { $0.kind == .identityRequested }
        let day = last(.identityRequested)
        let still = deadline?.stoppedSince.map { ["the period stands still since \($0)"] } ?? []
        if event?.about == .scope {
            return matter(
                .scope(request.kind), day,
                .words(
                    ["they asked on \(day) what you ask for"] + still
                        + ["tell them, then: vrm request record \(request.id.short) --event identity_supplied"]))
        }
        let hint =
            isKnownByKeyAlone
            ? "they know you by a key alone: hand over nothing that names you"
            : "hand over no more than it takes, or contest it: vrm request remind \(request.id.short) --answer identity"
        return matter(.identity(request.kind), day, .words(["they asked on \(day) who you are"] + still + [hint]))
    }

    private var isLate: Bool { deadline.map { request.isLate(on: today, $0) } ?? false }
}
