import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct ReceiptGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Your records of what you permitted, and what companies signed about your requests.",
        subcommands: [ListReceipts.self, ShowReceipt.self, ExportReceipts.self])
}

/// The person's own records, put together from what the vault keeps, each time anew.
enum ProcessingRecords {
    /// All of them, the oldest first.
    static func all(_ vault: Vault, at now: Instant) throws -> [(record: ProcessingRecord, company: Domain)] {
        var records: [(record: ProcessingRecord, company: Domain)] = []
        func add(_ subject: ProcessingRecord.Subject, _ relationship: RecordID, _ offer: RecordID, _ bundle: RecordID) throws {
            let company = try vault.relationship(relationship).company
            let record = ProcessingRecord(
                subject, under: try vault.offer(offer), with: company, principal: try vault.issuer(ofBundle: bundle), at: now)
            records.append((record, company.domain))
        }
        let grants = try vault.grants()
        for grant in grants { try add(.grant(grant), grant.relationship, grant.offer, grant.bundle) }
        for revocation in try vault.revocations() {
            guard let grant = grants.first(where: { $0.id == revocation.grant }) else { continue }
            try add(.revocation(revocation, of: grant), grant.relationship, grant.offer, revocation.bundle)
        }
        for offer in try vault.refusedOffers() {
            guard let answer = offer.answer else { continue }
            try add(.refusal(answer), offer.relationship, offer.id, offer.bundle)
        }
        return records.sorted { ($0.record.at, $0.record.id) < ($1.record.at, $1.record.id) }
    }

    /// The record of one grant.
    static func of(_ grant: Grant, _ vault: Vault, at now: Instant) throws -> ProcessingRecord {
        ProcessingRecord(
            .grant(grant), under: try vault.offer(grant.offer), with: try vault.relationship(grant.relationship).company,
            principal: try vault.issuer(ofBundle: grant.bundle), at: now)
    }
}

extension KeptReceipt {
    var json: JSONValue {
        .members(
            ("id", .string(id.description)), ("kind", "company-receipt"),
            ("company", .string(company.company.domain.description)),
            ("on", .string(signed.day.description)), ("outcome", .string(payload.outcome.rawValue)),
            ("reason", JSONValue(payload.reason?.rawValue)), ("about", JSONValue(answers?.description)),
            ("expected_by", JSONValue(payload.expectedBy?.description)),
            ("completed_at", JSONValue(payload.completedAt?.description)),
            ("retained", .array(payload.retained.map { ["what": .string($0.what), "basis": .string($0.basis)] })))
    }
}

struct ListReceipts: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your records and the companies' receipts, the oldest first.",
        discussion: "Example:\n  vrm receipt list")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let records = try ProcessingRecords.all(vault, at: context.now)
        let receipts = try vault.receipts()
        let own = records.map { entry -> JSONValue in
            .members(
                ("id", .string(entry.record.id.description)), ("kind", .string(entry.record.kind)),
                ("company", .string(entry.company.description)), ("on", .string(entry.record.at.day.description)),
                ("outcome", .null), ("about", .null))
        }
        try context.console.show(
            Answer(list: own + receipts.map(\.json)) { style in
                var table = Table("id", "what", "company", "on", "says")
                for (record, company) in records {
                    table.add(record.id.short, record.kind, company.description, "\(record.at.day)", "your own record")
                }
                for receipt in receipts {
                    table.add(
                        receipt.id.short, "receipt", receipt.company.company.domain.description, "\(receipt.signed.day)",
                        "they signed: \(receipt.payload.outcome.rawValue)")
                }
                return table.isEmpty ? "" : table.rendered(style)
            })
    }
}

struct ShowReceipt: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One record of yours, or one receipt of a company.",
        discussion: """
            Example:
              vrm receipt show 9f3a1c0e

            Your own records have the fields of ISO/IEC TS 27560 (schemas/processing-record.schema.json): names of items, no values.
            """)

    @Argument(help: "Its id, or the start of it.") var id: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let wanted = id.lowercased()
        guard wanted.utf8.count >= 4 else { throw VaultFailure.unknownReceipt }
        let records = try ProcessingRecords.all(vault, at: context.now).map(\.record).filter {
            $0.id.description.hasPrefix(wanted)
        }
        let receipts = try vault.receipts().filter { $0.id.description.hasPrefix(wanted) }
        guard records.count + receipts.count <= 1 else { throw VaultFailure.ambiguousRecord }
        guard let json = records.first?.json ?? receipts.first?.json else { throw VaultFailure.unknownReceipt }
        try context.console.show(Answer(json) { _ in Outline.lines(json).joined(separator: "\n") })
    }
}

struct ExportReceipts: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write all your own records into a file, one JSON object a line.",
        discussion: """
            Example:
              vrm receipt export --out records.jsonl

            Names of companies and items, purposes and days; no values. schemas/processing-record.schema.json describes a line.
            """)

    @Option(help: "Where it goes, or - for stdout.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        let records = try ProcessingRecords.all(try context.openVault(.reading), at: context.now)
        context.console.note(
            "To \(printable(out)), \(records.count) records: companies, items by name, purposes, days; no values")
        try context.console.confirm("Write them?")
        try files.stage(Array(records.map { $0.record.json.text + "\n" }.joined().utf8), as: out)
        try files.publish()
        try context.console.show(
            Answer(.members(("file", .string(out)), ("records", .integer(records.count)))) { _ in
                context.isRehearsal
                    ? "would write \(records.count) records" : "wrote \(records.count) records into \(printable(out))"
            }, beside: files.usesStandardOutput)
    }
}

/// JSON as lines a person reads: one member a line, what is inside indented.
enum Outline {
    static func lines(_ value: JSONValue, _ indent: String = "") -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member -> [String] in
                let inner = lines(member.value, indent + "  ")
                let isPlain = inner.count == 1 && member.value.object == nil && member.value.array == nil
                return isPlain
                    ? ["\(indent)\(printable(member.name))  \(inner[0].drop { $0 == " " })"]
                    : ["\(indent)\(printable(member.name))"] + inner
            }
        case .array(let elements): elements.isEmpty ? [indent + "none"] : elements.flatMap { lines($0, indent) }
        case .null: [indent + "–"]
        default: [indent + printable(value.string ?? value.text)]
        }
    }
}
