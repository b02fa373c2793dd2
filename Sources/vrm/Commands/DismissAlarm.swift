import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct DismissAlarm: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss", abstract: "Say that what seems to speak against an erasure does not.",
        discussion: """
            Example:
              vrm request dismiss 9f3a1c0e

            After a company said that it erased everything, mail of theirs, an account, an access reply or a find of yours (vrm
            company holds --found-in) raises an alarm in vrm status. A bill they must keep is no breach. If it is one: vrm request
            record ID --event reopened --on DATE.
            """)

    @Argument(help: "The erasure request, by its id or the start of it.") var id: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let (request, company, count) = try context.change("request dismiss") { vault, change in
            let request = try vault.request(id)
            let company = try vault.relationship(request.relationship).company.domain
            return (request, company, try change.dismissContradictions(of: request))
        }
        guard count > 0 else { throw Message("no alarm stands against this request", hint: "vrm status", status: .notFound) }
        try context.console.show(
            Answer(
                .members(
                    ("id", .string(request.id.description)), ("company", .string(company.description)),
                    ("dismissed", .integer(count)))
            ) { _ in "dismissed \(count) \(count == 1 ? "alarm" : "alarms") about \(company)" })
    }
}
