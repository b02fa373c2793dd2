import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct CompanyGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company", abstract: "The companies you deal with.",
        subcommands: [
            AddCompany.self, EditCompany.self, MergeCompanies.self, ListCompanies.self, ShowCompany.self, RemoveCompany.self,
            HoldsCompany.self, ExitCompany.self, TrustCompany.self, RotateKey.self,
        ])
}

struct AddCompany: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Begin a relationship.",
        discussion: "Example:\n  vrm company add shop.example --name Shop --privacy-email privacy@shop.example")

    @Argument(help: "Its domain or web address.") var domain: String
    @Option(help: "What you call it.") var name: String?
    @Option(help: "Where it takes privacy matters.") var privacyEmail: String?
    @Option(help: "How bundles name it, when not https:// and the domain.") var origin: String?
    @Option(help: "Its country, two letters.") var country: String?
    @Option(help: "Its region by ISO 3166-2, for public holidays: DE-HH.") var region: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let domain = try context.domain(domain)
        let facts = try CompanyFacts(privacyEmail: privacyEmail, origin: origin, country: country, region: region, language: nil)
        let relationship = try context.change("company add") { _, change in
            try change.addCompany(
                domain, name: name, privacyEmail: facts.privacyEmail, origin: facts.origin, country: facts.country,
                region: facts.region)
        }
        try context.console.show(
            CompanyReport.brief(
                CompanyOverviewLine(relationship), "added \(domain); what it has of you: vrm company holds \(domain) ITEM"))
    }
}

/// Facts about a company as typed, checked.
private struct CompanyFacts {
    var privacyEmail: String?
    var origin: Origin?
    var country: CountryCode?
    var region: String?
    var language: LanguageCode?

    init(privacyEmail: String?, origin: String?, country: String?, region: String?, language: String?) throws {
        if let privacyEmail {
            guard isMailAddress(privacyEmail) else {
                throw Message("not a mail address", hint: "--privacy-email privacy@shop.example", status: .usage)
            }
            self.privacyEmail = privacyEmail
        }
        if let origin {
            guard let parsed = Origin(origin) else {
                throw Message(
                    "not an origin: https:// and a lower-case host, nothing after it", hint: "--origin https://shop.example",
                    status: .usage)
            }
            self.origin = parsed
        }
        if let country {
            guard let parsed = CountryCode(country) else {
                throw Message("not a country code", hint: "--country DE", status: .usage)
            }
            self.country = parsed
        }
        if let region {
            let parts = region.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let of = CountryCode(String(parts[0])), (1...3).contains(parts[1].utf8.count),
                parts[1].utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
            else { throw Message("not a region by ISO 3166-2", hint: "--region DE-HH", status: .usage) }
            guard self.country == nil || self.country == of else {
                throw Message("the region is in another country", hint: "drop --country", status: .usage)
            }
            (self.country, self.region) = (of, String(parts[1]))
        }
        if let language {
            guard let parsed = LanguageCode(language) else {
                throw Message("not a language code", hint: "--language de", status: .usage)
            }
            self.language = parsed
        }
    }
}

struct EditCompany: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change what is known of a company.",
        discussion: "Example:\n  vrm company edit shop.example --region DE-HH")

    @Argument(help: "Its domain, name, or the start of one.", completion: .companies) var company: String
    @Option(help: "What you call it.") var name: String?
    @Option(help: "Where it takes privacy matters.") var privacyEmail: String?
    @Option(help: "How bundles name it.") var origin: String?
    @Option(help: "Its country, two letters.") var country: String?
    @Option(help: "Its region by ISO 3166-2, for public holidays: DE-HH.") var region: String?
    @Option(help: "The language to write to it in.") var language: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let facts = try CompanyFacts(
            privacyEmail: privacyEmail, origin: origin, country: country, region: region, language: language)
        let edited = try context.change("company edit") { vault, change in
            let edited = try change.editCompany(
                try vault.company(company), name: name, privacyEmail: facts.privacyEmail, origin: facts.origin,
                country: facts.country, region: facts.region, language: facts.language)
            return try vault.overview(edited, at: context.now)
        }
        try context.console.show(
            CompanyReport.brief(
                CompanyOverviewLine(edited, at: context.now), "changed \(printable(edited.relationship.company.name))"))
    }
}

struct MergeCompanies: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make one company of two that turned out to be one.",
        discussion: "Example:\n  vrm company merge shop.example shop-login.example")

    @Argument(help: "The company that stays.", completion: .companies) var company: String
    @Argument(help: "The one that becomes part of it.", completion: .companies) var other: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let merged = try context.change("company merge") { vault, change in
            let (kept, gone) = (try vault.company(company), try vault.company(other))
            try context.console.confirm("Merge \(gone.company.domain) into \(kept.company.domain)?")
            let merged = try change.merge(kept, gone)
            return try vault.overview(merged, at: context.now)
        }
        let kept = merged.relationship.company
        let domains = kept.otherDomains.map(\.description).joined(separator: ", ")
        try context.console.show(
            CompanyReport.brief(CompanyOverviewLine(merged, at: context.now), "\(kept.domain) now answers to \(domains) too"))
    }
}

struct ListCompanies: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your companies, or search the directory.",
        discussion: "Examples:\n  vrm company list\n  vrm company list --directory telekom")

    @Option(help: "Search the imported directories for this text instead.") var directory: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        if let directory {
            try context.console.show(CompanyReport.directory(try vault.directory(matching: directory)))
        } else {
            let lines = try vault.overviews().map { CompanyOverviewLine($0, at: context.now) }
            try context.console.show(CompanyReport.list(lines))
        }
    }
}

struct ShowCompany: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything about one company: what it holds, on what terms, what is due.",
        discussion: "Example:\n  vrm company show shop")

    @Argument(help: "Its domain, name, or the start of one.", completion: .companies) var company: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let overview = try vault.overview(try vault.company(company), at: context.now)
        let got = try vault.who(is: overview, at: context.now)
        try context.console.show(CompanyReport.whole(overview, got, at: context.now))
    }
}

struct RemoveCompany: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "End a relationship and take its records out.",
        discussion: """
            Example:
              vrm company remove shop.example

            Proof of what was sent, and the ability to sign to this company, end with it. The company keeps what it has:
            ask it first, with: vrm request new erasure.
            """)

    @Argument(help: "Its domain, name, or the start of one.", completion: .companies) var company: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let (removed, backups) = try context.change("company remove") { vault, change in
            let overview = try vault.overview(try vault.company(self.company), at: context.now)
            let domain = overview.relationship.company.domain
            try context.console.confirm("Remove \(domain), with the proof of everything sent to it?")
            return (overview, try change.removeCompany(overview.relationship).backups)
        }
        let line = CompanyOverviewLine(removed, at: context.now)
        let said = context.isRehearsal ? "would remove \(line.company.domain)" : "removed \(line.company.domain)"
        try context.console.show(
            Answer(
                .object(
                    JSONObject(
                        line.members + [
                            ("backups", .array(backups.map(\.json))), ("dry_run", .bool(context.isRehearsal)),
                        ]))
            ) { _ in ([said] + KnownBackup.lines(backups, "these backups still hold it")).joined(separator: "\n") })
    }
}

struct HoldsCompany: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "holds", abstract: "Note what a company has of you already.",
        discussion: """
            Examples:
              vrm company holds shop.example phone_number address --since 2020-02-01
              vrm company holds phonebook.example name address --found-in "printed edition, page 12" --on 2027-03-01

            --found-in says where you came upon it: a directory, a register, a page. Where the company said before that day
            that it had erased everything, an alarm says so in vrm status (vrm request dismiss). So does --since with a day
            after that. PLACE names where it stands, not what: values do not belong on the command line.
            """)

    @Argument(help: "Its domain, name, or the start of one.", completion: .companies) var company: String
    @Argument(help: "The items it has.") var items: [String]
    @Option(help: "Since when (YYYY-MM-DD).") var since: String?
    @Option(help: "Which version of the item.") var version: Int?
    @Option(help: ArgumentHelp("Where you came upon it.", valueName: "place")) var foundIn: String?
    @Option(help: "The day you came upon it (YYYY-MM-DD); today unless given.") var on: String?
    @OptionGroup var options: VaultOptions

    /// The longest name of a place.
    private static let longestPlace = 200

    func run(in context: Context) throws {
        let names = try items.map { try context.item($0) }
        let since = try since.map { try context.day($0, "--since") }
        let find = try find(context)
        let (relationship, (holdings, alarms)) = try context.change("company holds") { vault, change in
            let relationship = try vault.company(self.company)
            return (relationship, try change.hold(names, by: relationship, since: since, version: version, find: find))
        }
        context.tell(alarms: alarms.count)
        let domain = relationship.company.domain
        try context.console.show(
            Answer(
                .members(
                    ("domain", .string(domain.description)),
                    ("holds", .array(holdings.map { CompanyReport.json($0) })),
                    ("alarms", .array(alarms.map { .string($0.request.description) })))
            ) { _ in "noted: \(domain) has \(names.map(\.description).joined(separator: ", "))" })
    }

    /// Where the person came upon it, and when.
    private func find(_ context: Context) throws -> (place: String, day: Day)? {
        guard let foundIn else {
            guard on == nil else {
                throw Message("--on is the day of a find", hint: "--found-in PLACE, or --since \(on ?? "DATE")", status: .usage)
            }
            return nil
        }
        guard (1...HoldsCompany.longestPlace).contains(foundIn.utf8.count), printable(foundIn) == foundIn else {
            throw Message(
                "the place is empty, longer than \(HoldsCompany.longestPlace) bytes or has control characters",
                hint: "--found-in \"printed edition, page 12\"", status: .usage)
        }
        let day = try on.map { try context.day($0, "--on") } ?? context.now.day
        guard day <= context.now.day.adding(days: 1) else {
            throw Message("--on is a day to come", hint: "--on \(context.now.day)", status: .usage)
        }
        return (foundIn, day)
    }
}
