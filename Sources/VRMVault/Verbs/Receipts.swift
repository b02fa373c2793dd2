public import VRMBundle
public import VRMModel

extension ReceiptPayload {
    /// What a receipt says happened to the request.
    ///
    /// - Parameter deadline: When the answer is due without it; an expected day after that is an extension.
    public func event(against deadline: Deadline?) -> RequestEvent.Kind {
        switch (outcome, reason) {
        case (.open, .need_user_verification), (.in_progress, .need_user_verification), (.denied, .need_user_verification):
            .identityRequested
        case (.open, _): .acknowledged
        case (.in_progress, _): isLater(than: deadline) ? .extended : .acknowledged
        case (.fulfilled, _): retained.isEmpty ? .fulfilled : .partial
        case (.denied, .no_match): .noData
        case (.denied, _), (.expired, _): .refused
        }
    }

    private func isLater(than deadline: Deadline?) -> Bool {
        guard let expectedBy, let deadline else { return false }
        return expectedBy > deadline.answerBy
    }
}

extension Vault {
    /// A company's answer to a request, judged by its trusted key before anything is kept.
    ///
    /// - Throws: A `Rejection`; ``VaultFailure/unknownAgreement`` when it is about something else.
    public func receipt(_ bytes: [UInt8], for request: RightsRequest, at now: Instant) throws -> VerifiedBundle {
        try receipt(bytes, answering: request.bundle, at: now)
    }

    /// The same of an answer to a revocation.
    public func receipt(_ bytes: [UInt8], for revocation: Revocation, at now: Instant) throws -> VerifiedBundle {
        try receipt(bytes, answering: revocation.bundle, at: now)
    }

    private func receipt(_ bytes: [UInt8], answering bundle: RecordID, at now: Instant) throws -> VerifiedBundle {
        let unverified = try Unverified(parsing: bytes)
        let (recollection, policy) = try expectation(of: unverified, .receipt, at: now)
        let verified = try Verifier(policy).verify(unverified, recalling: recollection, at: now)
        guard case .receipt(let receipt) = verified.payload,
            receipt.ref == (try need(KeptBundle.self, bundle).reference)
        else { throw VaultFailure.unknownAgreement }
        return verified
    }

    /// The receipts kept of a request, the one that counts last.
    public func receipts(of request: RightsRequest) throws(VaultFailure) -> [ReceiptPayload] {
        try receipts(answering: request.bundle, in: request.relationship)
    }

    fileprivate func receipts(
        answering bundle: RecordID, in relationship: RecordID
    ) throws(VaultFailure) -> [ReceiptPayload] {
        let reference = try need(KeptBundle.self, bundle).reference
        var receipts: [ReceiptPayload] = []
        for kept in try children(KeptBundle.self, of: relationship)
        where kept.isReceived && kept.type == TokenType.receipt.rawValue {
            guard let bytes = Base64URL.decode(kept.payload.utf8), let claims = try? JSONParser.parse(bytes).object,
                let receipt = try? ReceiptPayload(claims)
            else { throw .damaged(.row) }
            if receipt.ref == reference { receipts.append(receipt) }
        }
        return receipts.sorted { $0.seq < $1.seq }
    }
}

extension Change {
    /// Keeps a company's verified answer and writes down what it says happened. The same again changes nothing.
    ///
    /// - Parameters:
    ///   - law: Tells whether the day it names is an extension.
    ///   - day: When it came; the day it was signed unless given.
    /// - Throws: ``VaultFailure/laterReceipt(_:)`` when one with a higher number is here; ``RequestRefusal``.
    public func take(
        receipt bundle: VerifiedBundle, on request: RightsRequest, under law: LawBook, day: Day? = nil
    ) throws -> RightsRequest {
        if bundle.isReplay { return request }
        let relationship = try vault.relationship(request.relationship)
        let (receipt, kept) = try keep(receipt: bundle, answering: request.bundle, of: relationship)
        let kind = receipt.event(against: law.deadline(of: request, at: relationship.company.place))
        // It tells nothing new of a request that is acknowledged, or further.
        if kind == .acknowledged, request.history.state.awaitsAnswer, request.history.state.after(kind) == nil {
            try record(
                .requestRecorded, relationship, records: [request.id, kept.id], evidence: bundle.reference.s256,
                detail: [receipt.outcome.rawValue, bundle.common.iat.day.description])
            return request
        }
        let signedOn = max(bundle.common.iat.day, request.sent ?? request.made.day)
        let until = receipt.expectedBy.flatMap { kind == .extended && $0 > signedOn ? $0 : nil }
        return try record(
            RequestEvent(
                kind, on: day ?? signedOn, until: until, reason: receipt.reason.map { Private($0.rawValue) },
                evidence: bundle.reference.s256, receipt: kept.id, recorded: now),
            on: request)
    }

    /// Keeps a company's verified answer to a revocation. It arrived, so it was sent. The same again changes nothing.
    ///
    /// - Throws: ``VaultFailure/laterReceipt(_:)`` when one with a higher number is here.
    public func take(
        receipt bundle: VerifiedBundle, on revocation: Revocation, day: Day? = nil
    ) throws -> (receipt: KeptReceipt, revocation: Revocation) {
        guard case .receipt(let receipt) = bundle.payload else { throw VaultFailure.unknownAgreement }
        let relationship = try vault.relationship(revocation.relationship)
        func answer(_ id: RecordID, _ revocation: Revocation) -> (KeptReceipt, Revocation) {
            let kept = KeptReceipt(
                id: id, company: relationship, payload: receipt, signed: bundle.common.iat, answers: revocation.id)
            return (kept, revocation)
        }
        if bundle.isReplay, let id = try vault.store.find(.bundleID, Array(bundle.common.jti.utf8)).first {
            return answer(id, revocation)
        }
        let kept = try keep(receipt: bundle, answering: revocation.bundle, of: relationship).1
        let day = day ?? max(bundle.common.iat.day, revocation.sent ?? revocation.at.day)
        var revocation = revocation
        if revocation.sent == nil {
            revocation.sent = day
            try save(revocation, in: relationship.id)
        }
        try record(
            .requestRecorded, relationship, records: [revocation.id, kept.id], evidence: bundle.reference.s256,
            detail: [receipt.outcome.rawValue, day.description])
        return answer(kept.id, revocation)
    }

    private func keep(
        receipt bundle: VerifiedBundle, answering target: RecordID, of relationship: Relationship
    ) throws -> (ReceiptPayload, KeptBundle) {
        guard case .receipt(let receipt) = bundle.payload else { throw VaultFailure.unknownAgreement }
        if let newest = try vault.receipts(answering: target, in: relationship.id).last, newest.seq >= receipt.seq {
            throw VaultFailure.laterReceipt(newest.outcome.rawValue)
        }
        let signed = SignedBundle(
            protected: bundle.envelope.protected, payload: bundle.envelope.payload, signature: bundle.envelope.signature,
            disclosures: nil, jti: bundle.common.jti)
        return (receipt, try keep(signed, .receipt, in: relationship.id, isReceived: true))
    }
}
