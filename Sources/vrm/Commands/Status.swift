import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct Status: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "What needs you today, and how much there is.",
        discussion: "Example:\n  vrm status")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let status = try vault.status(at: context.now, under: .shipped)
        let intents = try vault.openIntents(at: context.now)
        let backup = try vault.backups().first
        let left = try? AgentClient(context.agentFolder(), vault: Vault.identity(at: context.vaultDirectory)).secondsLeft()
        let today = context.now.day
        func line(_ due: DueMatter) -> JSONValue {
            .members(
                ("what", .string("\(due.what)")), ("company", JSONValue(due.company?.description)),
                ("on", .string(due.on.description)), ("id", .string(due.id.description)))
        }
        let json = JSONValue.members(
            ("locked", false), ("companies", .integer(status.companies)), ("holdings", .integer(status.holdings)),
            ("items", .integer(status.items)), ("grants_active", .integer(status.grantsActive)),
            ("requests_open", .integer(status.requestsOpen)), ("overdue", .integer(status.overdue)),
            ("due", .array(status.due.map(line))), ("unsent", .array(status.unsent.map(line))),
            (
                "intents",
                .array(
                    intents.map {
                        .members(
                            ("id", .string($0.intent.id.description)), ("state", .string($0.state.rawValue)),
                            ("until", .string($0.intent.until.description)), ("waits_for", .string($0.waitsFor)))
                    })
            ),
            ("last_backup", backup?.json), ("seconds_unlocked", left.map { .integer($0) }))
        try context.console.show(
            Answer(json) { style in
                var lines: [String] = []
                if status.due.isEmpty && status.unsent.isEmpty {
                    lines.append(style.strong("Nothing needs you today."))
                } else {
                    lines.append(style.strong("Needs you"))
                    for due in status.due {
                        lines.append(
                            "  \(DueReport.when(due, today, style))  \(due.what)  \(due.company?.description ?? "")  \(style.faint(due.id.short))"
                        )
                    }
                    for unsent in status.unsent {
                        lines.append(
                            "  made \(unsent.on)  \(unsent.what)  \(unsent.company?.description ?? "")  then: vrm sent \(unsent.id.short)"
                        )
                    }
                }
                if !intents.isEmpty { lines += ["", style.strong("Intents")] }
                for open in intents {
                    lines.append(
                        "  \(printable(open.intent.want))  \(style.faint(open.intent.id.short))  \(open.state.rawValue)  waits for \(open.waitsFor)"
                    )
                }
                lines.append("")
                lines.append("companies \(status.companies)   they hold \(status.holdings)   your items \(status.items)")
                lines.append(
                    "grants active \(status.grantsActive)   requests open \(status.requestsOpen)   overdue \(status.overdue)")
                if let backup {
                    let days = today.number - backup.made.day.number
                    lines.append("last backup " + (days == 0 ? "today" : "\(counted(days, "day")) ago"))
                } else {
                    lines.append("no backup yet: vrm backup --out FILE")
                }
                if let left { lines.append("unlocked for \((left + 59) / 60) min more: vrm lock") }
                if status.companies == 0 { lines.append("\nstart with: vrm import passwords FILE") }
                return lines.joined(separator: "\n")
            })
    }
}
