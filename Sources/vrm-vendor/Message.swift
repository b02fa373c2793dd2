import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal

struct MakeMessage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Answer a person's message, or write to one, with a signature.",
        discussion: """
            Examples:
              vrm-vendor message question.json --keys keys --text answer.txt --out answer.json
              vrm-vendor message --to urn:ietf:params:oauth:jwk-thumbprint:sha-256:... --kind question --keys keys --text - --out q.json

            Kinds: \(MessageKind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Argument(help: "The message it answers, or - for stdin.") var file: String?
    @Option(help: "The person to write to, when nothing is answered: the iss of what they sent.") var to: String?
    @Option(help: "The folder of vrm-vendor keys new.") var keys: String
    @Option(help: "What it is about; reply for an answer.") var kind: String?
    @Option(help: "A file with the text, or -.") var text: String
    @Option(help: "The day an answer is hoped for (YYYY-MM-DD).") var answerBy: String?
    @Option(help: "Where it goes, or -.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        func usage(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .usage) }
        guard (file == nil) != (to == nil) else {
            throw usage(
                "either a message to answer or --to", "vrm-vendor message question.json --keys DIR --text FILE --out FILE")
        }
        guard let kind = MessageKind(rawValue: kind ?? (file == nil ? "" : MessageKind.reply.rawValue)),
            (kind != .reply) || file != nil
        else { throw usage("what kind of message is not said", "--kind question") }
        let wantedBy = try answerBy.map {
            guard let day = Day($0) else { throw usage("--answer-by is no date", "--answer-by 2027-04-16") }
            return day
        }
        let files = OutputFiles(force: force)
        try files.check(out)
        let folder = try KeyFolder(keys, console)
        var bytes = try console.read(file: text, cap: Limits.textBytes + 1)
        if bytes.last == 10 { bytes.removeLast() }
        guard let words = String(validating: bytes, as: UTF8.self), !words.isEmpty, bytes.count <= Limits.textBytes else {
            throw Message("the text is empty, not UTF-8, or longer than \(Limits.textBytes) bytes", status: .malformed)
        }
        var (person, answered) = (to ?? "", BundleReference?.none)
        if let file {
            let bundle = try console.verified(
                file, Policy(audience: folder.origin.description, types: [.message], ignoresExpiry: true),
                opening: folder.openingKeys)
            (person, answered) = (bundle.common.iss, bundle.reference)
        }
        guard PairwiseIssuer.isName(person) else {
            throw usage("not a person's name", "take the iss of what they sent, from: vrm-vendor inspect FILE")
        }
        let payload = MessagePayload(kind: kind, text: words, inReplyTo: answered, answerWantedBy: wantedBy)
        let signed = try folder.issuer(at: console.now).sign(message: payload, to: person)
        try files.stage(signed.flattened, as: out)
        try files.publish()
        let receiver = person
        try console.show(
            Answer(.members(("kind", .string(kind.rawValue)), ("person", .string(receiver)), ("file", .string(out)))) { _ in
                "signed: \(kind.label)\nsend \(printable(out)) to the person"
            }, beside: files.usesStandardOutput)
    }
}

struct BindAccount: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind", abstract: "Record that a person's key belongs to a known account.",
        discussion: """
            Example:
              vrm-vendor bind urn:ietf:params:oauth:jwk-thumbprint:sha-256:... --store seen

            Only after the key was confirmed over a channel already on file: a mail to the address on record, a code in the
            customer's account. Verdicts then say binding: account, also after the person took a new key.
            """)

    @Argument(help: "The iss of what they sent.") var person: String
    @Option(help: "The folder that remembers.") var store: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        guard PairwiseIssuer.isName(person) else {
            throw Message(
                "not a person's name", hint: "take the iss of what they sent, from: vrm-vendor verify FILE", status: .usage)
        }
        var memory = Memory(try CompanyStore(store))
        try memory.bind(person)
        try console.show(
            Answer(.members(("issuer", .string(person)), ("binding", "account"))) { _ in "recorded: the key belongs to an account"
            })
    }
}
