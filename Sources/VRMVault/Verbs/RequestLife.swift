public import VRMModel

extension Vault {
    /// A request by its id or the start of it.
    ///
    /// - Throws: ``VaultFailure/unknownRequest``, ``VaultFailure/ambiguousRecord``.
    public func request(_ selector: String) throws(VaultFailure) -> RightsRequest {
        switch try outgoing(selector) {
        case .request(let request): return request
        case .followUp(let letter): return try need(RightsRequest.self, letter.request)
        default: throw .unknownRequest
        }
    }

    /// Further letters about a request, the oldest first.
    public func followUps(of request: RightsRequest) throws(VaultFailure) -> [FollowUp] {
        try children(FollowUp.self, of: request.relationship).filter { $0.request == request.id }.sorted { $0.made < $1.made }
    }
}

extension Change {
    /// Writes down what happened to a request, with its ledger line.
    ///
    /// The day of a sending is put right by recording it again, as long as nothing was written down after it. The same event
    /// again on the same day then changes nothing.
    ///
    /// - Parameter items: What went to the company with it, to prove who the person is. It is noted as held, to be asked back.
    /// - Returns: The request as it is now.
    /// - Throws: ``RequestRefusal`` when the event cannot be part of its history.
    public func record(
        _ event: RequestEvent, on request: RightsRequest, handing items: [DataItemName] = []
    ) throws -> RightsRequest {
        let relationship = try vault.relationship(request.relationship)
        var changed = request
        if let last = request.history.asWritten.last, last.isSameLetter(as: event) {
            guard last.day != event.day else { return request }
            _ = changed.takeBack()
        }
        try changed.add(event)
        try save(changed, in: relationship.id)
        let detail = event.kind == .sent ? [event.day.description] : [event.kind.rawValue, event.day.description]
        var handed: [RecordID] = []
        for name in items {
            let holding = Holding(
                id: Change.newID(), relationship: relationship.id, item: name, version: try vault.item(name)?.currentVersion,
                since: event.day, evidence: Evidence(kind: .statement, source: command, noted: now), proofFor: request.id)
            try addHolding(holding)
            handed.append(holding.id)
        }
        try record(
            event.kind == .sent ? .sent : .requestRecorded, relationship, records: [request.id] + handed,
            evidence: event.evidence, detail: detail + items.map(\.description))
        return changed
    }

    /// Takes back what was written down last, because it was not so.
    ///
    /// - Throws: ``VaultFailure/nothingRecorded``.
    public func takeBack(lastOf request: RightsRequest) throws -> RightsRequest {
        let relationship = try vault.relationship(request.relationship)
        var changed = request
        guard let event = changed.takeBack() else { throw VaultFailure.nothingRecorded }
        if let id = event.followUp {
            var letter = try vault.need(FollowUp.self, id)
            letter.sent = nil
            try save(letter, in: relationship.id)
        }
        try save(changed, in: relationship.id)
        try record(
            .requestTakenBack, relationship, records: [request.id], detail: [event.kind.rawValue, event.day.description])
        return changed
    }

    /// Sets the day an answer is due by the person's word; nil goes back to the rule.
    public func setAnswerBy(_ day: DeadlineOverride?, of request: RightsRequest) throws(VaultFailure) -> RightsRequest {
        guard day != request.answerBy else { return request }
        let relationship = try vault.relationship(request.relationship)
        var changed = request
        changed.answerBy = day
        try save(changed, in: relationship.id)
        try record(
            .requestRecorded, relationship, records: [request.id], detail: ["answer-by", day?.day.description ?? "by-rule"])
        return changed
    }
}

extension RequestEvent {
    /// Whether both are the sending of one letter: of the request itself, or of the same follow-up.
    fileprivate func isSameLetter(as other: RequestEvent) -> Bool {
        kind == other.kind && followUp == other.followUp && (kind == .sent || followUp != nil)
    }
}
