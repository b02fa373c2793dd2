import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct AwardIntent: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "award", abstract: "Choose an offer, give the winner your address, and tell the others to delete.",
        discussion: """
            Examples:
              vrm intent award 9f3a1c0e 4d20e1aa --out award
              vrm intent award 9f3a1c0e 4d20e1aa --disclose name --disclose delivery_address --out award

            The winner hears from you under a fresh key from then on. Without --disclose it gets your delivery_address, or your
            address, when you keep one. Whoever else was shown something gets a signed demand to delete exactly that.
            """)

    @Argument(help: "The intent's id, or the start of it.") var id: String
    @Argument(help: "The offer's id, or the start of it.") var offer: String
    @Option(help: "What the winner gets for the delivery. Repeatable.") var disclose: [String] = []
    @Option(help: "The last day it may use that (YYYY-MM-DD); in 30 days unless given.") var until: String?
    @Option(help: "The folder for the files.") var out: String
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let named = try disclose.map { try context.item($0) }
        let lastDay = try until.map { try context.day($0, "--until") } ?? context.now.day.adding(days: 30)
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.makeFolder(out)
        let (made, report) = try context.change("intent award", files: files) { vault, change in
            let intent = try vault.intent(id)
            let (bid, _) = try vault.bid(offer)
            let names = named.isEmpty ? try AwardIntent.address(vault) : named
            let made = try change.award(
                intent, to: bid, giving: names, through: lastDay, domain: try context.domain(bid.company.host.description),
                writing: DemandLetters(vault: vault, context: context).writing)
            try AwardIntent.preview(made, vault, context)
            try context.console.confirm("Award it to \(made.relationship.company.domain)?")
            try stage(made, files, vault, context)
            return (made, try IntentReport(made.intent, vault, at: context.now))
        }
        let (paths, domain) = (files.published, made.relationship.company.domain)
        try context.console.show(
            Answer(.object(report.json(state: context.isRehearsal ? "rehearsed" : nil, files: paths))) { _ in
                if context.isRehearsal { return "would award it to \(domain)" }
                return "awarded to \(domain)\n" + paths.map { "  \(printable($0))" }.joined(separator: "\n")
                    + "\nhand them over; tell the readers: vrm intent publish \(made.intent.id.short)"
            })
    }

    /// The most telling of the addresses that are kept, alone.
    private static func address(_ vault: Vault) throws -> [DataItemName] {
        let wanted = ["delivery_address", "address"].compactMap { DataItemName($0) }
        return try wanted.first { try vault.item($0) != nil }.map { [$0] } ?? []
    }

    private static func preview(_ made: MadeAward, _ vault: Vault, _ context: Context) throws {
        let company = made.relationship.company
        var lines = [
            "To \(printable(company.name)), as \(company.origin):", "  your choice of its offer, and a fresh key of yours",
        ]
        if made.rotation != nil {
            lines.append("  it knows you already: your old key says that this is you")
        }
        for item in made.grant?.items ?? [] {
            lines.append("  \(item.name) = \(printable(try vault.value(item.name, version: item.version).value.revealed))")
        }
        if let grant = made.grant { lines.append("  for \(grant.purpose) (\(grant.purpose.label)), through \(grant.until)") }
        if made.grant == nil {
            lines.append("vrm: no address is kept, so none is given; later: vrm grant new \(company.domain) …")
        }
        lines.append("vrm: the files are \(Sealing.words(made.award))")
        context.console.note((lines + DemandLetters.lines(made.closing)).joined(separator: "\n"))
    }

    private func stage(_ made: MadeAward, _ files: OutputFiles, _ vault: Vault, _ context: Context) throws {
        let domain = made.relationship.company.domain
        let parts: [(String, SignedBundle?)] = [
            ("award", made.award), ("rotation", made.rotation), ("terms", made.terms), ("grant", made.grantFile),
        ]
        for (name, signed) in parts {
            if let signed {
                try files.stage(signed.file, as: "\(out)/\(domain)-\(name).\(signed.sealed == nil ? "json" : "jwe")")
            }
        }
        try DemandLetters.stage(made.closing, files, in: out, vault)
    }
}

struct WithdrawIntent: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "End an intent without buying, and tell whoever was shown something to delete it.",
        discussion: """
            Example:
              vrm intent withdraw 9f3a1c0e --out closing

            Of an intent whose time is over it makes the demands that are still owed. Then publish the withdrawal where the intent
            was: vrm intent publish ID --feed DIR.
            """)

    @Argument(help: "Its id, or the start of it.") var id: String
    @Option(help: "The folder for the files.") var out: String
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.makeFolder(out)
        let report = try context.change("intent withdraw", files: files) { vault, change in
            let (intent, closing) = try change.withdraw(
                try vault.intent(id), writing: DemandLetters(vault: vault, context: context).writing)
            let lines = [closing.withdrawal == nil ? nil : "Everybody reads: it is over"].compactMap(\.self)
            context.console.note((lines + DemandLetters.lines(closing)).joined(separator: "\n"))
            try context.console.confirm("End this intent?")
            try DemandLetters.stage(closing, files, in: out, vault)
            return try IntentReport(intent, vault, at: context.now)
        }
        let paths = files.published
        try context.console.show(
            Answer(.object(report.json(state: context.isRehearsal ? "rehearsed" : nil, files: paths))) { _ in
                (["\(context.isRehearsal ? "would end" : "ended") \(printable(report.intent.want))"]
                    + paths.map { "  \(printable($0))" }).joined(separator: "\n")
            })
    }
}
