import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct GrantGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Let companies use your data, for a purpose and a time, and end it.",
        subcommands: [NewGrant.self, ListGrants.self, ShowGrant.self, RenewGrant.self, RevokeGrant.self])
}

struct NewGrant: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Let a company use some of your data for one purpose.",
        discussion: """
            Examples:
              vrm grant new shop.example email delivery_address --purpose DeliveryOfGoods --until 2027-03-01 --out grant.json
              vrm grant new shop phone_number --purpose CustomerCare --until 2027-03-01 --out - > grant.json

            A grant holds at most 90 days. It is made under the terms you offered the company; when there are none,
            vrm-service-1 is offered along with it, in a second file.
            """)

    @Argument(help: "The company.", completion: .companies) var company: String
    @Argument(help: "The items it may use.") var items: [String]
    @Option(help: "What for: vrm terms purposes.") var purpose: String
    @Option(help: "The last day it holds (YYYY-MM-DD, UTC).") var until: String
    @Option(help: "Under which of the offered terms.") var terms: String?
    @OptionGroup var making: MakingOptions
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let names = try items.map { try context.item($0) }
        let purpose = try context.purpose(purpose)
        let until = try context.day(until, "--until")
        let terms = try terms.map { try context.termsID($0) }
        let files = try making.files(context)
        let (made, company) = try context.change("grant new", files: files) {
            (vault, change) throws -> (MadeGrant, Company) in
            let relationship = try vault.company(self.company)
            let usual = try vault.terms(terms ?? ShippedTerms.usual, languages: context.languages(relationship.company, vault))
            let made = try change.grant(names, to: relationship, for: purpose, through: until, terms: terms, usual: usual)
            try GrantFiles.preview(made, relationship.company, vault, context)
            try context.console.confirm("Make this grant?")
            try GrantFiles.stage(made, relationship.company, vault, files, making, context)
            try making.markSent(.grant(made.grant), change, context)
            return (made, relationship.company)
        }
        try GrantFiles.show(made, company, files, making, context)
    }
}

/// What making and renewing a grant have in common: the preview, the files, the answer.
private enum GrantFiles {
    /// Exactly what leaves.
    static func preview(_ made: MadeGrant, _ company: Company, _ vault: Vault, _ context: Context) throws {
        var lines = ["To \(printable(company.name)), as \(company.origin):"]
        for item in made.grant.items {
            let value = try vault.value(item.name, version: item.version).value.revealed
            lines.append("  \(item.name) = \(printable(value))")
        }
        lines.append(
            "  for \(made.grant.purpose) (\(made.grant.purpose.label)), through \(made.grant.until); \(Sealing.words(made.signed))"
        )
        if let offered = made.offered?.offer { lines.append("  under \(offered.terms), offered along with it") }
        context.console.note(lines.joined(separator: "\n"))
    }

    static func stage(
        _ made: MadeGrant, _ company: Company, _ vault: Vault, _ files: OutputFiles, _ making: MakingOptions, _ context: Context
    ) throws {
        try files.stage(made.signed.file, as: making.out)
        if let offered = made.offered {
            guard making.out != "-" else {
                throw Message(
                    "no terms stand with \(company.domain), and stdout takes one file",
                    hint: "vrm terms offer \(company.domain) --out terms.json",
                    status: .usage)
            }
            try files.stage(offered.signed.file, as: termsFile(making.out))
        }
        try making.stageLetter(to: company, about: made.signed.file, files, context, vault) { language, file, digest in
            var facts = LetterFacts(
                kind: .grant, language: language, reference: made.grant.id.short, date: context.now.day,
                companyName: company.name,
                bundleFile: file, bundleSHA256Hex: digest)
            facts.regimeID = try RequestOrder.usualRegime(for: company, vault)?.id
            facts.items = made.grant.items.map { LetterFacts.Item($0.name) }
            facts.purposes = [made.grant.purpose]
            facts.until = made.grant.until
            facts.basis = made.grant.basis
            facts.terms = try vault.offer(made.grant.offer).terms
            return facts
        }
    }

    static func termsFile(_ path: String) -> String {
        for ending in [".json", ".jwe"] where path.hasSuffix(ending) { return path.dropLast(ending.count) + ".terms" + ending }
        return path + ".terms.json"
    }

    static func show(_ made: MadeGrant, _ company: Company, _ files: OutputFiles, _ making: MakingOptions, _ context: Context)
        throws
    {
        var grant = made.grant
        grant.sent = making.sent.flatMap { Day($0) }
        guard
            case .object(var json) = GrantReport.json(grant, company.domain, under: made.terms, at: context.now, file: making.out)
        else { return }
        if context.isRehearsal { json["state"] = "rehearsed" }
        json["terms_file"] = JSONValue(made.offered == nil ? nil : termsFile(making.out))
        let said = making.said("a grant to \(company.domain) through \(grant.until)", grant.id, context)
        let extra = made.offered == nil || context.isRehearsal ? "" : "\nterms to go with it: \(printable(termsFile(making.out)))"
        try making.show(context, files, Answer(.object(json)) { _ in said + extra })
    }

    static func renew(
        _ grant: Grant, through day: Day, _ vault: Vault, _ change: Change, _ context: Context
    ) throws -> (MadeGrant, Company) {
        let company = try vault.relationship(grant.relationship).company
        let usual = try vault.terms(ShippedTerms.usual, languages: context.languages(company, vault))
        let made = try change.renew(grant, through: day, usual: usual)
        try preview(made, company, vault, context)
        return (made, company)
    }

    /// Renews every grant that ends within 30 days, each into a file of its own: one preview, one question, one change.
    static func renewDue(through until: Day?, into folder: String, _ making: RenewGrant, _ context: Context) throws {
        let files = OutputFiles(force: making.force, rehearse: context.isRehearsal)
        try files.makeFolder(folder)
        let last = context.now.day.adding(days: 30)
        let (renewed, leftOut) = try context.change("grant renew", files: files) { vault, change in
            let due = try vault.renewals(endingBy: last, through: until, at: context.now)
            var made: [(MadeGrant, Company, String)] = []
            var leftOut: [JSONValue] = []
            for renewal in due {
                let company = try vault.relationship(renewal.grant.relationship).company
                if let obstacle = renewal.obstacle {
                    context.console.note(
                        "vrm: left out: \(company.domain), \(renewal.grant.id.short), ends \(renewal.grant.until): \(words(obstacle))"
                    )
                    leftOut.append(
                        GrantReport.json(
                            renewal.grant, company.domain, under: try vault.offer(renewal.grant.offer).terms, at: context.now,
                            leftOut: words(obstacle)))
                    continue
                }
                context.console.note("\(company.domain): ends \(renewal.grant.until), then through \(renewal.through)")
                let (grant, _) = try renew(renewal.grant, through: renewal.through, vault, change, context)
                made.append((grant, company, "\(folder)/\(company.domain)-\(grant.grant.id.short).json"))
            }
            if !made.isEmpty { try context.console.confirm("Renew \(counted(made.count, "grant"))?") }
            for (grant, _, path) in made {
                try files.stage(grant.signed.file, as: path)
                if let offered = grant.offered { try files.stage(offered.signed.file, as: termsFile(path)) }
            }
            return (made, leftOut)
        }
        try context.console.show(
            Answer(
                list: renewed.map { GrantReport.json($0.0.grant, $0.1.domain, under: $0.0.terms, at: context.now, file: $0.2) }
                    + leftOut
            ) { _ in
                guard !renewed.isEmpty else { return "no grant that can be renewed ends by \(last)" }
                return renewed.map { "\($0.1.domain)  through \($0.0.grant.until)  \(printable($0.2))" }.joined(separator: "\n")
            })
    }

    private static func words(_ obstacle: Renewal.Obstacle) -> String {
        switch obstacle {
        case .itemRemoved(let name): "you removed \(name)"
        case .termsRejected: "they rejected the terms"
        case .termsEnd(let day): "the terms end \(day): vrm terms offer"
        }
    }
}

struct ListGrants: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your grants, the newest first.", discussion: "Example:\n  vrm grant list")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let lines = try vault.grants().map {
            ($0, try vault.relationship($0.relationship).company.domain, try vault.offer($0.offer).terms)
        }
        try context.console.show(
            Answer(list: lines.map { GrantReport.json($0.0, $0.1, under: $0.2, at: context.now) }) { style in
                var table = Table("id", "company", "items", "for", "until", "state")
                for (grant, company, _) in lines {
                    table.add(
                        grant.id.short, company.description, grant.items.map(\.name.description).joined(separator: " "),
                        grant.purpose.rawValue, "\(grant.until)", grant.state(at: context.now).rawValue)
                }
                return table.isEmpty ? "" : table.rendered(style)
            })
    }
}

struct ShowGrant: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One grant: which version of what, under which terms.",
        discussion: """
            Examples:
              vrm grant show 9f3a1c0e
              vrm grant show 9f3a1c0e --record --json

            --record shows your own record of it, with the fields of ISO/IEC TS 27560 and no values. All of them: vrm receipt list.
            """)

    @Argument(help: "Its id, or the start of it.") var id: String
    @Flag(help: "Show your own record of it.") var record = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        guard case .grant(let grant) = try vault.outgoing(id) else { throw VaultFailure.unknownRecord }
        if record {
            let json = try ProcessingRecords.of(grant, vault, at: context.now).json
            return try context.console.show(Answer(json) { _ in Outline.lines(json).joined(separator: "\n") })
        }
        let company = try vault.relationship(grant.relationship).company
        let offer = try vault.offer(grant.offer)
        guard case .object(var json) = GrantReport.json(grant, company.domain, under: offer.terms, at: context.now) else {
            return
        }
        let overview = try vault.overview(vault.relationship(grant.relationship), at: context.now)
        let got = try vault.who(is: overview, at: context.now).filter { $0.grant == grant.id }
        let revocation = overview.revocations.first { $0.id == grant.revocation }
        let requests = overview.requests.filter { $0.grants.contains(grant.id) }
        json["offer"] = TermsReport.json(offer)
        json["got"] = .array(got.map(WhoReport.json))
        json["revocation"] =
            revocation.map {
                .members(
                    ("id", .string($0.id.description)), ("at", .string($0.at.description)),
                    ("sent", JSONValue($0.sent?.description)))
            } ?? .null
        json["requests"] = .array(requests.map { RequestReport.json($0, company, at: context.now) })
        try context.console.show(
            Answer(.object(json)) { style in
                var lines = [style.strong("\(company.domain)") + "  \(grant.state(at: context.now).rawValue)  \(grant.id.short)"]
                for line in got { lines.append("  has \(line.item), version \(WhoReport.version(line))") }
                if let source = got.first?.why.source { lines.append("  by \(source)") }
                lines.append("  for \(grant.purpose.rawValue), \(grant.purpose.label)")
                lines.append("  through \(grant.until), made \(grant.made)" + (grant.sent.map { ", sent \($0)" } ?? ", not sent"))
                lines.append(
                    "  under \(offer.terms), \(offer.answer.map { "the company \($0.decision.rawValue) them" } ?? "not answered yet")"
                )
                lines.append("  basis \(grant.basis.rawValue)")
                if let revocation {
                    lines.append(
                        "  revoked \(revocation.at)" + (revocation.sent.map { ", notice sent \($0)" } ?? ", notice not sent"))
                }
                for request in requests {
                    let deadline = RequestReport.deadline(of: request, company)
                    lines.append(
                        "  \(request.kind.rawValue) request \(request.id.short), \(request.standing(on: context.now.day, deadline)), "
                            + "answer by \(deadline?.answerBy.description ?? "?")")
                }
                return lines.joined(separator: "\n")
            })
    }
}

struct RenewGrant: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Make a grant again, with today's values and a later end.",
        discussion:
            """
            Examples:
              vrm grant renew 9f3a1c0e --until 2027-06-01 --out grant.json
              vrm grant renew --due --out renewed                        all that end within 30 days
              vrm grant renew --due --until 2027-06-01 --out renewed

            With --due each is renewed for 88 days, or until its terms end, unless --until says another day.
            """)

    @Argument(help: "The grant's id, or the start of it.") var id: String?
    @Flag(help: "All that end within 30 days; --out is a folder then.") var due = false
    @Option(help: "The last day it holds then.") var until: String?
    @Option(help: "Where the signed file goes; a folder with --due.") var out: String
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let until = try until.map { try context.day($0, "--until") }
        if due { return try GrantFiles.renewDue(through: until, into: out, self, context) }
        guard let id, let until else {
            throw Message(
                "a grant and its new end are needed", hint: "vrm grant renew ID --until YYYY-MM-DD --out FILE", status: .usage)
        }
        var making = MakingOptions()
        (making.out, making.force, making.letter, making.sent) = (out, force, nil, nil)
        let files = try making.files(context)
        let (made, company) = try context.change("grant renew", files: files) { vault, change in
            guard case .grant(let grant) = try vault.outgoing(id) else { throw VaultFailure.unknownRecord }
            let (made, company) = try GrantFiles.renew(grant, through: until, vault, change, context)
            try context.console.confirm("Renew this grant?")
            try GrantFiles.stage(made, company, vault, files, making, context)
            return (made, company)
        }
        try GrantFiles.show(made, company, files, making, context)
    }
}
