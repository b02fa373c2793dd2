import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct ExportVault: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write everything in the vault as open JSON that needs no vrm.",
        discussion: """
            Examples:
              vrm export --out everything.jsonl
              vrm export --out - | jq -r 'select(.kind == "relationship").body.domain'

            The file holds all of it in plain text, with the keys you sign with: whoever reads it can be you. Take it into
            another vault with: vrm import export FILE. docs/spec/export.md describes every line.
            """)

    @Option(help: "Where it goes, or -.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        try context.console.confirm("Write everything in plain text, with the keys you sign with, to \(printable(out))?")
        let vault = try context.openVault(.reading)
        var summary: ExportSummary?
        let progress = Progress("writing", of: 100, context.console)
        try files.stage(as: out) { write in
            summary = try vault.export(
                by: "vrm \(Release.version)", at: context.now, write: write, progress: { progress.update($0 * 100 / $1) })
        }
        progress.end()
        try files.publish()
        guard let summary else { return }
        let (path, rehearsal) = (out, context.isRehearsal)
        try context.console.show(
            Answer(
                .members(
                    ("vault", .string(summary.vault)), ("file", .string(path)), ("records", .integer(summary.records)),
                    ("ledger_entries", .integer(summary.entries)), ("sha256", .string(summary.sha256)),
                    ("dry_run", .bool(rehearsal)))
            ) { _ in
                var lines = [
                    "\(rehearsal ? "would write" : "wrote") \(counted(summary.records, "record")) and \(counted(summary.entries, "ledger entry"))"
                ]
                if !rehearsal {
                    if path != "-" { lines[0] += " to \(printable(path))" }
                    lines.append("all of it is plain text, with the keys you sign with: keep it where nobody else reads")
                    lines.append("into another vault: vrm init --vault DIR, then vrm import export FILE --vault DIR")
                }
                return lines.joined(separator: "\n")
            }, beside: files.usesStandardOutput)
    }
}

struct ImportExport: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Fill a new vault with what another one exported.",
        discussion: """
            Examples:
              vrm init --vault DIR && vrm import export everything.jsonl --vault DIR
              vrm export --out - --vault OLD | vrm import export - --vault NEW

            The vault must be new. Everything comes as it was: ids, versions, times, ledger. The whole file is checked;
            if anything is missing or was changed, nothing is taken.
            """)

    @Argument(help: "The file, or - for stdin.") var file: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let progress = Progress(file, context.console)
        func take(_ descriptor: Int32) throws -> ExportSummary {
            var source = FileByteSource(descriptor: descriptor)
            var lines = LineReader(longest: Vault.longestExportLine)
            func next() throws -> [UInt8]? {
                do {
                    defer { progress.update(lines.bytesRead) }
                    return try lines.next(from: &source)
                } catch let failure as LineReader.TooLong {
                    throw ExportFailure.lineTooLong(failure.line)
                }
            }
            var first = try next()
            try Vault.check(export: first ?? [])
            return try context.change("import export") { _, change in
                try change.take {
                    defer { first = nil }
                    return try first ?? next()
                }
            }
        }
        let summary = try file == "-" ? take(0) : FileDescriptor.reading(file, take)
        progress.end()
        let (path, rehearsal) = (file, context.isRehearsal)
        try context.console.show(
            Answer(
                .members(
                    ("vault", .string(summary.vault)), ("exported", .string(summary.at.description)),
                    ("records", .integer(summary.records)), ("ledger_entries", .integer(summary.entries)),
                    ("dry_run", .bool(rehearsal)))
            ) { _ in
                var lines = [
                    "\(rehearsal ? "would take" : "took") \(counted(summary.records, "record")) and \(counted(summary.entries, "ledger entry")), exported \(summary.at)"
                ]
                if !rehearsal && path != "-" {
                    lines.append("the export still holds everything in plain text: shred -u \(printable(path))")
                }
                lines.append("next: vrm status, vrm ledger verify")
                return lines.joined(separator: "\n")
            })
    }
}

extension ExportFailure {
    var message: Message {
        func bad(_ fact: String, _ hint: String = "export it again from the old vault: vrm export --out FILE") -> Message {
            Message(fact, hint: hint, status: .malformed)
        }
        func article(_ noun: String) -> String { noun.hasPrefix("item") || noun.hasPrefix("offer") ? "an \(noun)" : "a \(noun)" }
        switch self {
        case .vaultNotEmpty:
            return Message(
                "the vault is not new: an export fills one that holds nothing yet", hint: "make one with: vrm init --vault DIR",
                status: .conflict)
        case .notAnExport: return bad("not the export of a vault", "make one with: vrm export --out FILE")
        case .newerVersion(let version):
            return Message(
                "the export has version \(version), newer than this program", hint: "update vrm", status: .damaged)
        case .malformed(let line, let what): return bad("line \(line): not \(article(what)) as documented")
        case .lineTooLong(let line): return bad("line \(line) is longer than a line can be")
        case .duplicate(let line, let what): return bad("line \(line): \(article(what)) that is there already")
        case .missing(let line, let what): return bad("line \(line) needs \(article(what)) that is missing")
        case .ledgerDiffers(let line): return bad("line \(line): not what the ledger committed to")
        case .cutShort: return bad("the export is cut short")
        case .changed: return bad("the export was changed after it was made")
        }
    }
}
