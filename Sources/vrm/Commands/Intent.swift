import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct IntentGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intent", abstract: "Say what you want to buy without saying who you are, and choose among the answers.",
        subcommands: [
            NewIntent.self, PublishIntent.self, ListIntents.self, ShowIntent.self, AwardIntent.self, WithdrawIntent.self,
        ])
}

struct NewIntent: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make an invitation to offers, under keys used for it alone.",
        discussion: """
            Examples:
              vrm intent new --want 'a quiet espresso grinder' --category 'Home & Garden' --region DE-HH --until 2027-03-01 --out want.json
              vrm intent new --want 'city bicycle' --category google:988 --region DE --until 2027-03-01 --currency EUR \\
                --budget 400 --reserve 310 --must 'lights' --nice 'mudguards=3' --attribute delivery_address --out want.json

            Readers see the text, the budget and the terms; they never see the reserve. What --attribute names is committed to and
            stays hidden until you show it to one company. The category is a number of the Google product taxonomy (google:536),
            one of its top categories by name, or a plain word; the region a country or a part of it by ISO 3166 (DE, DE-HH).
            """)

    @Option(help: "What is wanted, in a line.") var want: String?
    @Option(help: "More about it.") var description: String?
    @Option(help: "What kind of thing: google:NUMBER, a top category, or a word.") var category: String?
    @Option(help: "Where, coarsely: DE or DE-HH.") var region: String?
    @Option(help: "The last day offers are taken (YYYY-MM-DD, UTC), at most 14 days ahead.") var until: String?
    @Option(help: "A thing wanted, by name. Repeatable.") var item: [String] = []
    @Option(help: "When it is needed (YYYY-MM-DD).") var needBy: String?
    @Option(help: "The most you say you would pay. Everybody reads it.") var budget: String?
    @Option(help: "The most you would pay. Nobody reads it.") var reserve: String?
    @Option(help: "Of budget and reserve: EUR, USD …") var currency: String?
    @Option(help: "What it must have. Repeatable.") var must: [String] = []
    @Option(help: "What would be nice, with =WEIGHT from 1 to 100. Repeatable.") var nice: [String] = []
    @Option(help: "An item of yours to commit to, hidden until you show it. Repeatable, 16 at most.") var attribute: [String] = []
    @Option(help: "The terms: a shipped text or a roster agreement.") var terms: String?
    @Option(help: "Ask this company, and only those so named. Repeatable.") var allow: [String] = []
    @Option(help: "Take no answer of this company. Repeatable.") var block: [String] = []
    @Option(help: "Where answers go, used once: https:… or mailto:…") var replyTo: String?
    @Option(help: "A JSON file with the wish, as schemas/payload/intent.schema.json has it under want.") var file: String?
    @Option(help: "Where the signed file goes, or -.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    /// Step by step: nothing but where it goes was said.
    var isAsked: Bool { want == nil && file == nil }

    func run(in context: Context) throws {
        let wish = try IntentWording(self).want(context)
        let console = context.console
        let category = try console.answer(category, "Category (a word, google:536, or Home & Garden)", "--category") { text in
            guard let category = IntentCategory(text) else {
                throw usage("not a category", "--category google:536, --category 'Home & Garden' or --category kitchen")
            }
            return category
        }
        let region = try console.answer(region, "Where (DE or DE-HH)", "--region") { text in
            guard let region = Region(text) else { throw usage("not a region of ISO 3166", "--region DE or --region DE-HH") }
            return region
        }
        let lastDay = try console.answer(until, "Offers until (YYYY-MM-DD, at most 14 days ahead)", "--until") {
            let day = try context.day($0, "--until")
            guard day >= context.now.day else { throw IntentRefusal.alreadyOver(day).message }
            let latest = Vault.latestDay(ofIntentMade: context.now)
            guard day <= latest else { throw IntentRefusal.tooLong(latest: latest).message }
            return day
        }
        var limit = try reserve.map { try IntentWording.amount($0, currency, "--reserve") }
        if isAsked, limit == nil {
            limit = try console.answerMaybe("The most you would pay, nobody reads it (310 EUR, empty for none)") { text in
                let amount = try IntentWording.amount(text)
                if let budget = wish.budget, amount.isWithin(budget) != true { throw IntentRefusal.reserveBesideBudget.message }
                return amount
            }
        }
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        let report = try context.change("intent new", files: files) { vault, change in
            let text = try text(vault, context)
            var draft = IntentDraft(want: wish, category: category, region: region, lastDay: lastDay, terms: text)
            draft.reserve = limit
            draft.attributes = try committed(vault, context)
            draft.audience = Audience(
                allow: try allow.map { try context.domain($0) }, block: try block.map { try context.domain($0) })
            if let replyTo { draft.replyTo = replyTo }
            let (intent, signed) = try change.intend(draft)
            try IntentWording.preview(intent, vault, context)
            try context.console.confirm("Make this intent?")
            try files.stage(signed.file, as: out)
            return try IntentReport(intent, vault, at: context.now)
        }
        try context.console.show(
            Answer(.object(report.json(state: context.isRehearsal ? "rehearsed" : nil, file: out))) { _ in
                if context.isRehearsal { return "would make an intent until \(report.intent.until)" }
                let id = report.intent.id.short
                return "made an intent until \(report.intent.until)  \(id)\npublish it: vrm intent publish \(id) --feed DIR"
                    + "\nor hand \(printable(out)) over, then: vrm sent \(id)"
            }, beside: files.usesStandardOutput)
    }

    private func usage(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .usage) }

    private func text(_ vault: Vault, _ context: Context) throws -> Terms {
        let languages = [
            try vault.fact(.language).flatMap { LanguageCode($0.value.revealed) }, .english,
        ].compactMap { $0 }
        return try vault.terms(try terms.map { try context.termsID($0) } ?? ShippedTerms.usual, languages: languages)
    }

    private func committed(_ vault: Vault, _ context: Context) throws -> [DataItemName] {
        guard isAsked, attribute.isEmpty else { return try attribute.map { try context.item($0) } }
        return try context.console.answers("An item you may show to one company later (postal_code)") { text in
            let name = try context.item(text)
            guard try vault.item(name) != nil else { throw usage("nothing is kept as \(name)", "vrm data list") }
            return name
        }
    }
}

struct ListIntents: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your intents, the newest first.", discussion: "Example:\n  vrm intent list")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let reports = try vault.intents().map { try IntentReport($0, vault, at: context.now) }
        try context.console.show(
            Answer(list: reports.map { .object($0.json()) }) { style in
                var table = Table("id", "want", "until", "offers", "state")
                for report in reports {
                    table.add(
                        report.intent.id.short, report.intent.want, report.intent.until.description, "\(report.offers.count)",
                        report.state.rawValue)
                }
                return table.isEmpty ? "" : table.rendered(style)
            })
    }
}

struct ShowIntent: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One intent: what readers see, what they do not, and what it waits for.",
        discussion: "Examples:\n  vrm intent show 9f3a1c0e\n  vrm intent show 9f3a1c0e --out again.json")

    @Argument(help: "Its id, or the start of it.") var id: String
    @Option(help: "Write the signed file again: of the intent, or once it is over that it is.") var out: String?
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        if let out { try files.check(out) }
        let vault = try context.openVault(.reading)
        let report = try IntentReport(try vault.intent(id), vault, at: context.now)
        if let out {
            try files.stage(try vault.current(report.intent).signed.file, as: out)
            try files.publish()
        }
        let payload = try vault.published(report.intent).payload
        let answer = Answer(.object(report.json(file: out))) { style in
            var lines = [style.strong(printable(report.intent.want)) + "  \(report.intent.id.short)  \(report.state.rawValue)"]
            lines += IntentWording.lines(payload, report.intent).map { "  " + $0 }
            if let reserve = report.intent.reserve { lines.append("  reserve \(reserve), known to you alone") }
            if !report.intent.attributes.isEmpty {
                lines.append("  can be shown: \(report.intent.attributes.map(\.item.name.description).joined(separator: ", "))")
            }
            lines.append("  \(report.waitsFor)")
            if !report.offers.isEmpty { lines += ["", OfferReport.table(report.offers, style)] }
            return lines.joined(separator: "\n")
        }
        try context.console.show(answer, beside: files.usesStandardOutput)
    }
}
