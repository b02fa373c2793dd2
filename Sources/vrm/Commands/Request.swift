import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct RequestGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Exercise a right against a company.",
        subcommands: [
            NewRequest.self, ListRequests.self, ShowRequest.self, RecordRequest.self, RemindRequest.self, ComplainRequest.self,
            RequestCampaign.self, DiffReply.self, DismissAlarm.self,
        ])
}

struct NewRequest: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Exercise a right against a company: signed file, letter and mail.",
        discussion: """
            Examples:
              vrm request new access shop.example --out letters
              vrm request new erasure shop --language de --identify customer_number --out letters --send
              vrm request new opt-out-of-sale shop --regime us-ca --out letters
              vrm request new rectification shop --item phone_number --out letters

            Identifies you by what the company's record asks for, or by the login it knows, and nothing more. --send hands
            the mail to the command named in the configuration (sendmail = /usr/sbin/sendmail -t). The deadline is computed
            by rule and is not legal advice.
            """)

    @Argument(help: "access, erasure, rectification, objection, restriction, portability or opt-out-of-sale.") var kind: String
    @Argument(help: "The company.", completion: .companies) var company: String
    @Option(help: "The law: \(RequestOrder.regimes). By your country, or the company's, unless given.") var regime: String?
    @Option(help: "The language of the letter: en, de or fr.") var language: String?
    @Option(help: "Also identify by this item. Repeatable.") var identify: [String] = []
    @Option(help: "Of a rectification: the item whose value of today is right. Repeatable.") var item: [String] = []
    @Option(help: "- : the wrong value they have, typed or piped in; else what the vault knows of it.") var old: String?
    @Option(help: "It left on this day already (YYYY-MM-DD).") var sent: String?
    @Option(help: "The folder for file, letter and mail.") var out: String
    @Flag(help: "Hand the mail to the sendmail command.") var send = false
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        guard let kind = RequestKind(rawValue: kind) else {
            throw Message("no such right", hint: NewRequest.rights, status: .usage)
        }
        guard (kind == .rectification) != item.isEmpty else {
            throw item.isEmpty
                ? Message("what is to be corrected is not said", hint: "--item phone_number", status: .usage)
                : Message(
                    "--item is for a rectification", hint: "vrm request new rectification \(company) --item NAME", status: .usage)
        }
        guard old == nil || item.count == 1 else {
            throw Message("--old is for one item of a rectification", hint: "--item phone_number --old -", status: .usage)
        }
        let chosen = try regime.map { try RequestOrder.regime($0) }
        let names = try identify.map { try context.item($0) }
        let sentOn = try sent.map { try context.day($0, "--sent") }
        let language = try language.map { try context.language($0) }
        if send && sentOn != nil { throw Message("either --send now or --sent before", hint: "drop one of them", status: .usage) }
        let mailer = try send ? Mailer(context) : nil
        let old = try old.map { try context.console.value($0, asked: "The value they have", cap: DataVersion.longestValue) }
        var order = RequestOrder(kind: kind, regime: chosen, language: language, identify: names, sent: sentOn)
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.makeFolder(out)

        // Opened once: a passphrase out of a pipe can be read only once, and the mail leaves in between.
        let vault = try context.openVault(.changing)
        let (request, company, mail) = try context.change("request new", of: vault, files: files) { vault, change in
            let relationship = try vault.company(self.company)
            let missing = try vault.identification(for: relationship, adding: names).missing
            order.matter = try matter(kind, relationship, old, vault, context)
            let (request, made) = try order.make(of: relationship, vault, change, context)
            made.preview(request, relationship.company, missing, context)
            if send, made.mail == nil {
                throw Message(
                    "there is no mail to send: your address or the company's is missing",
                    hint: "vrm me set email -, vrm company edit \(relationship.company.domain) --privacy-email ADDRESS")
            }
            try context.console.confirm(send ? "Send this?" : "Make this request?")
            try made.stage(files, in: out)
            return (request, relationship.company, made.mail)
        }
        var shown = request
        if let mailer, let mail, !context.isRehearsal {
            try mailer.send(mail)
            try context.change("request new --send", of: vault) { _, change in
                shown = try change.record(RequestEvent(.sent, on: context.now.day, recorded: context.now), on: request)
            }
        }
        let (final, targets) = (shown, files.published)
        guard case .object(var json) = RequestReport.json(final, company, at: context.now, files: targets) else { return }
        if context.isRehearsal { json["state"] = "rehearsed" }
        let (domain, deadline) = (company.domain, RequestReport.deadline(of: final, company))
        let answerBy = deadline?.answerBy.description ?? "?"
        json["caveats"] = .array(
            deadline.map { DeadlineWords(deadline: $0, request: final).caveats.map { .string($0) } } ?? [])
        try context.console.show(
            Answer(.object(json)) { _ in
                if context.isRehearsal {
                    return "would make \(final.kind.rawValue) request to \(domain), answer by \(answerBy)"
                }
                let next = final.sent == nil ? "\nsend it, then: vrm sent \(final.id.short)" : ""
                return "made \(final.kind.rawValue) request to \(domain)  \(final.id.short)\n"
                    + targets.map { "  \(printable($0))" }.joined(separator: "\n")
                    + "\nanswer by \(answerBy) (\(RequestReport.citation(of: final))\(deadline?.isBinding == false ? " names no period" : ""); not legal advice)"
                    + next
            })
    }

    static let rights = RequestKind.allCases.map(\.rawValue).joined(separator: ", ")

    private func matter(
        _ kind: RequestKind, _ relationship: Relationship, _ old: Private<String>?, _ vault: Vault,
        _ context: Context
    ) throws -> RequestMatter {
        guard kind == .rectification else { return .everything }
        var names: [DataItemName] = []
        for text in item {
            let name = try context.item(text)
            if !names.contains(name) { names.append(name) }
        }
        return .corrections(
            try names.map { try vault.correction(of: $0, at: relationship, old: old, at: context.now) })
    }
}

struct ListRequests: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your requests, the newest first.", discussion: "Example:\n  vrm request list")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let lines = try vault.requests().map { ($0, try vault.relationship($0.relationship).company) }
        try context.console.show(
            Answer(list: lines.map { RequestReport.json($0.0, $0.1, at: context.now) }) { style in
                var table = Table("id", "right", "company", "sent", "answer by", "state")
                for (request, company) in lines {
                    let deadline = RequestReport.deadline(of: request, company)
                    table.add(
                        request.id.short, request.kind.rawValue, company.domain.description,
                        request.sent?.description ?? "not yet",
                        deadline?.answerBy.description ?? "?", request.standing(on: context.now.day, deadline).description)
                }
                return table.isEmpty ? "" : table.rendered(style)
            })
    }
}

struct ShowRequest: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One request: what happened to it, and its letter.",
        discussion: "Example:\n  vrm request show 9f3a1c0e")

    @Argument(help: "Its id, or the start of it.") var id: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let request = try vault.request(id)
        let company = try vault.relationship(request.relationship).company
        let letter = try RequestComposer.text(of: try vault.letter(request.letter), vault)
        let followUps = try vault.followUps(of: request)
        guard case .object(var json) = RequestReport.json(request, company, at: context.now) else { return }
        json["letter"] = .string(letter)
        json["events"] = .array(request.history.events.map(RequestReport.json))
        json["letters"] = .array(followUps.map(RequestReport.json))
        let attestation = try vault.attestations(of: request.relationship).first { $0.request.id == request.id }
        json["attestation"] = attestation.map(AttestationReport.json) ?? .null
        let deadline = RequestReport.deadline(of: request, company)
        try context.console.show(
            Answer(.object(json)) { style in
                var lines = [
                    style.strong("\(request.kind.rawValue) request to \(printable(company.name))") + "  \(request.id.short)",
                    "  \(request.standing(on: context.now.day, deadline)), \(request.sent.map { "sent \($0)" } ?? "not sent"), "
                        + "answer by \(deadline?.answerBy.description ?? "?")",
                    "  identified by \(request.identifiedBy.map(\.name.description).joined(separator: ", "))",
                ]
                for event in request.history.events { lines.append("  " + RequestReport.line(event)) }
                for letter in followUps where letter.sent == nil {
                    lines.append("  \(letter.made.day)  \(letter.kind.words) made, not sent  \(letter.id.short)")
                }
                lines.append(AttestationReport.lines(attestation, style))
                return (lines + [printable(LetterFile.wrapped(letter), keepingLines: true)]).joined(separator: "\n")
            })
    }
}
