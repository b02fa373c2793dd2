import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct ExportLedger: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prove one company's part of the ledger to somebody else, and hide the rest.",
        discussion: """
            Examples:
              vrm ledger export --company shop.example --out evidence.json
              vrm ledger export --company shop.example --redact --files beside --out evidence.json
              vrm-vendor verify evidence.json --audience https://shop.example

            Whoever gets it sees, of the lines about the company: when, what, by which command, ids of records, names of items,
            terms and purposes, days, and the digest of the signed file behind it; never a value. With --redact only when, what
            and the digest, which then is your word: the line itself stays hidden, and can be shown later. Of all other lines up to
            the newest: how many there are, and where; their digests tell nothing.

            --files also writes the signed files that the digests name, of either side: with the values that went out, or with
            --redact without them and without messages.

            It proves what the lines say and in which order, as of signing. It does not prove that the ledger was never rebuilt,
            that no hidden line is about the same matter, or when anything happened; a file the company signed does more.
            """)

    @Option(help: "The company.", completion: .companies) var company: String
    @Flag(help: "Tell only when and what, and the digest of the proof.") var redact = false
    @Option(help: "Only from this day on (YYYY-MM-DD).") var since: String?
    @Option(help: "Only through this day (YYYY-MM-DD).") var until: String?
    @Option(help: "Where the signed file goes, or - for stdout.") var out: String
    @Option(help: "A folder for the signed files that the lines name.") var files: String?
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let (since, until) = (try since.map { try context.day($0, "--since") }, try until.map { try context.day($0, "--until") })
        let output = OutputFiles(force: force, rehearse: context.isRehearsal)
        try output.check(out)
        if let files { try output.makeFolder(files) }
        let (id, thread) = try context.change("ledger export", files: output) { vault, change in
            let relationship = try vault.company(company)
            let thread = try vault.thread(of: relationship, since: since, until: until, isRedacted: redact)
            let beside = try files == nil ? [] : vault.files(of: thread)
            context.console.note(EvidenceReport(thread, beside.map(\.sequence)).preview(context.console.err))
            try context.console.confirm("Sign this?")
            let (id, signed) = try change.evidence(thread)
            try output.stage(signed.file, as: out)
            for file in beside {
                let kind = file.type.rawValue.split { ":/+".contains($0) }.filter { !["urn", "bundle", "1", "jwt"].contains($0) }
                let word = kind.joined(separator: "-").replacing("vrm-", with: "")
                try output.stage(file.bytes, as: "\(files ?? ".")/\(relationship.company.domain)-\(file.sequence)-\(word).json")
            }
            return (id, thread)
        }
        let domain = thread.company.company.domain
        let beside = output.published.filter { $0 != out }
        let state = context.isRehearsal ? "rehearsed" : "made"
        try context.console.show(
            Answer(
                .members(
                    ("id", .string(id.description)), ("company", .string(domain.description)), ("file", .string(out)),
                    ("files", .array(beside.map { .string($0) })), ("lines", .integer(thread.lines.count)),
                    ("hidden", .integer(thread.hidden)), ("first", .integer(thread.first)), ("last", .integer(thread.last)),
                    ("redacted", .bool(thread.isRedacted)), ("state", .string(state)))
            ) { _ in
                if context.isRehearsal { return "would sign \(thread.lines.count) lines about \(domain)" }
                return "signed \(thread.lines.count) lines about \(domain), \(thread.hidden) others hidden: \(printable(out))"
                    + beside.map { "\n  \(printable($0))" }.joined()
                    + "\nthey check it with: vrm-vendor verify FILE --audience \(thread.company.company.origin)"
            }, beside: output.usesStandardOutput)
    }
}

/// What leaves with a piece of the ledger.
struct EvidenceReport {
    let thread: LedgerThread
    /// The lines whose signed file goes beside.
    let files: Set<Int64>

    init(_ thread: LedgerThread, _ files: [Int64]) {
        self.thread = thread
        self.files = Set(files)
    }

    func preview(_ style: Style) -> String {
        var table = Table("  #", "when", "what", "detail", "file")
        for line in thread.lines {
            guard let entry = line.entry else { continue }
            table.add(
                "  \(line.sequence)", "\(line.at)", entry.event.rawValue,
                thread.isRedacted ? "hidden" : entry.detail.joined(separator: " "), files.contains(line.sequence) ? "beside" : "–"
            )
        }
        let company = thread.company.company
        let told =
            thread.isRedacted
            ? "when, what, and the digest of the proof; the rest of each line stays hidden"
            : "these lines whole, with command, ids of records and the digest of the proof"
        return """
            For whoever you give it to, under the key \(printable(company.name)) knows, not sealed:
            \(table.rendered(style))
            shows        \(told)
            hides        \(thread.hidden) other lines from \(thread.first) to \(thread.last); that they are there shows
            proves       what the lines say and their order, as of now
            not proved   that the ledger was never rebuilt, that nothing more is hidden, when it happened
            """
    }
}
