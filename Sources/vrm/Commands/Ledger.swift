import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct LedgerGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Everything that happened, in order, and whether it is whole.",
        subcommands: [ListLedger.self, VerifyLedger.self, ExportLedger.self])
}

struct ListLedger: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what happened, oldest first.", discussion: "Example:\n  vrm ledger list")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let lines = try context.openVault(.reading).ledger()
        try context.console.show(
            Answer(
                list: lines.map { line in
                    .members(
                        ("seq", .integer(line.sequence)), ("at", .string(line.at.description)),
                        ("command", JSONValue(line.entry?.command)), ("event", JSONValue(line.entry?.event.rawValue)),
                        ("company", JSONValue(line.entry?.company?.description)),
                        ("records", .array((line.entry?.records ?? []).map { .string($0.description) })),
                        ("evidence", JSONValue(line.entry?.evidence?.hex)),
                        ("detail", .array((line.entry?.detail ?? []).map { .string($0) })))
                }
            ) { style in
                var table = Table("#", "when", "what", "company", "detail")
                for line in lines {
                    table.add(
                        "\(line.sequence)", line.at.description, line.entry?.event.rawValue ?? "forgotten",
                        line.entry?.company?.description ?? "", (line.entry?.detail ?? []).joined(separator: " "))
                }
                return table.rendered(style)
            })
    }
}

struct VerifyLedger: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Open every row and check every link; say what does not fit.",
        discussion: "Example:\n  vrm ledger verify")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let verdict = try context.openVault(.reading).verify()
        let fault = verdict.fault.map { Failure.message($0)?.fact ?? "damaged" }
        try context.console.show(
            Answer(
                .members(
                    ("ok", .bool(verdict.fault == nil)), ("entries", .integer(verdict.entries)), ("rows", .integer(verdict.rows)),
                    ("fault", JSONValue(fault)), ("suspects", .array(verdict.suspects.map { .string($0.description) })))
            ) { style in
                guard let fault else {
                    return
                        "whole: \(counted(verdict.entries, "ledger entry")), \(counted(verdict.rows, "record")), every link and sum fits"
                }
                return style.alarm(fault)
                    + (verdict.suspects.isEmpty
                        ? "" : "\nold, missing or put in:\n" + verdict.suspects.map { "  \($0)" }.joined(separator: "\n"))
            })
        if let fault = verdict.fault { throw Failure.message(fault) ?? Message("the vault is damaged", status: .damaged) }
    }
}
