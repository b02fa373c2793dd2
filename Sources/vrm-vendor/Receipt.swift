import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal

struct MakeReceipt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Answer a rights request or a revocation with a signature.",
        discussion: """
            Examples:
              vrm-vendor receipt request.json --keys keys --outcome in_progress --expected-by 2027-04-16 --out receipt.json
              vrm-vendor receipt request.json --keys keys --outcome fulfilled --completed-at 2027-04-02T09:00:00Z \\
                --retained "invoices=eu-gdpr:A6-1-c" --out receipt.json

            Reasons: \(ReceiptPayload.Reason.allCases.map(\.rawValue).joined(separator: ", ")).
            A first contact proves a pseudonym, not an account: answer need_user_verification until the key is bound to a
            customer over a channel on file.
            """)

    @Argument(help: "The request or revocation, or - for stdin.") var file: String
    @Option(help: "The folder of vrm-vendor keys new.") var keys: String
    @Option(help: "open, in_progress, fulfilled, denied or expired.") var outcome: String
    @Option(help: "Why, when it is denied or waits for the person.") var reason: String?
    @Option(help: "When it arrived (RFC 3339); now unless given.") var receivedAt: String?
    @Option(help: "The day an answer is expected by.") var expectedBy: String?
    @Option(help: "When it was done (RFC 3339).") var completedAt: String?
    @Option(help: "WHAT=BASIS of what is kept, and why. Repeatable.") var retained: [String] = []
    @Option(help: "Where the receipt goes, or -.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        let draft = try draft(console)
        let files = OutputFiles(force: force)
        try files.check(out)
        let folder = try KeyFolder(keys, console)
        let bundle = try console.verified(
            file, Policy(audience: folder.origin.description, types: [.request, .revocation], ignoresExpiry: true),
            opening: folder.openingKeys)
        let receipt = ReceiptPayload(
            ref: bundle.reference, seq: Console.milliseconds(), outcome: draft.outcome, reason: draft.reason,
            receivedAt: draft.receivedAt, expectedBy: draft.expectedBy, completedAt: draft.completedAt, retained: draft.retained)
        let signed = try folder.issuer(at: console.now).sign(receipt: receipt, to: bundle.common.iss)
        try files.stage(signed.flattened, as: out)
        try files.publish()
        try console.show(
            Answer(
                .members(
                    ("outcome", .string(receipt.outcome.rawValue)), ("person", .string(bundle.common.iss)),
                    ("key", .string(bundle.standing.rawValue)), ("file", .string(out)))
            ) { _ in "signed: \(receipt.outcome.rawValue)\nsend \(printable(out)) back to the person" },
            beside: files.usesStandardOutput)
    }

    private struct Draft {
        let outcome: ReceiptPayload.Outcome
        let reason: ReceiptPayload.Reason?
        let receivedAt: Instant
        let expectedBy: Day?
        let completedAt: Instant?
        let retained: [ReceiptPayload.Retained]
    }

    private func draft(_ console: Console) throws -> Draft {
        func usage(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .usage) }
        guard let outcome = ReceiptPayload.Outcome(rawValue: outcome) else {
            throw usage("no such outcome", "--outcome open, in_progress, fulfilled, denied or expired")
        }
        let reason = try reason.map {
            guard let reason = ReceiptPayload.Reason(rawValue: $0) else {
                throw usage("no such reason", "vrm-vendor receipt --help")
            }
            return reason
        }
        guard outcome != .denied || reason != nil else { throw usage("a denial needs its reason", "--reason no_match") }
        func time(_ text: String?, _ name: String) throws -> Instant? {
            try text.map {
                guard let time = Instant($0) else { throw usage("\(name) is not RFC 3339", "\(name) 2027-03-01T12:00:00Z") }
                return time
            }
        }
        let expected = try expectedBy.map {
            guard let day = Day($0) else { throw usage("--expected-by is no date", "--expected-by 2027-04-16") }
            return day
        }
        let kept = try retained.map {
            let parts = $0.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw usage("--retained needs WHAT=BASIS", "--retained invoices=eu-gdpr:A6-1-c") }
            return ReceiptPayload.Retained(what: parts[0], basis: parts[1])
        }
        return Draft(
            outcome: outcome, reason: reason, receivedAt: try time(receivedAt, "--received-at") ?? console.now,
            expectedBy: expected, completedAt: try time(completedAt, "--completed-at"), retained: kept)
    }
}
