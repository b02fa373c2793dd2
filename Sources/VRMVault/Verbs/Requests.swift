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
    public let matter: RequestMatter
    public let signed: SignedBundle

    /// What the person is to be found by.
    public struct Identifier: Sendable {
        public let name: DataItemName
        public let value: Private<String>
        public let version: RecordID?
    }
}

/// What a request is about.
public enum RequestMatter: Sendable {
    /// All the company holds.
    case everything
    /// The same, because its answer to an earlier request showed or lacked something.
    case answer(RightsRequest, shows: [Shown])
    /// What was shared under a grant that has ended.
    case grant(Grant, Revocation)
    /// What was shown for an intent.
    case shown([Grant])
    /// Values that are wrong by now.
    case corrections([Correction])

    /// What an answer shows or lacks: a field, under the company's own name for it, or an item. No values.
    public enum Shown: Hashable, Sendable {
        case field(String)
        case item(DataItemName)
    }

    public struct Correction: Sendable {
        public let name: DataItemName
        /// What the company holds, and the version it is; nil when that is not known.
        public let old: (value: Private<String>, version: RecordID?)?
        public let new: DataVersion

        public init(name: DataItemName, old: (value: Private<String>, version: RecordID?)?, new: DataVersion) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    var corrected: [Correction] { if case .corrections(let corrections) = self { corrections } else { [] } }
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
    ///   - matter: Corrections for a rectification, and only for it.
    /// - Throws: ``VaultFailure/noSuchRight(_:regime:)`` when the regime does not know it.
    public func request(
        _ kind: RequestKind, about matter: RequestMatter = .everything, of relationship: Relationship, under regime: Regime,
        in language: LanguageCode,
        identifying names: [DataItemName], holidays: Holidays, sent: Day?, compose: (RequestDraft) throws -> LetterDraft
    ) throws -> (RightsRequest, SignedBundle, LetterDraft) {
        try request(
            kind, about: matter, of: relationship, under: regime, in: language,
            identifiers: try vault.identification(for: relationship, adding: names).found, holidays: holidays, sent: sent,
            sign: { payload, ends, subject, changes in
                try signing(to: relationship) { $0.sign(request: payload, ends: ends, subject: subject, changes: changes) }
            }, compose: compose)
    }

    /// The same, of somebody found by given identifiers, under a key of the caller's.
    func request(
        _ kind: RequestKind, about matter: RequestMatter = .everything, of relationship: Relationship, under regime: Regime,
        in language: LanguageCode,
        identifiers: [RequestDraft.Identifier], holidays: Holidays, sent: Day?,
        sign: (RequestPayload, _ ends: Instant, _ subject: [(name: String, value: JSONValue)], _ changes: [DisclosedChange])
            throws -> SignedBundle,
        compose: (RequestDraft) throws -> LetterDraft
    ) throws -> (RightsRequest, SignedBundle, LetterDraft) {
        // A letter may be dated ahead: it counts from the day it is to leave.
        let events = sent.map { [RightsRequest.sending(on: $0, made: now)] } ?? []
        let history = try RequestHistory(made: min(now.day, sent ?? now.day), events)
        guard let article = regime.articles[kind],
            let deadline = regime.deadline(for: kind, history, holidays: holidays, at: relationship.company.place)
        else { throw VaultFailure.noSuchRight(kind, regime: regime.id) }
        let subject = identifiers.map { (name: $0.name.description, value: JSONValue.string($0.value.revealed)) }
        let changes = matter.corrected.map { correction in
            DisclosedChange(
                name: correction.name.description, old: correction.old.map { .string($0.value.revealed) },
                new: .string(correction.new.value.revealed))
        }
        precondition((kind == .rectification) != changes.isEmpty)
        var grants: [RecordID] = []
        var references: [BundleReference] = []
        if case .grant(let grant, _) = matter {
            grants = [grant.id]
            references = [try vault.need(KeptBundle.self, grant.bundle).reference]
        }
        // The company knows these as an intent that was shown, not as grants.
        if case .shown(let shown) = matter { grants = shown.map(\.id) }
        let payload = RequestPayload(
            exercise: kind.exercise, regime: regime.id, basis: article, grants: references, respondBy: deadline.answerBy,
            subject: JSONObject())
        // Half a year after the answer is due: the company can still check what it is reminded of.
        let ends = max(deadline.answerBy, now.day).adding(days: 180).start
        let longest = now.adding(seconds: TokenType.request.longestLife - 2 * 86_400)
        let signed = try sign(payload, min(ends, longest), subject, changes)
        let id = Change.newID()
        let letter = try compose(
            RequestDraft(
                id: id, relationship: relationship, kind: kind, regime: regime, language: language, deadline: deadline,
                identifiers: identifiers, matter: matter, signed: signed))
        let kept = KeptLetter(id: Change.newID(), relationship: relationship.id, draft: letter)
        let bundle = try keepDraft(of: matter, identifiers, signed, in: relationship.id)
        var request = try RightsRequest(
            id: id, relationship: relationship.id, kind: kind, regime: regime.id, language: language, made: now,
            identifiedBy: identifiers.map { RightsRequest.Identifier(name: $0.name, version: $0.version) }, bundle: bundle.id,
            letter: kept.id, events: events)
        request.command = command
        request.grants = grants
        request.corrections = matter.corrected.map(\.kept)
        let told = letter.segments.map { if case .version(let id) = $0 { id } else { nil as RecordID? } }
        for case let id? in told + [letter.fromName, letter.fromAddress] where !request.versions.contains(id) {
            request.told.append(id)
        }
        try save(kept, in: relationship.id)
        try save(request, in: relationship.id)
        for version in request.versions { try store.append(id, .child, Vault.childKey(version, .request)) }
        try record(
            .requestMade, relationship, records: [id], evidence: signed.reference.s256,
            detail: [kind.rawValue, regime.id] + identifiers.map(\.name.description)
                + matter.corrected.map(\.name.description))
        return (request, signed, letter)
    }

    private func keepDraft(
        of matter: RequestMatter, _ identifiers: [RequestDraft.Identifier], _ signed: SignedBundle, in relationship: RecordID
    ) throws(VaultFailure) -> KeptBundle {
        let changed = matter.corrected.flatMap { correction -> [RecordID?] in
            [nil] + (correction.old.map { [$0.version] } ?? []) + [correction.new.id]
        }
        return try keep(signed, .request, in: relationship, versions: identifiers.map(\.version) + changed)
    }
}

extension RequestMatter.Correction {
    fileprivate var kept: RightsRequest.Correction {
        let before: RightsRequest.Correction.Old =
            if let old { old.version.map { .version($0) } ?? .another } else { .unknown }
        return RightsRequest.Correction(name: name, old: before, new: new.id)
    }
}
