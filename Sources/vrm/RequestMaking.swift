import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

extension RequestDraft {
    var letterKind: LetterKind {
        if case .grant = matter { LetterKind(kind, ofGrant: true) } else { LetterKind(kind) }
    }

    /// A value its letter refers to, and the version it is of.
    func value(_ key: String) -> (value: Private<String>, version: RecordID?)? {
        if let identifier = identifiers.value(key) { return identifier }
        guard case .corrections(let corrections) = matter else { return nil }
        for correction in corrections {
            if "new.\(correction.name)" == key { return (correction.new.value, correction.new.id) }
            if "old.\(correction.name)" == key { return correction.old }
        }
        return nil
    }
}

extension [RequestDraft.Identifier] {
    func value(_ key: String) -> (value: Private<String>, version: RecordID?)? {
        first { "identifier.\($0.name)" == key }.map { ($0.value, $0.version) }
    }
}

extension LetterFacts {
    mutating func take(_ matter: RequestMatter) {
        switch matter {
        case .everything, .shown: break
        case .answer(let request, let shown):
            let named = shown.map { shown in
                switch shown {
                case .field(let path): LetterFacts.Answered.Shown.field(path)
                case .item(let name): LetterFacts.Answered.Shown.item(Item(name))
                }
            }
            answered = Answered(reference: request.id.short, shows: named)
        case .corrections(let corrections):
            changes = corrections.map { Change(Item($0.name), hasOld: $0.old != nil) }
        case .grant(let grant, let revocation):
            take(grant)
            ended = EndedGrant(reference: grant.id.short, made: grant.made.day, notice: revocation.id.short)
        }
    }

    /// What a letter says of a grant that ended. Consent is withdrawn only where it was given.
    mutating func take(_ grant: Grant) {
        ended = EndedGrant(reference: grant.id.short, made: grant.made.day)
        items = grant.items.map { Item($0.name) }
        purposes = [grant.purpose]
        basis = grant.basis
    }
}

extension RequestComposer.Made {
    /// The letter's lines, as they are shown before it leaves.
    var shown: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \(printable(String($0)))" } }

    /// The same under whom it goes to.
    func shown(to name: String) -> [String] {
        ["To \(printable(name))\(draft.to.map { ", \(printable($0))" } ?? ", by post or web form"):", ""] + shown
    }

    /// Exactly what leaves, and what to know before it does.
    func preview(_ request: RightsRequest, _ company: Company, _ missing: [MissingIdentification], _ context: Context) {
        var lines = shown(to: company.name)
        lines.append("vrm: the signed file is \(Sealing.words(isSealed: Sealing.isSealed(bundle)))")
        if let deadline = RequestReport.deadline(of: request, company) {
            let caveats = DeadlineWords(deadline: deadline, request: request).caveats
            lines += caveats.map { "vrm: answer by \(deadline.answerBy): \($0)" }
        }
        for element in missing {
            lines.append("vrm: the company also asks for \(printable(element.label)), which you can add with --identify")
        }
        context.console.note(lines.joined(separator: "\n"))
    }
}

/// One rights request as a person orders it.
struct RequestOrder {
    let kind: RequestKind
    var matter = RequestMatter.everything
    /// Nil: the law by the person's country, or the company's.
    var regime: Regime?
    var language: LanguageCode?
    var identify: [DataItemName] = []
    var sent: Day?

    static let regimes = LawBook.shipped.regimes.map(\.id).joined(separator: ", ")

    static func regime(_ id: String) throws -> Regime {
        guard let regime = LawBook.shipped.regime(id) else {
            throw Message("no such law here", hint: "--regime \(regimes)", status: .usage)
        }
        return regime
    }

    /// The law that applies without saying so; nil when none is known.
    static func usualRegime(for company: Company, _ vault: Vault) throws -> Regime? {
        let person = try vault.fact(.country).flatMap { CountryCode($0.value.revealed) }
        return LawBook.shipped.usual(person: person, company: company.country)
    }

    /// The law it is made under; nil when none is given and none is known.
    func law(for company: Company, _ vault: Vault) throws -> Regime? {
        try regime ?? RequestOrder.usualRegime(for: company, vault)
    }

    /// Makes it: the signed file and its letter, nothing staged yet.
    func make(
        of relationship: Relationship, _ vault: Vault, _ change: Change, _ context: Context
    ) throws -> (request: RightsRequest, made: RequestComposer.Made) {
        guard let regime = try law(for: relationship.company, vault) else {
            throw Message(
                "no law is known for your country or the company's", hint: "--regime \(RequestOrder.regimes)", status: .usage)
        }
        let written =
            try language ?? context.languages(relationship.company, vault).first { Letter.languages.contains($0) } ?? .english
        let composer = RequestComposer(vault: vault, context: context)
        var made: RequestComposer.Made?
        let (request, _, _) = try change.request(
            kind, about: matter, of: relationship, under: regime, in: written, identifying: identify,
            holidays: LawBook.shipped.holidays, sent: sent
        ) { draft in
            let composed = try composer.compose(draft)
            made = composed
            return composed.draft
        }
        guard let made else { throw Message("the letter cannot be put together") }
        return (request, made)
    }
}
