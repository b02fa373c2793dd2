public import VRMBundle
public import VRMModel

/// Everything a further letter needs to know of the request it is about.
public struct FollowUpDraft: Sendable {
    public let id: RecordID
    public let kind: FollowUp.Kind
    public let request: RightsRequest
    public let relationship: Relationship
    /// The request as it was signed, less what was removed since.
    public let signed: SignedBundle
    /// The letter the request went out with.
    public let first: LetterDraft
    /// Message ids of the letters to the company so far, the first one's first.
    public let thread: [String]
    public let earlier: [FollowUp]
    public let identifiers: [RequestDraft.Identifier]
}

extension Change {
    /// Makes a further letter about a request. It moves the request on when it is sent.
    ///
    /// - Throws: ``RequestRefusal/cannotFollow(_:after:)`` when it could not be sent now,
    ///   ``IntentRefusal/knownByKey(_:_:)`` when the company does not know who asks: a letter would name the person.
    public func followUp(
        _ kind: FollowUp.Kind, on request: RightsRequest, compose: (FollowUpDraft) throws -> LetterDraft
    ) throws -> FollowUp {
        guard request.history.state.after(kind.event) != nil else {
            throw RequestRefusal.cannotFollow(kind.event, after: request.history.state)
        }
        let relationship = try vault.relationship(request.relationship)
        if try vault.isSignedForIntent(request) {
            throw IntentRefusal.knownByKey(relationship.company.domain, request.id)
        }
        let first = try vault.letter(request.letter)
        let earlier = try vault.followUps(of: request)
        var thread = [first.messageID]
        for letter in earlier where letter.kind != .complaint { thread.append(try vault.letter(letter.letter).messageID) }
        let id = Change.newID()
        let letter = try compose(
            FollowUpDraft(
                id: id, kind: kind, request: request, relationship: relationship,
                signed: try vault.signed(bundle: request.bundle).0, first: first, thread: thread, earlier: earlier,
                identifiers: try vault.identifiers(of: request, relationship)))
        let kept = KeptLetter(id: Change.newID(), relationship: relationship.id, draft: letter)
        try save(kept, in: relationship.id)
        let made = FollowUp(
            id: id, relationship: relationship.id, request: request.id, kind: kind, made: now, letter: kept.id,
            bundle: request.bundle)
        try save(made, in: relationship.id)
        try record(.followUpMade, relationship, records: [made.id, request.id], detail: [kind.rawValue])
        return made
    }
}

extension Vault {
    /// What a request identified the person by, as far as it was not removed since.
    func identifiers(of request: RightsRequest, _ relationship: Relationship) throws(VaultFailure) -> [RequestDraft.Identifier] {
        var found: [RequestDraft.Identifier] = []
        for identifier in request.identifiedBy {
            if let id = identifier.version {
                guard let version = try version(id) else { continue }
                found.append(RequestDraft.Identifier(name: identifier.name, value: version.value, version: id))
            } else if let login = relationship.accounts.first(where: { $0.item == identifier.name }) {
                found.append(RequestDraft.Identifier(name: identifier.name, value: login.login, version: nil))
            }
        }
        return found
    }
}
