import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct ExitCompany: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit", abstract: "The way out: cancel, export, revoke, erase, confirm, with dates and the next command.",
        discussion: """
            Examples:
              vrm company exit shop
              vrm company exit shop --skip export     I want no copy
              vrm company exit shop --stop            I stay

            Begins the plan, and shows how far it has come whenever it is typed again. Nothing is sent: each step is a
            command of its own. It ends when the erasure was confirmed.
            """)

    @Argument(help: "The company.", completion: .companies) var company: String
    @Option(help: "Leave this step out: cancel, export, revoke, erase or confirm. Repeatable.") var skip: [String] = []
    @Flag(help: "Give the plan up.") var stop = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let skipped = try skip.map { text in
            guard let kind = ExitStep.Kind(rawValue: text) else {
                let steps = ExitStep.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Message("no such step", hint: "--skip, one of: \(steps)", status: .usage)
            }
            return kind
        }
        guard !stop || skip.isEmpty else { throw Message("either --skip or --stop", hint: "drop one of them", status: .usage) }
        let overview = try context.change("company exit") { vault, change in
            let relationship = try vault.company(company)
            let changed =
                stop ? try change.endExit(from: relationship) : try change.beginExit(from: relationship, skipping: Set(skipped))
            return try vault.overview(changed, at: context.now)
        }
        try context.console.show(ExitReport(overview, at: context.now))
    }
}
