public import VRMBundle
public import VRMModel

/// Everything a letter needs to know of a request that is being made.
public struct RequestDraft: Sendable {
    public let id: RecordID
    public let relationship: Relationship
    public let kind: RequestKind
    public let regime: Regime
    public let language: LanguageCode
    public let deadline: Deadline
    public let identifiers: [Identifier]
    public let signed: SignedBundle

    /// What the person is to be found by.
    public struct Identifier: Sendable {
        public let name: DataItemName
        public let value: Private<String>
        public let version: RecordID?
    }
}

/// What a company says it needs and the vault does not have. Names, no values.
public struct MissingIdentification: Hashable, Sendable {
    public let label: String
    public let kind: IdentificationElement.Kind
}

extension Vault {
    public func requests() throws(VaultFailure) -> [RightsRequest] { try all(RightsRequest.self).sorted { $0.made > $1.made } }

    /// The least that lets the company find the person: what its record asks for, or else the address it knows, or the
    /// person's own.
    public func identification(
        for relationship: Relationship, adding names: [DataItemName]
    ) throws(VaultFailure) -> (found: [RequestDraft.Identifier], missing: [MissingIdentification]) {
        var found: [RequestDraft.Identifier] = []
        var missing: [MissingIdentification] = []
        func add(_ version: DataVersion?, _ element: IdentificationElement?) {
            if let version {
                guard !found.contains(where: { $0.name == version.name }) else { return }
                found.append(RequestDraft.Identifier(name: version.name, value: version.value, version: version.id))
            } else if let element, !element.isOptional {
                missing.append(MissingIdentification(label: element.label, kind: element.kind))
            }
        }
        let login = relationship.accounts.first
        for element in relationship.company.identification where !element.isOptional {
            switch element.kind {
            case .name: add(try fact(.name), element)
            case .address: add(try fact(.address), element)
            case .birthdate: add(try? value(DataItemName("birthdate")!), element)
            case .email:
                if let login, login.item == .email {
                    found.append(RequestDraft.Identifier(name: .email, value: login.login, version: nil))
                } else {
                    add(try fact(.email), element)
                }
            case .input, .textarea: add(nil, element)
            }
        }
        if found.isEmpty {
            if let login {
                found.append(RequestDraft.Identifier(name: login.item, value: login.login, version: nil))
            } else {
                let email = try fact(.email)
                let name = try fact(.name)
                add(email ?? name, nil)
            }
        }
        for name in names {
            let version = try value(name)
            found.removeAll { $0.name == name }
            add(version, nil)
        }
        return (found, missing)
    }
}

extension Change {
    /// Exercises a right: the signed bundle, and the letter that `compose` writes around it.
    ///
    /// - Parameters:
    ///   - holidays: For the deadline, which may not end on one.
    ///   - sent: The day it left already, which the deadline counts from.
    /// - Throws: ``VaultFailure/noSuchRight(_:regime:)`` when the regime does not know it.
    public func request(
        _ kind: RequestKind, of relationship: Relationship, under regime: Regime, in language: LanguageCode,
        identifying names: [DataItemName], holidays: Holidays, sent: Day?, compose: (RequestDraft) throws -> LetterDraft
    ) throws -> (RightsRequest, SignedBundle, LetterDraft) {
        // A letter may be dated ahead: it counts from the day it is to leave.
        let events = sent.map { [RightsRequest.sending(on: $0, made: now)] } ?? []
        let history = try RequestHistory(made: min(now.day, sent ?? now.day), events)
        guard let article = regime.articles[kind],
            let deadline = regime.deadline(for: kind, history, holidays: holidays, at: relationship.company.place)
        else { throw VaultFailure.noSuchRight(kind, regime: regime.id) }
        let identifiers = try vault.identification(for: relationship, adding: names).found
        let subject = identifiers.map { Disclosure(name: $0.name.description, value: .string($0.value.revealed)) }
        let payload = RequestPayload(
            exercise: kind.exercise, regime: regime.id, basis: article, grants: [], respondBy: deadline.answerBy,
            subject: JSONObject())
        // Half a year after the answer is due: the company can still check what it is reminded of.
        let ends = max(deadline.answerBy, now.day).adding(days: 180).start
        let longest = now.adding(seconds: TokenType.request.longestLife - 2 * 86_400)
        let signed = try signing(to: relationship) { $0.sign(request: payload, ends: min(ends, longest), subject: subject) }
        let bundle = try keep(signed, .request, in: relationship.id, versions: identifiers.map(\.version))
        let id = Change.newID()
        let letter = try compose(
            RequestDraft(
                id: id, relationship: relationship, kind: kind, regime: regime, language: language, deadline: deadline,
                identifiers: identifiers, signed: signed))
        let kept = KeptLetter(id: Change.newID(), relationship: relationship.id, draft: letter)
        try save(kept, in: relationship.id)
        let request = try RightsRequest(
            id: id, relationship: relationship.id, kind: kind, regime: regime.id, language: language, made: now,
            identifiedBy: identifiers.map { RightsRequest.Identifier(name: $0.name, version: $0.version) }, bundle: bundle.id,
            letter: kept.id, events: events)
        try save(request, in: relationship.id)
        try record(
            .requestMade, relationship, records: [id], evidence: signed.reference.s256,
            detail: [kind.rawValue, regime.id] + identifiers.map(\.name.description))
        return (request, signed, letter)
    }
}
