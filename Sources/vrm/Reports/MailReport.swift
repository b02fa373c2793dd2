import VRMBundle
import VRMExchange
import VRMMail
import VRMModel
import VRMTerminal
import VRMVault

/// What a mailbox brought.
struct MailReport {
    let survey: MailSurvey
    let rest: Mailbox.Rest
    let host: OwnHost
    var findings: [MailFinding] = []
    var proposals: [ReplyProposal] = []
    var reopenings: [Reopening] = []
    var isRehearsal = false

    /// What became of a proposal.
    enum Recorded {
        case proposed, recorded
        /// Why it could not be.
        case refused(String)

        var word: String {
            switch self {
            case .proposed: "proposed"
            case .recorded: "recorded"
            case .refused: "refused"
            }
        }
    }

    private var fresh: [MailFinding] { findings.filter(\.isNewCompany) }
    private var leaked: [(company: Domain, finding: MailFinding, leak: MailFinding.Leak)] {
        findings.flatMap { finding in finding.leaks.map { (finding.contact.domain, finding, $0) } }
    }
    private var aliases: Int { Set(findings.flatMap(\.contact.aliases.keys)).count }
    private var accounts: Int { findings.reduce(0) { $0 + $1.newAliases.count } }

    // MARK: Before it is taken in

    func preview(_ style: Style) -> String {
        var lines = [host.sentence]
        var table = Table("company", "since", "last", "your address there", "sender")
        for finding in fresh {
            let contact = finding.contact
            table.add(
                contact.domain.description, "\(contact.first)", "\(contact.last)",
                finding.newAliases.map(\.revealed).joined(separator: " "), contact.isChecked ? "checked" : "claimed")
        }
        if !table.isEmpty { lines += ["", table.rendered(style), ""] }
        lines += leaked.map {
            let sender = $0.finding.contact.isChecked ? "" : " (sender not checked)"
            return
                "mail from \($0.company)\(sender) came to \(printable($0.leak.alias.revealed)), which only \($0.leak.givenTo) was given; it does not show who passed it on"
        }
        return lines.joined(separator: "\n")
    }

    // MARK: The answer

    var answer: Answer {
        Answer(json) { _ in
            let will = isRehearsal ? "would take" : "took"
            var lines = [
                "\(will) \(counted(fresh.count, "new company")) and \(counted(accounts, "address")) they have, from \(counted(survey.messages, "message"))",
                "known already \(findings.count - fresh.count), leaked addresses \(leaked.count), replies \(proposals.count)",
            ]
            lines += survey.others.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                "\(counted($0.value, "message")) \(said($0.key))"
            }
            if !survey.faults.isEmpty {
                let reasons = survey.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    "\($0.key.rawValue.replacing("_", with: " ")) \($0.value)"
                }
                lines.append("skipped \(skipped) broken messages: \(reasons.joined(separator: ", "))")
            }
            if rest.unreadable > 0 { lines.append("could not open \(rest.unreadable) files or folders") }
            for proposal in proposals { lines += said(proposal) }
            for reopening in reopenings {
                lines.append(
                    "\(reopening.company) wrote on \(reopening.day) to \(printable(reopening.alias)) after a fulfilled erasure: "
                        + said(reopening.outcome, reopening.request, "reopened"))
                if case .proposed = reopening.outcome {
                    lines.append("  vrm request record \(reopening.request.id.short) --event reopened --on \(reopening.day)")
                }
            }
            if findings.isEmpty, proposals.isEmpty { lines.append("nothing in it is of a company") }
            lines.append("next: vrm company list, vrm data who email")
            return lines.joined(separator: "\n")
        }
    }

    private var skipped: Int { survey.faults.values.reduce(0, +) }

    private func said(_ other: MailSurvey.Other) -> String {
        switch other {
        case .notGenuine: "whose sender nobody vouches for"
        case .provider: "from people's mail providers"
        case .own: "from addresses of your own"
        case .notACompany: "that are not written like a company's"
        case .tooManyCompanies: "of companies beyond the first \(MailSurvey.mostCompanies)"
        case .tooManyReplies: "beyond the first \(MailSurvey.mostReplies) replies"
        }
    }

    private func said(_ outcome: Recorded, _ request: RightsRequest, _ event: String) -> String {
        switch outcome {
        case .proposed: "not recorded yet"
        case .recorded: "recorded \(event) for \(request.id.short)"
        case .refused(let why): "not recorded, \(why)"
        }
    }

    private func said(_ proposal: ReplyProposal) -> [String] {
        let which = proposal.requests.map { "\($0.kind.rawValue) \($0.id.short)" }.joined(separator: ", ")
        let sender = proposal.isFromCompany ? "" : "; nothing shows that the company sent it"
        return [
            "reply to \(which), \(proposal.company.company.domain), arrived \(proposal.reply.arrived): \(printable(proposal.reply.subject))",
            "  \(proposal.event.map { "looks like \($0.rawValue): " } ?? "")\(proposal.why)\(sender)",
        ] + next(proposal)
    }

    private func next(_ proposal: ReplyProposal) -> [String] {
        guard let event = proposal.event, let request = proposal.requests.first else {
            return ["  \(printable(proposal.command))"]
        }
        if case .proposed = proposal.outcome { return ["  \(printable(proposal.command))"] }
        let isMore = event == .acknowledged && !proposal.choices.isEmpty
        return ["  " + said(proposal.outcome, request, event.rawValue)]
            + (isMore
                ? ["  if it says more: vrm request record \(request.id.short) --event EVENT --on \(proposal.reply.arrived)"] : [])
    }

    private var json: JSONValue {
        .members(
            ("messages", .integer(survey.messages)), ("companies_new", .integer(fresh.count)),
            ("companies_known", .integer(findings.count - fresh.count)), ("accounts", .integer(accounts)),
            ("skipped", .integer(skipped)), ("secrets_dropped", .integer(0)), ("replies", .integer(proposals.count)),
            ("aliases", .integer(aliases)), ("leaks", .integer(leaked.count)),
            ("authserv_id", .array(host.names.map { .string($0) })), ("authserv_learned", .bool(host.learned != nil)),
            ("skipped_by_reason", counts(survey.faults.map { ($0.key.rawValue, $0.value) })),
            ("left_out", counts(survey.others.map { ($0.key.rawValue, $0.value) })),
            ("files", .integer(rest.files)), ("unreadable", .integer(rest.unreadable)),
            ("companies", .array(findings.map(json))), ("leaked", .array(leaked.map { json($0.company, $0.finding, $0.leak) })),
            ("answers", .array(proposals.map(json))),
            (
                "reopened",
                .array(
                    reopenings.map {
                        .members(
                            ("company", .string($0.company.description)), ("request", .string($0.request.id.description)),
                            ("alias", .string($0.alias)), ("on", .string($0.day.description)), ("checked", .bool($0.isChecked)),
                            ("outcome", .string($0.outcome.word)))
                    })
            ), ("dry_run", .bool(isRehearsal)))
    }

    private func counts(_ counts: [(String, Int)]) -> JSONValue {
        .object(JSONObject(counts.sorted { $0.0 < $1.0 }.map { ($0.0, .integer($0.1)) }))
    }

    private func json(_ finding: MailFinding) -> JSONValue {
        let contact = finding.contact
        return .members(
            ("company", .string(contact.domain.description)), ("new", .bool(finding.isNewCompany)),
            ("first", .string(contact.first.description)), ("last", .string(contact.last.description)),
            ("checked", .bool(contact.isChecked)),
            ("aliases", .array(contact.aliases.keys.map(\.revealed).sorted().map { .string($0) })),
            ("unsubscribe", .array((contact.unsubscribe?.uris ?? []).map { .string($0) })),
            ("one_click", .bool(contact.unsubscribe?.isOneClick ?? false)))
    }

    private func json(_ company: Domain, _ finding: MailFinding, _ leak: MailFinding.Leak) -> JSONValue {
        let days = finding.contact.aliases[leak.alias] ?? finding.contact.first...finding.contact.last
        return .members(
            ("company", .string(company.description)), ("alias", .string(leak.alias.revealed)),
            ("given_to", .string(leak.givenTo.description)), ("first", .string(days.lowerBound.description)),
            ("last", .string(days.upperBound.description)), ("checked", .bool(finding.contact.isChecked)))
    }

    private func json(_ proposal: ReplyProposal) -> JSONValue {
        let reply = proposal.reply
        return .members(
            ("company", .string(proposal.company.company.domain.description)),
            ("request", proposal.requests.count == 1 ? .string(proposal.requests[0].id.description) : .null),
            ("requests", .array(proposal.requests.map { .string($0.id.description) })),
            ("on", .string(reply.arrived.description)), ("date", JSONValue(reply.date?.description)),
            ("from", .string(reply.sender.address)), ("name", .string(reply.sender.name)), ("subject", .string(reply.subject)),
            ("message_id", JSONValue(reply.messageID)), ("sender", .string(reply.standing.rawValue)),
            ("from_company", .bool(proposal.isFromCompany)), ("event", JSONValue(proposal.event?.rawValue)),
            ("choices", .array(proposal.choices.map { .string($0.rawValue) })),
            ("reason", JSONValue(proposal.reason)), ("why", .string(proposal.why)), ("command", .string(proposal.command)),
            ("outcome", .string(proposal.outcome.word)))
    }
}
