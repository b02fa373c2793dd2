import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct NoteGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Write down a call, a promise, an idea, and who owes what by when.",
        discussion: """
            Examples:
              vrm note shop.example - --kind promise --owed-by them --by 2027-04-01
              vrm note list shop.example
              vrm note done 9f3a1c0e --on 2027-03-30

            A note is your own word: nobody signed it, and its text never leaves. For signed words see: vrm message.
            """,
        subcommands: [AddNote.self, ListNotes.self, SettleNote.self, RemoveNote.self], defaultSubcommand: AddNote.self)
}

/// How notes are shown.
enum NoteReport {
    static func json(_ note: Note, _ company: Domain, on today: Day) -> JSONValue {
        .members(
            ("id", .string(note.id.description)), ("company", .string(company.description)),
            ("kind", .string(note.kind.rawValue)), ("on", .string(note.on.description)), ("noted", .string(note.at.description)),
            ("owed_by", JSONValue(note.owed?.by.rawValue)), ("by", JSONValue(note.owed?.until?.description)),
            ("state", .string(note.state(on: today).rawValue)), ("settled", JSONValue(note.outcome?.on.description)),
            ("text", .string(note.text.revealed)), ("result", JSONValue(note.outcome?.text?.revealed)))
    }

    static func owed(_ note: Note) -> String {
        guard let owed = note.owed else { return "–" }
        return (owed.by == .me ? "you" : "they") + (owed.until.map { " by \($0)" } ?? "")
    }

    static func firstLine(_ note: Note) -> String {
        note.text.revealed.split(separator: "\n").first.map(String.init) ?? ""
    }
}

struct AddNote: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Write down what was said, or what came to mind.",
        discussion: """
            Examples:
              vrm note shop.example - --kind call --on 2027-03-01
              vrm note shop.example - --kind promise --owed-by them --by 2027-04-01

            Kinds: \(Note.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Argument(help: "The company.", completion: .companies) var company: String
    @Argument(help: "- to type the text or pipe it in.") var text: String
    @Option(help: "call, promise, complaint, idea or referral.") var kind: String
    @Option(help: "Who has to do something now: me or them.") var owedBy: String?
    @Option(help: "By which day (YYYY-MM-DD).") var by: String?
    @Option(help: "The day it happened (YYYY-MM-DD); today unless given.") var on: String?
    @Flag(help: "Write it in your editor.") var edit = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        guard let kind = Note.Kind(rawValue: kind) else {
            throw Message(
                "no such kind of note", hint: "--kind " + Note.Kind.allCases.map(\.rawValue).joined(separator: ", "),
                status: .usage)
        }
        let owed = try owed(context)
        guard kind != .promise || owed != nil else {
            throw Message("whose promise it is is not said", hint: "--owed-by them", status: .usage)
        }
        let day = try on.map { try context.day($0, "--on") } ?? context.now.day
        guard day <= context.now.day else {
            throw Message("\(day) is yet to come", hint: "--on \(context.now.day)", status: .usage)
        }
        let text = try context.console.value(self.text, asked: "Note", cap: DataVersion.longestValue, isEdited: edit)
        let (note, company) = try context.change("note") { vault, change in
            let relationship = try vault.company(self.company)
            return (try change.note(kind, text, about: relationship, on: day, owed: owed), relationship.company.domain)
        }
        try context.console.show(
            Answer(NoteReport.json(note, company, on: context.now.day)) { _ in
                context.isRehearsal
                    ? "would note \(kind.rawValue) about \(company)"
                    : "noted \(kind.rawValue) about \(company)  \(note.id.short)"
                        + (owed == nil ? "" : "\nwhen it is done: vrm note done \(note.id.short)")
            })
    }

    private func owed(_ context: Context) throws -> Note.Owed? {
        guard let owedBy else {
            guard by == nil else { throw Message("who owes it is not said", hint: "--owed-by them", status: .usage) }
            return nil
        }
        guard let side = Note.Side(rawValue: owedBy) else {
            throw Message("either side can owe something", hint: "--owed-by me, --owed-by them", status: .usage)
        }
        return Note.Owed(by: side, until: try by.map { try context.day($0, "--by") })
    }
}

struct ListNotes: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your notes by the day they are about.",
        discussion: "Examples:\n  vrm note list\n  vrm note list shop.example")

    @Argument(help: "Only about this company.", completion: .companies) var company: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let relationship = try company.map { try vault.company($0) }
        let lines = try vault.notes(about: relationship).map { ($0, try vault.relationship($0.relationship).company.domain) }
        let today = context.now.day
        try context.console.show(
            Answer(list: lines.map { NoteReport.json($0.0, $0.1, on: today) }) { style in
                var table = Table("id", "company", "on", "kind", "owed", "state", "what")
                for (note, company) in lines {
                    table.add(
                        note.id.short, company.description, note.on.description, note.kind.rawValue, NoteReport.owed(note),
                        note.state(on: today).rawValue, NoteReport.firstLine(note))
                }
                return table.isEmpty ? "" : table.rendered(style)
            })
    }
}

struct SettleNote: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "done", abstract: "Say what came of it: kept, or with --broken not.",
        discussion: """
            Examples:
              vrm note done 9f3a1c0e
              vrm note done 9f3a1c0e --broken --on 2027-04-02
              vrm note done 4d20e1aa - < what-it-brought.txt

            Of a promise: it was kept. Of an idea: they acted on it. Of a referral: something came of it.
            """)

    @Argument(help: "Its id, or the start of it.") var id: String
    @Argument(help: "- to type what came of it, or pipe it in.") var text: String?
    @Option(help: "When (YYYY-MM-DD); today unless given.") var on: String?
    @Flag(help: "It was not kept.") var broken = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let day = try on.map { try context.day($0, "--on") } ?? context.now.day
        guard day <= context.now.day else {
            throw Message("\(day) is yet to come", hint: "--on \(context.now.day)", status: .usage)
        }
        let text = try self.text.map { try context.console.value($0, asked: "What came of it", cap: DataVersion.longestValue) }
        let (note, company) = try context.change("note done") { vault, change in
            let note = try vault.note(id)
            guard day >= note.on else {
                throw Message("it was noted for \(note.on), not before", hint: "--on YYYY-MM-DD", status: .usage)
            }
            let settled = try change.settle(note, Note.Outcome(isKept: !broken, on: day, text: text))
            return (settled, try vault.relationship(note.relationship).company.domain)
        }
        try context.console.show(
            Answer(NoteReport.json(note, company, on: context.now.day)) { _ in
                "\(note.kind.rawValue) of \(company): \(broken ? "not kept" : note.isKeptLate ? "kept late" : "kept"), \(day)"
            })
    }
}

struct RemoveNote: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a note out.", discussion: "Example:\n  vrm note remove 9f3a1c0e")

    @Argument(help: "Its id, or the start of it.") var id: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let (note, company) = try context.change("note remove") { vault, change in
            let note = try vault.note(id)
            try context.console.confirm("Remove this note?")
            try change.remove(note)
            return (note, try vault.relationship(note.relationship).company.domain)
        }
        try context.console.show(
            Answer(NoteReport.json(note, company, on: context.now.day)) { _ in
                context.isRehearsal ? "would remove a note about \(company)" : "removed a note about \(company)"
            })
    }
}
