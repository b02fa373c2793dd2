import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct Due: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "due", abstract: "What is due, by whom and why; also as a calendar or a task list.",
        discussion: """
            Examples:
              vrm due
              vrm due --until 2027-04-30 --explain
              vrm due --ics due.ics
              vrm due --taskwarrior due.json && task import due.json

            Answers that companies owe, what you can do about late ones, grants that end, contracts to cancel, what was made and not
            sent. --explain tells how each day was found. Days are computed by rule and are no legal advice. Written again, a
            calendar or task list has the same entries, not new ones.
            """)

    @Option(help: "Only what is due on this day or before (YYYY-MM-DD).") var until: String?
    @Flag(help: "Say how each day was found.") var explain = false
    @Option(help: "Also write an iCalendar file.") var ics: String?
    @Option(help: "Also write a JSON file for task import.") var taskwarrior: String?
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    /// Of this matter and no other, and without the record's id (version 8 of RFC 9562).
    private static func uuid(of due: DueMatter) -> String {
        var bytes = Array(SHA256.digest(Array("\(due.id) \(due.what)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.hex
        var parts: [Substring] = []
        var rest = hex[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    func run(in context: Context) throws {
        let until = try until.map { try context.day($0, "--until") }
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        for path in [ics, taskwarrior].compactMap(\.self) { try files.check(path) }
        let (now, today) = (context.now, context.now.day)
        let matters = try context.openVault(.reading).due(at: now, under: .shipped).filter { $0.on <= until ?? $0.on }
        let entries = matters.map { due in
            DatedEntry(
                uuid: Due.uuid(of: due), day: due.on, summary: "\(due.what): \(due.company?.description ?? "you")",
                details: DueReport.words(due) + ["vrm id \(due.id.short)"])
        }
        if let ics { try files.stage(CalendarFile.bytes(entries, at: now), as: ics) }
        if let taskwarrior { try files.stage(TaskFile.bytes(entries, at: now), as: taskwarrior) }
        try files.publish()
        for path in files.published { context.console.note("vrm: wrote \(printable(path)), which tells who you deal with") }
        try context.console.show(
            Answer(list: matters.map { DueReport.json($0, today) }) { style in
                guard !matters.isEmpty else { return "nothing is due" }
                guard explain else {
                    var table = Table("when", "what", "company", "id")
                    for due in matters {
                        table.add(DueReport.when(due, today, style), "\(due.what)", due.company?.description ?? "–", due.id.short)
                    }
                    return table.rendered(style)
                }
                return matters.map { due in
                    let title = "\(DueReport.when(due, today, style))  \(due.what)  \(due.company?.description ?? "–")"
                    return
                        ([style.strong(title) + "  \(style.faint(due.id.short))"]
                        + DueReport.words(due).map { "  \(printable($0))" }).joined(separator: "\n")
                }.joined(separator: "\n\n")
            }, beside: files.usesStandardOutput)
    }
}
