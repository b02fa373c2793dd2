import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMModel
import VRMTerminal

struct Accept: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Answer proffered terms with a signature.",
        discussion: """
            Examples:
              vrm-vendor accept terms.json --keys keys --decision accepted --out answer.json
              vrm-vendor accept terms.json --keys keys --decision counter --counter-terms ours.txt --out answer.json

            The terms are verified first. Without their text in the bundle or in --terms-text nothing is signed:
            nobody can agree to a digest.
            """)

    @Argument(help: "The terms bundle, or - for stdin.") var file: String
    @Option(help: "The folder of vrm-vendor keys new.") var keys: String
    @Option(help: "accepted, rejected or counter.") var decision: String
    @Option(help: "The text proposed instead, for a counter.") var counterTerms: String?
    @Option(help: "The language of the counter's text.") var lang = "en"
    @Option(help: "The text of the terms, when it travels beside the bundle.") var termsText: String?
    @Option(help: "Where the answer goes, or -.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        guard let decision = OfferedTerms.Decision(rawValue: decision) else {
            throw Message("no such decision", hint: "--decision accepted, rejected or counter", status: .usage)
        }
        guard (decision == .counter) == (counterTerms != nil) else {
            throw Message(
                "a counter needs its text, and only a counter", hint: "--decision counter --counter-terms FILE", status: .usage)
        }
        let files = OutputFiles(force: force)
        try files.check(out)
        let folder = try KeyFolder(keys, console)
        var policy = Policy(audience: folder.origin.description, types: [.terms])
        policy.termsText = try termsText.map { try console.read(file: $0, cap: 64 * 1024) }
        let bundle = try console.verified(file, policy, opening: folder.openingKeys)
        guard case .terms(let offered) = bundle.payload else { throw Message("not terms", status: .refused) }
        guard offered.terms.text != nil || policy.termsText != nil else {
            throw Message(
                "refused by rule B-18, terms text: the text is not in the bundle", hint: "add --terms-text FILE",
                status: .refused,
                rule: "B-18")
        }
        let counter = try counterTerms.map { path in
            let text = try console.read(file: path, cap: 64 * 1024)
            guard let string = String(validating: text, as: UTF8.self), !text.isEmpty else {
                throw Message("the counter's text is empty or not UTF-8", status: .malformed)
            }
            return TermsText(id: nil, uri: nil, sha256: SHA256.digest(text), lang: lang, text: string)
        }
        let terms = TermsText(
            id: offered.terms.id, uri: offered.terms.uri, sha256: offered.terms.sha256, lang: offered.terms.lang, text: nil)
        let signed = try folder.issuer(at: console.now).sign(
            acceptance: AcceptancePayload(decision: decision, ref: bundle.reference, terms: terms, counter: counter),
            to: bundle.common.iss)
        try files.stage(signed.flattened, as: out)
        try files.publish()
        try console.show(
            Answer(
                .members(
                    ("decision", .string(decision.rawValue)), ("person", .string(bundle.common.iss)),
                    ("key", .string(bundle.standing.rawValue)), ("file", .string(out)))
            ) { _ in "signed: \(decision.rawValue)\nsend \(printable(out)) back to the person" }, beside: files.usesStandardOutput
        )
    }
}

extension Console {
    /// A bundle that keeps every rule, judged now, with nothing remembered.
    func verified(_ file: String, _ policy: Policy, opening keys: [OpeningKey]) throws -> VerifiedBundle {
        let bytes = try bundle(file: file)
        do throws(Rejection) {
            return try Verifier(policy).verify(try Unverified(parsing: bytes, opening: keys), recalling: Recollection(), at: now)
        } catch {
            throw error.message
        }
    }
}
