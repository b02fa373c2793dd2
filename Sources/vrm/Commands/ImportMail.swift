import ArgumentParser
import Glibc
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

            PATH is an mbox, a Maildir, or a folder of them. Only headers are read, unless a message answers a letter of yours.
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
        var knowledge = MailSurvey.Knowledge(today: context.now.day)
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
        report.proposals = try survey.replies.sorted { $0.arrived < $1.arrived }.compactMap {
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
        try context.console.show(report.answer)
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
