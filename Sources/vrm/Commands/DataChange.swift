import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct ChangeData: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Change a value once, and tell every company that has the old one.",
        discussion: """
            Examples:
              vrm data change phone_number - --out letters              asks which companies
              echo 42 | vrm data change shoe_size - --all --out letters --yes
              vrm data change phone_number - --company shop --out letters
              vrm data change phone_number                              who has confirmed, who not

            Each company gets a signed rectification and a letter of its own; the vault takes the new value as theirs when
            the request is recorded as fulfilled. Companies that have the item in an unknown version are asked to correct it
            if they hold it. One that knows you by a login which never was a value of the item, an alias of its own, is told
            only with --company. Typed again with the same value, it makes letters for those not asked yet.
            """)

    @Argument(help: "The item.") var name: String
    @Argument(help: "- : the new value, typed or piped in. Without it, how far the change has come.") var value: String?
    @Option(help: "Tell this company. Repeatable.", completion: .companies) var company: [String] = []
    @Flag(help: "Tell all that have the old value, or may have it.") var all = false
    @Option(help: "The law: \(RequestOrder.regimes). By your country, or the company's, unless given.") var regime: String?
    @Option(help: "The language of the letters: en, de or fr.") var language: String?
    @Flag(help: "Write the value in $EDITOR.") var edit = false
    @Option(help: "The folder for files, letters and mails.") var out: String?
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let name = try context.item(name)
        guard let value else {
            let vault = try context.openVault(.reading)
            let holders = try vault.holders(of: name, at: context.now)
            return try context.console.show(
                ChangeReport(name, try vault.value(name).number, holders.map { ChangeReport.Line($0) }, files: [], context))
        }
        guard let out else { throw Message("a folder for the letters is needed", hint: "--out letters", status: .usage) }
        guard !all || company.isEmpty else {
            throw Message("either --all or --company", hint: "drop one of them", status: .usage)
        }
        let order = RequestOrder(
            kind: .rectification, regime: try regime.map { try RequestOrder.regime($0) },
            language: try language.map { try context.language($0) })
        let new = try context.console.value(
            value, asked: "New value of \(name)", cap: DataVersion.longestValue, isEdited: edit)
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.makeFolder(out)
        let (version, lines) = try context.change("data change", files: files) { vault, change in
            let version = try change.set(name, new)
            var holders = try vault.holders(of: name, at: context.now)
            let chosen = try choose(&holders, vault, context)
            var lines: [ChangeReport.Line] = []
            var made: [RequestComposer.Made] = []
            for holder in holders {
                guard chosen.contains(holder.relationship.id) else {
                    lines.append(ChangeReport.Line(holder))
                    continue
                }
                if let problem = try problem(with: holder, order, vault) {
                    lines.append(ChangeReport.Line(holder, problem: problem))
                    continue
                }
                var order = order
                order.matter = .corrections([RequestMatter.Correction(name: name, old: holder.correction, new: version)])
                let (request, letter) = try order.make(of: holder.relationship, vault, change, context)
                lines.append(ChangeReport.Line(holder, request: request, isNew: true))
                made.append(letter)
            }
            try preview(version, lines, made, vault, context)
            if !made.isEmpty { try context.console.confirm("Change it, and make \(made.count) requests?") }
            for letter in made { try letter.stage(files, in: out) }
            if let fact = PersonFact(rawValue: name.description), let own = try vault.fact(fact), own.value != new {
                context.console.note("vrm: your letters go on to give another \(name): vrm me set \(name) -")
            }
            return (version, lines)
        }
        try context.console.show(ChangeReport(name, version.number, lines, files: files.published, context))
    }

    /// Which companies are told: those named, all, or those the person picks.
    private func choose(_ holders: inout [Holder], _ vault: Vault, _ context: Context) throws -> Set<RecordID> {
        let usual = holders.filter(\.isUsual)
        if !company.isEmpty {
            let named = try company.map { try vault.company($0) }
            for relationship in named where !holders.contains(where: { $0.relationship.id == relationship.id }) {
                holders.append(Holder(relationship: relationship, has: .unknown, request: nil))
            }
            return Set(named.map(\.id))
        }
        guard !all, !usual.isEmpty, context.console.mayAsk, !context.console.isAgreed, !context.isRehearsal else {
            return Set(usual.map(\.relationship.id))
        }
        return Set(
            try usual.filter { holder in
                let domain = holder.relationship.company.domain
                return try context.console.agrees(to: "Tell \(domain), which \(ChangeReport.words(holder.has))?")
            }.map(\.relationship.id))
    }

    /// Why no rectification can be made for a company, when none can.
    private func problem(with holder: Holder, _ order: RequestOrder, _ vault: Vault) throws -> String? {
        let company = holder.relationship.company
        guard let regime = try order.law(for: company, vault) else {
            return "no law is known for it: add --regime"
        }
        return regime.articles[.rectification] == nil ? "\(regime.id) has no rectification" : nil
    }

    /// Exactly what leaves: each company's values, and the first letter whole.
    private func preview(
        _ version: DataVersion, _ lines: [ChangeReport.Line], _ made: [RequestComposer.Made], _ vault: Vault,
        _ context: Context
    ) throws {
        guard let first = made.first else { return }
        var said: [String] = []
        for line in lines where line.isNew {
            let company = line.holder.relationship.company
            let old = line.holder.correction.map { ", no longer \(printable($0.value.revealed))" } ?? ""
            let identifiers = try (line.request?.identifiedBy ?? []).map { identifier in
                let login = line.holder.relationship.accounts.first?.login
                let value = try identifier.version.flatMap { try vault.version($0)?.value } ?? login
                return "\(identifier.name) = \(printable(value?.revealed ?? "?"))"
            }.joined(separator: ", ")
            said.append(
                "To \(printable(company.name)), \(company.privacyEmail.map { printable($0) } ?? "by post or web form"): "
                    + "\(version.name) = \(printable(version.value.revealed))\(old); identified by \(identifiers)")
        }
        said.append(made.count == 1 ? "\nThe letter:\n" : "\nThe first of \(made.count) letters, which differ in that alone:\n")
        said += first.shown
        context.console.note(said.joined(separator: "\n"))
    }
}
