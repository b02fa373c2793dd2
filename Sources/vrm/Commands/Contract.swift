import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct ContractGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contract", abstract: "What binds you to a company, and by when you can cancel it.",
        subcommands: [
            SetContract.self, ShowContract.self, ListContracts.self, CancelledContract.self, RemoveContract.self,
        ])
}

struct SetContract: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Note a contract: start, minimum term, renewal, notice period, trial.",
        discussion: """
            Examples:
              vrm contract set shop --start 2026-01-15 --term 24m --renews 12m --notice 3m
              vrm contract set gym --start 2026-01-15 --term 1y --renews 1d --notice 1m    after a year, any day
              vrm contract set news --start 2026-11-01 --notice 14d --trial-ends 2026-11-30

            Lengths are days, months or years: 30d, 24m, 1y. Without --term any day can be the last; without --renews it ends
            with its term. The company must have your notice on the day shown; where a month has no such day, an earlier one
            is taken. What was noted before is replaced.
            """)

    @Argument(help: "The company.", completion: .companies) var company: String
    @Option(help: "Its first day (YYYY-MM-DD).") var start: String
    @Option(help: "How long it lasts at least.") var term: String?
    @Option(help: "By how much it goes on each time.") var renews: String?
    @Option(help: "How long before its end the company must know.") var notice: String?
    @Option(help: "The last day of the trial (YYYY-MM-DD).") var trialEnds: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let contract = try Contract(
            start: context.day(start, "--start"), term: length(term, "--term"), renewal: length(renews, "--renews"),
            notice: length(notice, "--notice"), trialEnds: trialEnds.map { try context.day($0, "--trial-ends") },
            today: context.now.day)
        let changed = try context.change("contract set") { vault, change in
            try change.set(contract, with: vault.company(company))
        }
        let said = context.isRehearsal ? "would note" : "noted"
        try context.console.show(
            ContractReport.shown(changed, on: context.now.day, "\(said) the contract with \(changed.company.domain)"))
    }

    private func length(_ text: String?, _ option: String) throws -> Term? {
        guard let text else { return nil }
        guard let term = Term(text) else {
            throw Message("\(option) is no length of time", hint: "\(option) 30d, 24m or 1y; at most 100y", status: .usage)
        }
        return term
    }
}

struct ShowContract: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "A contract, and by when you can cancel it.",
        discussion: "Example:\n  vrm contract show shop")

    @Argument(help: "The company.", completion: .companies) var company: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let relationship = try context.openVault(.reading).company(company)
        guard relationship.contract != nil else { throw VaultFailure.noContract(relationship.company.domain) }
        try context.console.show(ContractReport.shown(relationship, on: context.now.day))
    }
}

struct ListContracts: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your contracts, what has to be cancelled first.",
        discussion: """
            Examples:
              vrm contract list
              vrm contract list --cancellable                       by the end of this month
              vrm contract list --cancellable --until 2027-03-31
            """)

    @Flag(help: "Only what can be cancelled by the end of the month, or --until.") var cancellable = false
    @Option(help: "The last day of --cancellable (YYYY-MM-DD).") var until: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let today = context.now.day
        let until = try until.map { try context.day($0, "--until") }
        guard until == nil || cancellable else {
            throw Message("--until goes with --cancellable", hint: "vrm contract list --cancellable --until DATE", status: .usage)
        }
        let last = until ?? today.monthsEnd
        let contracts = try context.openVault(.reading).contracts(on: today)
            .filter { !cancellable || $0.contract.canBeCancelled(from: today, through: last) }
        try context.console.show(
            Answer(list: contracts.map { ContractReport.json($0.contract, $0.relationship.company.domain, on: today) }) { style in
                guard !contracts.isEmpty else { return cancellable ? "nothing can be cancelled by \(last)" : "" }
                var table = Table("company", "cancel by", "ends", "state")
                for (relationship, contract) in contracts {
                    let standing = contract.standing(on: today)
                    table.add(
                        relationship.company.domain.description, standing.cancelBy?.description ?? "–",
                        standing.ends?.description ?? "–", standing.word)
                }
                return table.rendered(style)
            })
    }
}

struct CancelledContract: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancelled", abstract: "Note that you cancelled a contract.",
        discussion: """
            Examples:
              vrm contract cancelled shop
              vrm contract cancelled shop --on 2027-03-01

            Nothing is sent: cancel the way the contract says, and keep the proof.
            """)

    @Argument(help: "The company.", completion: .companies) var company: String
    @Option(help: "When the company had your notice (YYYY-MM-DD); today unless given.") var on: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let day = try on.map { try context.day($0, "--on") } ?? context.now.day
        let changed = try context.change("contract cancelled") { vault, change in
            try change.cancelContract(with: vault.company(company), on: day)
        }
        try context.console.show(
            ContractReport.shown(
                changed, on: context.now.day, "noted: the contract with \(changed.company.domain) was cancelled on \(day)"))
    }
}

struct RemoveContract: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a contract's dates.", discussion: "Example:\n  vrm contract remove shop")

    @Argument(help: "The company.", completion: .companies) var company: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let removed = try context.change("contract remove") { vault, change in
            let relationship = try vault.company(company)
            guard relationship.contract != nil else { throw VaultFailure.noContract(relationship.company.domain) }
            try context.console.confirm("Forget the contract with \(relationship.company.domain)?")
            _ = try change.removeContract(with: relationship)
            return relationship
        }
        let verb = context.isRehearsal ? "would forget" : "forgot"
        guard let contract = removed.contract else { return }
        try context.console.show(
            Answer(ContractReport.json(contract, removed.company.domain, on: context.now.day)) { _ in
                "\(verb) the contract with \(removed.company.domain)"
            })
    }
}
