import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct RequestCampaign: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign", abstract: "Exercise one right against many companies at once.",
        discussion: """
            Examples:
              vrm request campaign access --all --dry-run --out letters
              vrm request campaign erasure shop.example forum.example --out letters --cap 5

            Leaves out companies that have an open request of this kind, or had one within 180 days, and stops at --cap. Each
            company gets its own letter under its own law; look at one first: vrm request new. One question for all of them.
            """)

    @Argument(help: "access, erasure, objection, restriction, portability or opt-out-of-sale.") var kind: String
    @Argument(help: "The companies.", completion: .companies) var companies: [String] = []
    @Flag(help: "All companies.") var all = false
    @Option(help: "The folder for files, letters and mails.") var out: String
    @Option(help: "At most so many.") var cap = 20
    @Option(help: "The law, for all of them.") var regime: String?
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    /// How long a company is left in peace after a request of the same kind.
    static let cooldown = 180

    /// Why a company is left out.
    enum Skip: String { case open, recent, noLaw = "no law", notKnown = "right not known", cap }

    func run(in context: Context) throws {
        guard let kind = RequestKind(rawValue: kind), kind != .rectification else {
            throw Message("no such right for many at once", hint: NewRequest.rights, status: .usage)
        }
        guard all != !companies.isEmpty, cap > 0 else {
            throw Message(
                "name companies, or --all of them", hint: "vrm request campaign \(kind.rawValue) --all --out DIR", status: .usage)
        }
        let chosen = try regime.map(RequestOrder.regime)
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.makeFolder(out)
        let (made, skipped) = try context.change("request campaign", files: files) { vault, change in
            let targets = all ? try vault.companies() : try companies.map { try vault.company($0) }
            var made: [(RightsRequest, Company)] = []
            var skipped: [(Domain, Skip)] = []
            for target in targets where !made.contains(where: { $0.0.relationship == target.id }) {
                let law = try chosen ?? RequestOrder.usualRegime(for: target.company, vault)
                if let why = skip(kind, target, law, made.count, try vault.requests(), context.now.day) {
                    skipped.append((target.company.domain, why))
                    continue
                }
                let (request, letter) = try RequestOrder(kind: kind, regime: law).make(of: target, vault, change, context)
                try letter.stage(files, in: out)
                made.append((request, target.company))
            }
            if !made.isEmpty { preview(made, kind, context) }
            if !made.isEmpty { try context.console.confirm("Make these \(made.count) requests?") }
            return (made, skipped)
        }
        try show(made, skipped, files, context)
    }

    private func skip(
        _ kind: RequestKind, _ target: Relationship, _ law: Regime?, _ count: Int, _ requests: [RightsRequest], _ today: Day
    ) -> Skip? {
        let earlier = requests.filter { $0.relationship == target.id && $0.kind == kind && $0.made.day <= today }
        if earlier.contains(where: \.history.state.isOpen) { return .open }
        if earlier.contains(where: {
            ($0.sent ?? $0.made.day) > today.adding(days: -RequestCampaign.cooldown) && $0.history.state != .withdrawn
        }) {
            return .recent
        }
        guard let law else { return .noLaw }
        guard law.articles[kind] != nil else { return .notKnown }
        return count >= cap ? .cap : nil
    }

    private func preview(_ made: [(RightsRequest, Company)], _ kind: RequestKind, _ context: Context) {
        var table = Table("to", "mail", "law", "language", "finds you by")
        for (request, company) in made {
            table.add(
                printable(company.name), company.privacyEmail.map { printable($0) } ?? "by post or form", request.regime,
                request.language.description, request.identifiedBy.map(\.name.description).joined(separator: " "))
        }
        context.console.note("\(kind.rawValue) requests:\n" + table.rendered(context.console.err))
    }

    private func show(
        _ made: [(RightsRequest, Company)], _ skipped: [(Domain, Skip)], _ files: OutputFiles, _ context: Context
    ) throws {
        let isRehearsal = context.isRehearsal
        let json = JSONValue.members(
            ("requests", .array(made.map { RequestReport.json($0.0, $0.1, at: context.now) })),
            (
                "skipped",
                .array(skipped.map { .members(("company", .string($0.0.description)), ("why", .string($0.1.rawValue))) })
            ),
            ("files", .array(files.published.map { .string($0) })), ("dry_run", .bool(isRehearsal)))
        try context.console.show(
            Answer(json) { _ in
                var lines = ["\(isRehearsal ? "would make" : "made") \(made.count) requests"]
                for (request, company) in made where !isRehearsal { lines.append("  \(company.domain)  \(request.id.short)") }
                for (domain, why) in skipped { lines.append("left out \(domain): \(why.rawValue)") }
                if !isRehearsal, !made.isEmpty { lines.append("send them, then each: vrm sent ID") }
                return lines.joined(separator: "\n")
            })
    }
}
