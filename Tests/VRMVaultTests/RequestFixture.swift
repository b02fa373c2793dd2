import VRMModel

@testable import VRMVault

extension Regime {
    /// A law of one sentence: a month from receipt, three when it is announced with reasons; questions stop the clock.
    static let plain: Regime = {
        let citation = Citation(article: "§ 1", quote: "…", source: "https://law.example", read: Day("2027-01-01")!)
        let all = Set(RequestKind.allCases)
        return Regime(
            id: "plain", name: "Plain", countries: [], articles: Dictionary(uniqueKeysWithValues: all.map { ($0, "§ 1") }),
            rights: citation,
            answers: [
                Regime.AnswerRule(kinds: all, period: .months(1), countsFrom: .receipt, isBinding: true, citation: citation)
            ], acknowledgement: nil,
            extensions: Regime.ExtensionRule(
                kinds: all, total: .months(3), needsReasons: true, notice: .months(1), citation: citation),
            clock: Regime.ClockRule(identity: .pauses, scope: .pauses, citation: citation), rollOver: nil, holidayPlace: nil,
            complaint: Regime.ComplaintRoute(steps: [.authority], authority: "Authority", citation: citation))
    }()
}

extension LawBook {
    static let plain = LawBook(regimes: [.plain], holidays: .none)
}

extension TestVault {
    /// A company and a request to it, made and not sent.
    func makeRequest(_ kind: RequestKind = .erasure, to domain: Domain = shop) throws -> RightsRequest {
        try change { vault, change in
            let known = try vault.company(domain)
            let company =
                try known ?? change.addCompany(domain, name: nil, privacyEmail: nil, origin: nil, country: nil)
            if try vault.fact(.email) == nil { _ = try change.set(PersonFact.email, value("jo@me.example")) }
            return try change.request(
                kind, of: company, under: .plain, in: .english, identifying: [], holidays: .none, sent: nil
            ) { draft in
                LetterDraft(
                    subject: "s", to: nil, messageID: "<\(draft.id)@me.example>", date: self.now, bundleFile: "b.json",
                    segments: [.text("t")], fromName: nil, fromAddress: nil)
            }.0
        }
    }

    /// Writes something down on the day it happened.
    @discardableResult
    func record(
        _ kind: RequestEvent.Kind, _ day: String, on request: RightsRequest, until: String? = nil,
        about: Clarification = .identity
    ) throws -> RightsRequest {
        try change { vault, change in
            try change.record(
                RequestEvent(
                    kind, on: Day(day)!, until: until.flatMap { Day($0) }, reason: until.map { _ in value("much to do") },
                    about: about, recorded: self.now),
                on: vault.request(request.id.description))
        }
    }
}
