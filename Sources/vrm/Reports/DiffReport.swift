import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal

/// How an access reply and the ledger differ, and what can be done about it. Values only where they were asked for.
struct DiffReport {
    let request: RightsRequest
    let company: Company
    let survey: ReplySurvey
    let uses: [String: FieldUse]
    let findings: [ReplyFinding]
    var showsValues = false
    var recorded: [DataItemName] = []
    var alarms: [Contradiction] = []
    /// The requests that were made of it.
    var requests: [(json: JSONValue, made: (request: RightsRequest, files: [String]))] = []
    /// Kinds that were wanted and not made.
    var unmade: [RequestKind] = []
    /// Items that cannot be put right, because their right value is not kept.
    var withoutValue: [DataItemName] = []
    var isRehearsal = false

    init(request: RightsRequest, company: Company, survey: ReplySurvey, uses: [String: FieldUse], findings: [ReplyFinding]) {
        self.request = request
        self.company = company
        self.survey = survey
        self.uses = uses
        self.findings = findings
    }

    var counts: [(kind: String, count: Int)] {
        ReplyFinding.Kind.allCases.compactMap { kind in
            let count = findings.count { $0.kind == kind }
            return count == 0 ? nil : (kind.rawValue, count)
        }
    }

    static func proposal(_ guesses: [FieldGuess], _ style: Style) -> String {
        var table = Table("  field", "is", "because of")
        for guess in guesses {
            table.add("  " + guess.field, guess.use.description, guess.reason == .name ? "its name" : "your values in it")
        }
        return "In this answer:\n" + table.rendered(style)
    }

    /// What to type about it.
    private func next(_ finding: ReplyFinding) -> String {
        let domain = company.domain
        return switch finding.kind {
        case .unknownField:
            "ask what it is: vrm message new \(domain) - --kind question --out question.json; or have all erased: --request erasure --out letters"
        case .unrecorded:
            "note it: --record, or vrm company holds \(domain) \(finding.item?.description ?? "ITEM"); or have all erased: --request erasure --out letters"
        case .oldValue, .wrongValue:
            "have it put right: --request rectification --out letters, or vrm request new rectification \(domain) --item \(finding.item?.description ?? "ITEM") --out letters"
        case .recipient, .source:
            "ask for all of them: --request access --out letters; or object: vrm request new objection \(domain) --out letters"
        case .notDisclosed:
            "press for the rest: vrm request record \(request.id.short) --event partial --on DATE; or anew: --request access --out letters"
        }
    }

    private func values(_ finding: ReplyFinding) -> [String] {
        finding.values.map { showsValues ? $0.revealed : "‹\($0.revealed.count) characters›" }
    }

    var answer: Answer {
        let json = JSONValue.members(
            ("id", .string(request.id.description)), ("company", .string(company.domain.description)),
            ("files", .integer(survey.files)), ("unread", .integer(survey.unread)), ("bytes", .integer(survey.bytes)),
            ("fields", .integer(survey.fields.count)),
            (
                "mapping",
                .array(
                    survey.fields.keys.sorted().compactMap { field in
                        uses[field].map { ["field": .string(field), "use": .string($0.description)] }
                    })
            ),
            (
                "findings",
                .array(
                    findings.map { finding in
                        .members(
                            ("finding", .string(finding.kind.rawValue)), ("field", JSONValue(finding.field)),
                            ("item", JSONValue(finding.item?.description)), ("version", finding.version.map { .integer($0) }),
                            ("count", .integer(finding.count)),
                            ("values", .array(showsValues ? finding.values.map { .string($0.revealed) } : [])),
                            ("next", .string(next(finding))))
                    })
            ), ("recorded", .array(recorded.map { .string($0.description) })), ("requests", .array(requests.map(\.json))),
            ("without_value", .array(withoutValue.map { .string($0.description) })),
            ("alarms", .array(alarms.map { .string($0.request.description) })))
        return Answer(json, text)
    }

    private func text(_ style: Style) -> String {
        var lines = [
            style.strong("\(company.domain)")
                + "  \(survey.files) \(survey.files == 1 ? "file" : "files"), \(survey.fields.count) fields"
                + (survey.unread == 0 ? "" : ", \(survey.unread) not read: no JSON, no CSV, or a link")
        ]
        if findings.isEmpty { lines.append("nothing in it that your ledger does not say") }
        for kind in ReplyFinding.Kind.allCases {
            let found = findings.filter { $0.kind == kind }
            guard let first = found.first else { continue }
            lines += ["", style.strong(DiffReport.label(kind))]
            for finding in found {
                let place = [
                    finding.field, finding.item.map { "(\($0)" + (finding.version.map { ", version \($0)" } ?? "") + ")" },
                ]
                let count = finding.count > 1 ? "  ×\(finding.count)" : ""
                lines.append("  " + printable(place.compactMap { $0 }.joined(separator: "  ")) + count)
                lines += values(finding).map { "      \(printable($0))" }
            }
            lines.append(style.faint("  \(next(first))"))
        }
        if !recorded.isEmpty {
            lines += ["", "noted as held by them: " + recorded.map(\.description).joined(separator: ", ")]
        }
        if !requests.isEmpty || !unmade.isEmpty || !withoutValue.isEmpty { lines.append("") }
        for (request, files) in requests.map(\.made) { lines += made(request, files) }
        for kind in unmade { lines.append("no \(kind.rawValue) request was made: nothing in it asks for one, or you said no") }
        for item in withoutValue { lines.append("what is right of \(item) is not kept: vrm data set \(item) -") }
        for alarm in alarms {
            lines += [
                "", style.alarm("they said they erased everything, and have this"),
                "open it again: vrm request record \(alarm.request.short) --event reopened --on \(alarm.on)",
                "or it is none: vrm request dismiss \(alarm.request.short)",
            ]
        }
        return lines.joined(separator: "\n")
    }

    private func made(_ request: RightsRequest, _ files: [String]) -> [String] {
        let answerBy = RequestReport.deadline(of: request, company)?.answerBy.description ?? "?"
        let what = "\(request.kind.rawValue) request to \(company.domain)"
        guard !isRehearsal else { return ["would make \(what), answer by \(answerBy)"] }
        return ["made \(what)  \(request.id.short), answer by \(answerBy)"] + files.map { "  \(printable($0))" }
            + ["send it, then: vrm sent \(request.id.short)"]
    }

    private static func label(_ kind: ReplyFinding.Kind) -> String {
        switch kind {
        case .unknownField: "fields you know nothing of"
        case .unrecorded: "they have it, your ledger did not know"
        case .oldValue: "values of yours that are no longer right"
        case .wrongValue: "values that are not yours"
        case .recipient: "they gave it to others"
        case .source: "they have it from somewhere"
        case .notDisclosed: "you know they have it, and they do not show it"
        }
    }
}
