import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct MessageGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Tell a company something, and keep what it answers.",
        subcommands: [NewMessage.self, ImportMessage.self, ListMessages.self, ShowMessage.self])
}

struct NewMessage: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a signed message to a company.",
        discussion: """
            Examples:
              vrm message new shop.example - --kind complaint --out complaint.json < complaint.txt
              vrm message new shop.example - --answer 4d20e1aa --out reply.json
              vrm message new shop.example - --kind question --answer-by 2027-04-01 --out question.json --edit

            Kinds: \(MessageKind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Argument(help: "The company.", completion: .companies) var company: String
    @Argument(help: "- to type the text or pipe it in.") var text: String
    @Option(help: "What it is about.") var kind: String?
    @Option(help: "The id of their message that this answers.") var answer: String?
    @Option(help: "The day you would like an answer by (YYYY-MM-DD).") var answerBy: String?
    @Flag(help: "Write it in your editor.") var edit = false
    @OptionGroup var making: MakingOptions
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        guard let kind = MessageKind(rawValue: kind ?? (answer == nil ? "" : MessageKind.reply.rawValue)),
            (kind != .reply) || answer != nil
        else {
            throw Message(
                "what kind of message is not said", hint: "--kind complaint, idea, question or contact_preference", status: .usage
            )
        }
        let wantedBy = try answerBy.map { try context.day($0, "--answer-by") }
        let files = try making.files(context)
        let text = try context.console.value(self.text, asked: "Message", cap: Limits.textBytes, isEdited: edit)
        let (message, domain) = try context.change("message new", files: files) {
            (vault, change) throws -> (Correspondence, Domain) in
            let relationship = try vault.company(company)
            let answered = try answer.map { try vault.message($0) }
            if let answered, answered.relationship != relationship.id { throw VaultFailure.unknownRecord }
            let (message, signed) = try change.write(kind, text, to: relationship, answering: answered, wantedBy: wantedBy)
            context.console.note(
                "To \(printable(relationship.company.name)), as \(relationship.company.origin), \(kind.label):\n"
                    + text.revealed.split(separator: "\n", omittingEmptySubsequences: false).map { "  \(printable(String($0)))" }
                    .joined(separator: "\n") + "\n  \(Sealing.words(signed))")
            try context.console.confirm("Make this message?")
            try files.stage(signed.file, as: making.out)
            try making.markSent(.message(message), change, context)
            return (message, relationship.company.domain)
        }
        var json = MessageReport.json(message, domain)
        json["state"] = .string(making.state(context))
        json["file"] = .string(making.out)
        try making.show(
            context, files, Answer(.object(json)) { _ in making.said("a message to \(domain)", message.id, context) })
    }
}

struct ImportMessage: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a company's signed message.",
        discussion: "Example:\n  vrm message import answer.json\n\nIts key must be trusted first: vrm company trust DOMAIN FILE.")

    @Argument(help: "The file, or - for stdin.") var file: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let bytes = try context.console.bundle(file: file)
        let unverified: Unverified
        do throws(Rejection) { unverified = try Unverified(parsing: bytes) } catch { throw error.message }
        let (message, domain, text) = try context.change("message import") { vault, change in
            let (relationship, recollection, policy) = try vault.expectation(ofMessage: unverified, at: context.now)
            let bundle: VerifiedBundle
            do throws(Rejection) {
                bundle = try Verifier(policy).verify(unverified, recalling: recollection, at: context.now)
            } catch {
                throw error.message
            }
            let message = try change.note(message: bundle, from: relationship)
            return (message, relationship.company.domain, try vault.text(of: message))
        }
        try context.console.show(
            Answer(.object(MessageReport.json(message, domain))) { _ in
                "\(domain) sent \(message.kind.label)  \(message.id.short)\n\n" + printable(text.revealed, keepingLines: true)
            })
    }
}

struct ListMessages: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List messages, each with its answers below it.",
        discussion: "Examples:\n  vrm message list\n  vrm message list shop.example")

    @Argument(help: "Only with this company.", completion: .companies) var company: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let relationship = try company.map { try vault.company($0) }
        let lines = try vault.messages(with: relationship).map { line in
            (line.message, line.depth, try vault.relationship(line.message.relationship).company.domain)
        }
        try context.console.show(
            Answer(list: lines.map { .object(MessageReport.json($0.0, $0.2)) }) { style in
                var table = Table(["id", "company"] + MessageReport.columns)
                for (message, depth, domain) in lines {
                    table.add([message.id.short, domain.description] + MessageReport.cells(message, depth))
                }
                return table.isEmpty ? "" : table.rendered(style)
            })
    }
}

struct ShowMessage: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Read one message.", discussion: "Example:\n  vrm message show 9f3a1c0e")

    @Argument(help: "Its id, or the start of it.") var id: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let message = try vault.message(id)
        let domain = try vault.relationship(message.relationship).company.domain
        let text = try vault.text(of: message).revealed
        var json = MessageReport.json(message, domain)
        json["text"] = .string(text)
        try context.console.show(
            Answer(.object(json)) { style in
                style.strong("\(message.kind.label), \(message.isReceived ? "from" : "to") \(domain), \(message.at.day)") + "\n\n"
                    + printable(text, keepingLines: true)
            })
    }
}
