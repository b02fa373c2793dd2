import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct DiffReply: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compare a company's answer to an access request with your ledger.",
        discussion: """
            Examples:
              vrm request diff 9f3a1c0e takeout
              vrm request diff 9f3a1c0e data.json --mapping fields.json
              vrm request diff 9f3a1c0e data.csv --record --yes
              vrm request diff 9f3a1c0e takeout --request rectification --request access --out letters

            PATH is a JSON file, a table (CSV, with commas, semicolons or tabs), or a folder of them; other files and links in a
            folder are left out and counted. What each field means is guessed by its name or by your own values in it, shown, asked,
            and kept for this company. A mapping file says it for you:
            {"profile.mail": "email", "shared[].name": "@recipient", "rowId": "@ignore"}; @source is where they have data from.

            Everything streams by: 1 GiB in all, 10,000 different fields, 64 levels, 1 MiB a text; more is refused. Values stay hidden
            unless --show-values says so. --record notes what they turn out to have as held by them.

            --request makes a request of what was found, previewed and asked for one by one, under the law and in the language of
            the request that was answered: rectification of values that are old or not yours; erasure of everything they have,
            naming the fields you did not know of; access anew, naming the recipients, sources and gaps. Made is not sent.
            """)

    @Argument(help: "The access request, by its id or the start of it.") var id: String
    @Argument(help: "Their answer: a file or a folder.", completion: .file()) var path: String
    @Option(help: "A JSON file that says which field is which item.") var mapping: String?
    @Flag(help: "Note what they have, and your ledger does not know of, as held by them.") var record = false
    @Flag(help: "Show the values found.") var showValues = false
    @Option(name: .customLong("request"), help: "Make a request of it: rectification, erasure or access. Repeatable.")
    var requests: [String] = []
    @Option(help: "The folder for the files, letters and mails of --request.") var out: String?
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let kinds = try wantedRequests(context)
        let vault = try context.openVault(.changing)
        let request = try vault.request(id)
        guard request.kind == .access || request.kind == .portability else {
            throw Message("only an access or portability request is answered with data", hint: "vrm request list", status: .usage)
        }
        let relationship = try vault.relationship(request.relationship)
        let given = try mapping.map { try MappingFile.read($0, vault, context.console) } ?? [:]

        var survey = ReplySurvey(known: try vault.knownValues(of: relationship))
        let (progress, digest) = (Progress(path, context.console), ReplyDigest())
        try AccessReply.read(path, into: &survey) { file, bytes in
            digest.take(file, bytes)
            progress.update(digest.bytes)
        }
        progress.end()

        let kept = try vault.mapping(for: relationship)
        var uses = kept.merging(given) { $1 }
        let guesses = FieldGuess.all(in: survey, beside: uses)
        if !guesses.isEmpty {
            context.console.note(DiffReport.proposal(guesses, context.console.err))
            try context.console.confirm("Are these fields what is guessed?")
            for guess in guesses.prefix(FieldMapping.mostFields - min(uses.count, FieldMapping.mostFields)) {
                uses[guess.field] = guess.use
            }
        }
        let (held, owned) = try vault.itemsToCompare(with: relationship)
        let findings = survey.findings(under: uses, against: ReplyExpectation(held: held, kept: owned))
        var report = DiffReport(request: request, company: relationship.company, survey: survey, uses: uses, findings: findings)
        report.showsValues = showValues
        let making = FindingRequests(
            answered: request, relationship: relationship, findings: findings, vault: vault, context: context)
        try making.check(kinds)
        try context.change("request diff", of: vault) { _, change in
            try change.keep(mapping: uses, for: relationship)
            try change.compared(request, digest.value, findings: report.counts)
            if record { report.recorded = try note(findings, relationship, change) }
            let shown = survey.items(under: uses).subtracting(request.identifiedBy.map(\.name))
            if !shown.isEmpty {
                report.alarms = try change.contradict(relationship, by: .reply, on: context.now.day, evidence: digest.value)
            }
        }
        report.isRehearsal = context.isRehearsal
        if kinds.contains(.rectification) { report.withoutValue = try making.withoutValue }
        for kind in kinds {
            guard let out, let made = try making.make(kind, in: out, force: force) else {
                report.unmade.append(kind)
                continue
            }
            report.requests.append(
                (RequestReport.json(made.request, relationship.company, at: context.now, files: made.files), made))
        }
        try context.console.show(report.answer)
    }

    /// Which requests are to be made; nothing is compared for requests that nobody can agree to.
    private func wantedRequests(_ context: Context) throws -> [RequestKind] {
        let words = FindingRequests.kinds.map(\.rawValue).joined(separator: ", ")
        var kinds: [RequestKind] = []
        for word in requests {
            guard let kind = RequestKind(rawValue: word), FindingRequests.kinds.contains(kind) else {
                throw Message("no such request comes of an answer", hint: "--request \(words)", status: .usage)
            }
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        guard kinds.isEmpty == (out == nil) else {
            throw kinds.isEmpty
                ? Message("--out is for the letters of --request", hint: "--request rectification", status: .usage)
                : Message("a folder for the letters is needed", hint: "--out letters", status: .usage)
        }
        guard kinds.isEmpty || context.console.isAgreed || context.isRehearsal || context.console.mayAsk else {
            throw Message("a confirmation is needed", hint: "add --yes, or --dry-run to see the letters", status: .cancelled)
        }
        if let out { try OutputFiles(force: force, rehearse: context.isRehearsal).makeFolder(out) }
        return kinds
    }

    private func note(
        _ findings: [ReplyFinding], _ relationship: Relationship, _ change: Change
    ) throws -> [DataItemName] {
        var noted: [DataItemName] = []
        for finding in findings {
            guard let item = finding.item else { continue }
            let isHeld: Bool =
                switch finding.kind {
                case .unrecorded, .oldValue, .wrongValue: true
                case .unknownField, .recipient, .source, .notDisclosed: false
                }
            guard isHeld else { continue }
            let value = finding.kind == .wrongValue ? finding.onlyValue : nil
            guard finding.kind != .wrongValue || value != nil else { continue }
            if try change.holdByReply(item, version: finding.version, value: value, by: relationship) != nil {
                noted.append(item)
            }
        }
        return noted
    }
}

/// The person's own words on what fields mean.
enum MappingFile {
    private static let longest = 1 << 20

    /// - Throws: A ``Message`` when it is no such file, or names an item nobody knows.
    static func read(_ path: String, _ vault: Vault, _ console: Console) throws -> [String: FieldUse] {
        func wrong(_ fact: String) -> Message {
            Message(fact, hint: #"it looks like {"profile.mail": "email", "rowId": "@ignore"}"#, status: .malformed)
        }
        let bytes = try console.read(file: path, cap: longest)
        let object: JSONObject?
        do throws(JSONFailure) {
            object = try JSONParser.parse(bytes).object
        } catch {
            throw wrong("the mapping is not strict JSON, at byte \(error.offset)")
        }
        guard let object else { throw wrong("the mapping is no JSON object") }
        guard object.members.count <= FieldMapping.mostFields else {
            throw wrong("the mapping has more than \(FieldMapping.mostFields) fields")
        }
        var uses: [String: FieldUse] = [:]
        for member in object.members {
            guard let text = member.value.string, let use = FieldUse(text) else {
                throw wrong("the mapping of \(printable(member.name)) is no item name")
            }
            if case .item(let name) = use, try !vault.knows(item: name) {
                throw Message(
                    "the mapping names an item nobody knows: \(name)",
                    hint: "vrm data catalogue, or first: vrm data set \(name) -",
                    status: .malformed)
            }
            uses[member.name] = use
        }
        return uses
    }
}

/// SHA-256 of a reply: of the one file; of a folder, of the lines `sha256sum` writes for its files in their order.
final class ReplyDigest {
    private(set) var bytes: Int64 = 0
    private var running = SHA256.Running()
    private var file: String?
    private var lines: [String] = []

    func take(_ file: String, _ more: [UInt8]) {
        if let open = self.file, open != file { close(open) }
        self.file = file
        bytes += Int64(more.count)
        running.add(more)
    }

    private var sum: [UInt8] {
        let whole = running
        return whole.digest()
    }

    private func close(_ file: String) {
        lines.append("\(sum.hex)  \(file)\n")
        running = SHA256.Running()
        self.file = nil
    }

    var value: [UInt8] {
        if lines.isEmpty { return sum }
        if let file { close(file) }
        return SHA256.digest(Array(lines.joined().utf8))
    }
}
