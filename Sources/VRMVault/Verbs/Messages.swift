public import VRMBundle
public import VRMModel

extension Vault {
    /// Messages to and from a company, or all, each thread together: a message, then what answers it.
    public func messages(with relationship: Relationship?) throws(VaultFailure) -> [(message: Correspondence, depth: Int)] {
        let found =
            if let relationship { try children(Correspondence.self, of: relationship.id) } else { try all(Correspondence.self) }
        let all = found.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
        let known = Set(all.map(\.id))
        var out: [(message: Correspondence, depth: Int)] = []
        func add(_ message: Correspondence, _ depth: Int) {
            out.append((message, depth))
            for answer in all where answer.answers == message.id { add(answer, depth + 1) }
        }
        for message in all where message.answers.map({ !known.contains($0) }) ?? true { add(message, 0) }
        return out
    }

    /// What a message says.
    public func text(of message: Correspondence) throws(VaultFailure) -> Private<String> {
        Private(try need(KeptBundle.self, message.bundle).claims.text("text"))
    }

    /// A message of either side by its id or the start of it.
    ///
    /// - Throws: ``VaultFailure/unknownRecord``, ``VaultFailure/ambiguousRecord``.
    public func message(_ selector: String) throws(VaultFailure) -> Correspondence {
        guard selector.utf8.count >= 4 else { throw .unknownRecord }
        let matches = try all(Correspondence.self).filter { $0.id.description.hasPrefix(selector.lowercased()) }
        guard matches.count <= 1 else { throw .ambiguousRecord }
        guard let match = matches.first else { throw .unknownRecord }
        return match
    }

    /// What to recall and to demand when verifying a message of a company.
    ///
    /// - Throws: ``VaultFailure/keyOfAnother`` when no company is known by the name it is signed under,
    ///   ``VaultFailure/noCompanyKey(_:)``.
    public func expectation(ofMessage message: Unverified, at now: Instant) throws -> (Relationship, Recollection, Policy) {
        guard let origin = message.issuer.flatMap({ Origin($0) }),
            let relationship = try companies().first(where: { $0.company.origin == origin })
        else { throw VaultFailure.keyOfAnother }
        let answered = message.payload?["in_reply_to"]?.object?["jti"]?.string
        let target = try answered.flatMap { try store.find(.bundleID, Array($0.utf8)).first }
        let (recollection, policy) = try expectation(of: message, .message, from: relationship, about: target, at: now)
        return (relationship, recollection, policy)
    }
}

extension Change {
    /// Tells a company something.
    ///
    /// - Parameters:
    ///   - answered: The message of theirs it answers.
    ///   - wantedBy: When an answer is hoped for.
    public func write(
        _ kind: MessageKind, _ text: Private<String>, to relationship: Relationship, answering answered: Correspondence?,
        wantedBy: Day?
    ) throws -> (Correspondence, SignedBundle) {
        guard !text.revealed.isEmpty else { throw VaultFailure.emptyValue }
        guard text.revealed.utf8.count <= Limits.textBytes else { throw VaultFailure.valueTooLong }
        let reference = try answered.map { try vault.need(KeptBundle.self, $0.bundle).reference }
        let payload = MessagePayload(kind: kind, text: text.revealed, inReplyTo: reference, answerWantedBy: wantedBy)
        // A year: a thread is read long after it was begun.
        let ends = now.day.adding(days: 364).start
        let signed = try signing(to: relationship) { $0.sign(message: payload, ends: ends) }
        let bundle = try keep(signed, .message, in: relationship.id)
        let message = Correspondence(
            id: Change.newID(), relationship: relationship.id, kind: kind, at: now, bundle: bundle.id, isReceived: false,
            answers: answered?.id, answerWantedBy: wantedBy)
        try save(message, in: relationship.id)
        try record(.messageMade, relationship, records: [message.id], evidence: signed.reference.s256, detail: [kind.rawValue])
        return (message, signed)
    }

    /// Files a company's verified message below what it answers. The same again changes nothing.
    public func note(message bundle: VerifiedBundle, from relationship: Relationship) throws(VaultFailure) -> Correspondence {
        guard case .message(let payload) = bundle.payload else { throw .unknownAgreement }
        let thread = try vault.children(Correspondence.self, of: relationship.id)
        func filed(_ jti: String) throws(VaultFailure) -> Correspondence? {
            guard let kept = try store.find(.bundleID, Array(jti.utf8)).first else { return nil }
            return thread.first { $0.bundle == kept }
        }
        if bundle.isReplay, let known = try filed(bundle.common.jti) { return known }
        let signed = SignedBundle(
            protected: bundle.envelope.protected, payload: bundle.envelope.payload, signature: bundle.envelope.signature,
            disclosures: nil, jti: bundle.common.jti)
        let received = try keep(signed, .message, in: relationship.id, isReceived: true)
        let message = Correspondence(
            id: Change.newID(), relationship: relationship.id, kind: payload.kind, at: bundle.common.iat, bundle: received.id,
            isReceived: true, answers: try payload.inReplyTo.flatMap { (ref) throws(VaultFailure) in try filed(ref.jti)?.id },
            answerWantedBy: payload.answerWantedBy)
        try save(message, in: relationship.id)
        try record(
            .messageReceived, relationship, records: [message.id, received.id], evidence: bundle.reference.s256,
            detail: [payload.kind.rawValue])
        return message
    }
}
