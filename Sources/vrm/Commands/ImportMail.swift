import ArgumentParser
import Glibc
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct ImportMail: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "Find your companies, and answers to your letters, in your mail.",
        discussion: """
            Examples:
              vrm import mail ~/Maildir --dry-run
              vrm import mail archive.mbox --authserv-id mx.mara.example

            What a company signed about a request is recorded when you say yes (--yes for all), and so is that a case is open
            again when mail comes after a fulfilled erasure. A reply without a signature is asked about: the first one, an
            automatic one or a report that the letter arrived is acknowledged and no more (that is what --yes records); what it says
            beyond that you read, and choose. Only a reply whose sender is the company's counts. PATH is an mbox, a Maildir, or a
            folder of them. Only headers are read, unless a message answers a letter of yours.
            A company counts when your own mail host found its mail genuine (Authentication-Results, RFC 8601), or where no host
            of yours said anything when a DKIM signature is claimed; and when it writes like one: in bulk, or by machine. Nothing
            is fetched, and unsubscribing is left to you.
            """)

    @Argument(help: "An mbox file, a Maildir, or a folder of them.") var path: String
    @Option(help: "The name your own mail host stamps mail with. Repeatable.") var authservId: [String] = []
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        guard access(path, R_OK) == 0 else { throw Console.unreadable(path) }
        let vault = try context.openVault(.changing)
        let host = try OwnHost(authservId, in: path, context.console)
        let letters = try vault.requestsByMessageID()
        var knowledge = MailSurvey.Knowledge(today: context.now.day, digest: { SHA256.digest($0) })
        knowledge.ownHosts = Set(host.names)
        knowledge.ownAddresses = try vault.ownAddresses()
        knowledge.letters = Set(letters.keys)
        knowledge.companies = Set(try vault.companies().flatMap { [$0.company.domain] + $0.company.otherDomains })
        var survey = MailSurvey(knowledge)
        let progress = Progress(path, context.console)
        let rest = try Mailbox.read(path, for: &survey, progress: progress.update)
        progress.end()
        var report = MailReport(survey: survey, rest: rest, host: host)
        report.isRehearsal = context.isRehearsal
        report.findings = try vault.findings(in: survey.contacts.values)
        report.proposals = try survey.replies.sorted {
            ($0.arrived, $0.date ?? $0.arrived.start) < ($1.arrived, $1.date ?? $1.arrived.start)
        }.compactMap {
            try ReplyProposal($0, in: vault, letters, at: context.now)
        }
        if !report.findings.isEmpty {
            context.console.note(report.preview(context.console.err))
            try context.console.confirm("Take this in?")
            let before = try vault.openContradictions().count
            context.tell(
                alarms: try context.change("import mail", of: vault) { _, change in
                    for finding in report.findings { try change.note(finding) }
                    return try vault.openContradictions().count - before
                })
        }
        report.reopenings = try Reopening.all(in: vault, survey.contacts)
        try ReplyRecording(vault: vault, context: context).run(&report)
        try context.console.show(report.answer)
    }
}

/// Mail of a company that said it had erased everything: it still has an address. The last may be its word that it did.
struct Reopening {
    let request: RightsRequest
    let company: Domain
    let alias: String
    let day: Day
    let isChecked: Bool
    var outcome = MailReport.Recorded.proposed

    var question: String {
        "\(company) wrote on \(day)\(isChecked ? "" : " (sender not checked)"), after it said it had erased everything: reopen \(request.id.short)?"
    }

    static func all(in vault: Vault, _ contacts: [Domain: MailContact]) throws -> [Reopening] {
        var found: [Reopening] = []
        for request in try vault.requests()
        where request.kind == .erasure && [.fulfilled, .confirmed].contains(request.history.state) {
            let company = try vault.relationship(request.relationship).company
            guard let done = request.history.events.last(where: { $0.kind == .fulfilled })?.day else { continue }
            for domain in [company.domain] + company.otherDomains {
                guard let contact = contacts[domain], contact.last > done,
                    let last = contact.aliases.max(by: { $0.value.upperBound < $1.value.upperBound })
                else { continue }
                found.append(
                    Reopening(
                        request: request, company: company.domain, alias: last.key.revealed, day: contact.last,
                        isChecked: contact.isChecked))
                break
            }
        }
        return found.sorted { ($0.day, $0.company) < ($1.day, $1.company) }
    }
}

/// Which host's word on senders counts.
struct OwnHost {
    let names: [String]
    /// On how many of the stamped messages the name stands on top; nil when the person named it.
    let learned: (messages: Int, of: Int)?

    /// What the person named; else the name that stands on top of most of the mail.
    init(_ given: [String], in path: String, _ console: Console) throws {
        if !given.isEmpty {
            names = given.map { $0.lowercased() }
            learned = nil
            return
        }
        var hosts = OwnMailHost()
        let progress = Progress(path, console)
        _ = try Mailbox.read(path, for: &hosts, progress: progress.update)
        progress.end()
        names = hosts.likeliest.map { [$0.host] } ?? []
        learned = hosts.likeliest.map { ($0.messages, hosts.stamped) }
    }

    var sentence: String {
        if let learned {
            return
                "your mail host is taken to be \(printable(names[0])), which stamped \(learned.messages) of \(learned.of) messages; "
                + "if that is not yours, say no and add --authserv-id HOST"
        }
        return names.isEmpty
            ? "no mail host of yours stamped this mail, so who sent it is only claimed"
            : "your mail host is \(printable(names.joined(separator: ", ")))"
    }
}
