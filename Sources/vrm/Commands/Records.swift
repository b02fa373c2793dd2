import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct Find: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Find a text anywhere in the vault.", discussion: "Example:\n  vrm find hafen")

    @Argument(help: "What to look for; - reads it from stdin.") var text: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let text = text == "-" ? try context.console.value(text, asked: "Look for", cap: 1024).revealed : text
        let hits = try context.openVault(.reading).find(text)
        try context.console.show(
            Answer(
                list: hits.map {
                    .members(
                        ("kind", .string($0.kind)), ("id", .string($0.id.description)),
                        ("company", JSONValue($0.company?.description)),
                        ("field", .string($0.field)), ("label", .string($0.label)))
                }
            ) { style in
                guard !hits.isEmpty else { return "" }
                var table = Table("kind", "which", "company", "in")
                for hit in hits { table.add(hit.kind, hit.label, hit.company?.description ?? "–", hit.field) }
                return table.rendered(style)
            })
    }
}

struct Show: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Write something you made again, the same bytes.",
        discussion: """
            Examples:
              vrm show 9f3a1c0e --out grant.json
              vrm show 4d20e1aa --part mail --out again.eml
            """)

    @Argument(help: "The id of what you made: an offer, a grant, a request, a letter, evidence, an intent; or the start of it.")
    var id: String
    @Option(help: "Where it goes, or -.") var out: String
    @Option(help: "bundle; of a request or a letter about it also letter or mail.") var part = "bundle"
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        let vault = try context.openVault(.reading)
        if let evidence = try vault.madeEvidence(id) {
            guard part == "bundle" else { throw Message("no such part", hint: "--part bundle", status: .usage) }
            try files.stage(vault.file(ofBundle: evidence).bytes, as: out)
            try files.publish()
            return try context.console.show(
                Answer(.members(("id", .string(evidence.description)), ("file", .string(out)), ("removed_values", 0))) { _ in
                    "wrote \(printable(out))"
                }, beside: files.usesStandardOutput)
        }
        if let intent = try vault.madeIntent(id) {
            guard part == "bundle" else { throw Message("no such part", hint: "--part bundle", status: .usage) }
            try files.stage(vault.current(intent).signed.file, as: out)
            try files.publish()
            return try context.console.show(
                Answer(.members(("id", .string(intent.id.description)), ("file", .string(out)), ("removed_values", 0))) { _ in
                    "wrote \(printable(out))"
                }, beside: files.usesStandardOutput)
        }
        let outgoing = try vault.outgoing(id)
        let (bundle, missing) = try vault.file(ofBundle: outgoing.bundle)
        switch (part, outgoing.letter) {
        case ("bundle", _): try files.stage(bundle, as: out)
        case ("letter", _), ("mail", _):
            guard let kept = outgoing.letter else {
                throw Message("no letter is kept of it", hint: "--part bundle", status: .notFound)
            }
            let draft = try vault.letter(kept)
            if part == "letter" {
                try files.stage(Array(LetterFile.wrapped(try RequestComposer.text(of: draft, vault)).utf8), as: out)
            } else {
                guard let mail = try RequestComposer.mail(of: draft, bundle: bundle, vault) else {
                    throw Message("this was not made as a mail", hint: "--part letter", status: .notFound)
                }
                try files.stage(mail, as: out)
            }
        default: throw Message("no such part", hint: "--part bundle", status: .usage)
        }
        if missing > 0 { context.console.note("vrm: removed since: \(counted(missing, "value")); the signature still holds") }
        try files.publish()
        try context.console.show(
            Answer(
                .members(("id", .string(outgoing.id.description)), ("file", .string(out)), ("removed_values", .integer(missing)))
            ) { _ in
                "wrote \(printable(out))"
            }, beside: files.usesStandardOutput)
    }
}

struct Sent: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "sent", abstract: "Say that something you made has left.",
        discussion: """
            Examples:
              vrm sent 9f3a1c0e
              vrm sent 9f3a1c0e --on 2027-03-01

            Of a request this is the same as vrm request record ID --event sent. A reminder or complaint has an id of its own;
            saying that it left moves its request on to reminded or complained. Of an intent it says that you handed its file over.
            """)

    @Argument(help: "Its id, or the start of it.") var id: String
    @Option(help: "When (YYYY-MM-DD); today unless given.") var on: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let day = try on.map { try context.day($0, "--on") } ?? context.now.day
        guard day <= context.now.day else {
            throw Message("\(day) is yet to come", hint: "--on \(context.now.day)", status: .usage)
        }
        let (made, company) = try context.change("sent") { vault, change -> (RecordID, Domain?) in
            if let intent = try vault.madeIntent(id) {
                _ = try change.handOver(intent, on: day)
                return (intent.id, nil)
            }
            let outgoing = try vault.outgoing(id)
            try change.markSent(outgoing, on: day)
            return (outgoing.id, try vault.relationship(outgoing.relationship).company.domain)
        }
        try context.console.show(
            Answer(
                .members(
                    ("id", .string(made.description)), ("company", JSONValue(company?.description)), ("state", "sent"),
                    ("sent", .string(day.description)))
            ) { _ in company.map { "sent to \($0) on \(day)" } ?? "handed over on \(day)" })
    }
}
