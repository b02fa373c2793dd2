public import VRMModel

extension Vault {
    /// How companies have dealt with the person: one company, or all of them, by domain.
    ///
    /// - Parameter law: What says by when a request must be answered.
    public func scorecards(
        of relationship: Relationship?, under law: LawBook, at now: Instant
    ) throws(VaultFailure) -> [Scorecard] {
        let companies = if let relationship { [relationship] } else { try companies() }
        let leaks = try leakedFrom()
        var cards: [Scorecard] = []
        for company in companies {
            var reasons: [Scorecard.Reason] = leaks[company.id] ?? []
            let requests = try children(RightsRequest.self, of: company.id)
            for request in requests { reasons += answers(request, at: company, under: law, on: now.day) }
            for attestation in Vault.attestations(requests, try children(Contradiction.self, of: company.id)) {
                reasons += attestation.contradictions.map {
                    .init(.again, .bad, on: $0.on, "\($0.source.rawValue) after an erasure", record: attestation.request.id)
                }
            }
            for offer in try children(OfferedTerms.self, of: company.id) { reasons.append(Vault.reason(offer)) }
            for note in try children(Note.self, of: company.id) { reasons += Vault.reasons(note, on: now.day) }
            cards.append(Scorecard(company: company.company.domain, name: company.company.name, reasons: reasons))
        }
        return cards
    }

    private func answers(
        _ request: RightsRequest, at company: Relationship, under law: LawBook, on today: Day
    ) -> [Scorecard.Reason] {
        guard request.sent != nil else { return [] }
        var reasons: [Scorecard.Reason] = []
        let deadline = law.deadline(of: request, at: company.company.place)
        let what = "\(request.kind.rawValue) request"
        if let answer = request.history.events.first(where: \.kind.isAnswer) {
            // A period nobody knows cannot have passed.
            let isLate = deadline.map { answer.day > $0.answerBy } ?? false
            reasons.append(
                .init(
                    .answers, isLate ? .bad : .good, on: answer.day,
                    "\(what): \(answer.kind.rawValue)" + (isLate ? ", due \(deadline?.answerBy.description ?? "")" : ""),
                    record: request.id))
        } else if let deadline, request.isLate(on: today, deadline) {
            reasons.append(.init(.answers, .bad, on: deadline.answerBy, "\(what): no answer", record: request.id))
        } else if request.history.state.awaitsAnswer {
            reasons.append(.init(.answers, .open, on: request.sent ?? today, "\(what): waiting", record: request.id))
        }
        if request.kind == .erasure, let last = request.history.events.last(where: \.kind.isAnswer) {
            let isDone = [.fulfilled, .noData].contains(last.kind)
            reasons.append(
                .init(
                    .deletions, isDone ? .good : .bad, on: last.day,
                    last.kind.rawValue + (isDone ? (last.receipt == nil ? ", not signed" : ", signed") : ""), record: request.id))
        } else if request.kind == .erasure, request.history.state.isOpen {
            reasons.append(.init(.deletions, .open, on: request.sent ?? today, "asked", record: request.id))
        }
        return reasons
    }

    private static func reason(_ offer: OfferedTerms) -> Scorecard.Reason {
        let on = (offer.answer?.at ?? offer.made).day
        let verdict: Scorecard.Verdict =
            switch offer.answer?.decision {
            case .accepted: .good
            case .rejected, .counter: .bad
            case nil: .open
            }
        return .init(
            .terms, verdict, on: on, "\(offer.terms): \(offer.answer?.decision.rawValue ?? "no answer")", record: offer.id)
    }

    private static func reasons(_ note: Note, on today: Day) -> [Scorecard.Reason] {
        let measure: Scorecard.Measure
        switch note.kind {
        case .promise where note.owed?.by == .them: measure = .promises
        case .idea: measure = .ideas
        case .referral: measure = .referrals
        // What else they owe by their own word counts as a promise; what the person owes is no merit of theirs.
        case .call, .complaint, .promise:
            guard note.owed?.by == .them else { return [] }
            measure = .promises
        }
        let state = note.state(on: today)
        let verdict: Scorecard.Verdict =
            switch state {
            case .kept: note.isKeptLate ? .bad : .good
            case .broken, .overdue: .bad
            case .open, .noted: .open
            }
        let what = "\(note.kind.rawValue): " + (note.isKeptLate ? "kept late" : state.rawValue)
        return [.init(measure, verdict, on: note.outcome?.on ?? note.owed?.until ?? note.on, what, record: note.id)]
    }

    /// Mail from somebody else to an address that only this company was given. It does not tell who passed it on.
    private func leakedFrom() throws(VaultFailure) -> [RecordID: [Scorecard.Reason]] {
        var reasons: [RecordID: [Scorecard.Reason]] = [:]
        let leaks = try all(Relationship.self).flatMap { other in
            other.evidence.filter { $0.kind == .leak }.map { (other, $0) }
        }
        guard !leaks.isEmpty else { return [:] }
        let given = try givenAddresses()
        for (other, evidence) in leaks {
            guard let alias = evidence.alias, let owners = given[Vault.valueKey(alias.revealed)], owners.count == 1,
                let owner = owners.first, let owner, owner.id != other.id
            else { continue }
            reasons[owner.id, default: []].append(
                .init(
                    .again, .bad, on: evidence.days?.lowerBound ?? evidence.noted.day,
                    "\(other.company.domain) wrote to an address only they had; no proof who passed it on", record: other.id))
        }
        return reasons
    }
}
