public import ArgumentParser
public import VRMBundle
import VRMModel

/// Options every command of both programs has.
public struct OutputOptions: ParsableArguments {
    @Flag(help: "Answer in JSON; errors too.") public var json = false

    public init() {}
}

/// `verify`: whether a bundle keeps every rule. The same in both programs.
public struct Verify: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a signed bundle and say what that proves.",
        discussion: """
            Examples:
              vrm-vendor verify grant.json --audience https://shop.example
              vrm-vendor verify request.jwe --audience https://shop.example --keys keys --store seen
              vrm-vendor verify shown.json --audience https://shop.example --nonce 7Fh2mQ0aXwz5Jt1cE9sKbg
              vrm-vendor verify --batch grants.ndjson --audience https://shop.example --json
              vrm-vendor verify letter.eml --audience https://shop.example

            Exit: 0 it keeps every rule, 3 it is refused, 65 it is no bundle at all.
            Without --store the answer lists what could not be checked: replay, revocation, key continuity.
            """)

    @Argument(help: "The bundle: a file, a mail with one attached, or - for stdin.") var file: String
    @OptionGroup var setting: VerifyOptions
    @Flag(help: "The file holds one bundle a line; one answer a line, in the same order.") var batch = false
    @OptionGroup var output: OutputOptions

    public init() {}

    public func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        try setting.run(file, isBatch: batch, console, trusting: [])
    }
}

/// What to judge a bundle by.
public struct VerifyOptions: ParsableArguments {
    @Option(help: "Who it must be for: your origin, https://HOST.") public var audience: String?
    @Option(help: "A JWK, JWKS or jwt-vc-issuer file that pins the issuer's key. Repeatable.") var key: [String] = []
    @Option(help: "A bundle that this one refers to. Repeatable.") var reference: [String] = []
    @Option(help: "The text of terms that travels beside the bundle.") var termsText: String?
    @Option(help: "A revocation to take into account. Repeatable.") var revocation: [String] = []
    @Option(help: .hidden) var statusList: [String] = []
    @Option(help: "A folder that remembers keys, revocations and seen ids.") var store: String?
    @Option(help: "The nonce an intent must be shown under.") var nonce: String?
    @Option(help: "The folder of vrm-vendor keys new, to open sealed bundles.") var keys: String?
    @Option(help: "Judge by this time instead of now (RFC 3339).") var at: String?

    public init() {}

    /// Verifies a bundle or a batch of them, says so, and throws when one is refused.
    ///
    /// - Parameter documents: Keys trusted already.
    public func run(_ file: String, isBatch: Bool, _ console: Console, trusting documents: [KeyDocument]) throws {
        do {
            var judge = try judge(console, trusting: documents, isBatch: isBatch)
            if isBatch {
                var batch = BatchVerification(judge, console)
                try batch.run(file)
            } else {
                try console.show(Verdict.report(try judge.settle(console.bundle(file: file))))
            }
        } catch let rejection as Rejection {
            if console.isJSON { try console.show(Verdict.report(rejection)) }
            throw rejection.message
        }
    }

    private func judge(_ console: Console, trusting documents: [KeyDocument], isBatch: Bool) throws -> Judge {
        guard statusList.isEmpty else {
            throw Message("this profile has no status lists: revocations are pushed", hint: "--revocation FILE", status: .usage)
        }
        var now = console.now
        if let at {
            guard let time = Instant(at) else {
                throw Message("the time is not RFC 3339", hint: "--at 2027-03-01T12:00:00Z", status: .usage)
            }
            now = time
        }
        var judge = Judge(Policy(audience: audience, nonce: nonce, remembers: store != nil), at: now)
        judge.documents =
            try documents + key.map { try KeyDocument(parsing: console.read(file: $0, cap: Limits.keyDocumentBytes)) }
        judge.openingKeys = try keys.map { try KeyFolder($0, console).openingKeys } ?? []
        judge.policy.termsText = try termsText.map { try console.read(file: $0, cap: Limits.textBytes) }
        judge.policy.references = try reference.map { try judge.aside(console.bundle(file: $0)) }
        for path in revocation {
            let revoking = try judge.aside(console.bundle(file: path))
            try judge.given.remember(revoking)
        }
        judge.memory = try store.map { Memory(try CompanyStore($0, isDurable: !isBatch)) }
        return judge
    }
}
