import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// Options of every command that makes something to hand over: where it goes, and whether it has left.
struct MakingOptions: ParsableArguments {
    @Option(help: "Where the signed file goes, or - for stdout.") var out: String
    @Option(help: "Also write a plain-language letter that names the file by its digest.") var letter: String?
    @Option(help: "It left on this day already (YYYY-MM-DD).") var sent: String?
    @Flag(help: "Overwrite files.") var force = false

    /// The files to be, checked before anything else happens.
    func files(_ context: Context) throws -> OutputFiles {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        if let letter { try files.check(letter) }
        return files
    }

    func markSent(_ outgoing: Outgoing, _ change: Change, _ context: Context) throws {
        guard let sent else { return }
        try change.markSent(outgoing, on: try context.day(sent, "--sent"))
    }

    func state(_ context: Context) -> String { context.isRehearsal ? "rehearsed" : sent == nil ? "made" : "sent" }

    func said(_ what: String, _ id: RecordID, _ context: Context) -> String {
        if context.isRehearsal { return "would make \(what)" }
        let next = sent == nil ? "\nhand \(printable(out)) over, then: vrm sent \(id.short)" : ""
        return "made \(what)  \(id.short)" + next
    }

    func show(_ context: Context, _ files: OutputFiles, _ answer: Answer) throws {
        try context.console.show(answer, beside: files.usesStandardOutput)
    }

    /// Writes the letter beside the file, when one is wanted, in the company's language where letters are written in it.
    func stageLetter(
        to company: Company, about bundle: [UInt8], _ files: OutputFiles, _ context: Context, _ vault: Vault,
        _ facts: (LanguageCode, String, String) throws -> LetterFacts
    ) throws {
        guard let letter else { return }
        let language = try context.languages(company, vault).first { Letter.languages.contains($0) } ?? .english
        var written = try facts(language, LetterFile.name(of: out), SHA256.digest(bundle).hex)
        written.companyAddress = company.address
        try LetterFile.stage(written, as: letter, files, vault)
    }
}

extension [UInt8] {
    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
