import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct RevokeGrant: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a grant before its time: a signed notice, and the erasure of what it gave.",
        discussion: """
            Examples:
              vrm grant revoke 9f3a1c0e --out notice
              vrm grant revoke 9f3a1c0e --no-erasure --out notice

            Makes the notice and a request to erase what the grant covered, each with its letter. It cannot undo what the
            company did until now, what it passed on (the letter asks it to tell them), or what the law lets it keep.
            """)

    @Argument(help: "The grant's id, or the start of it.") var id: String
    @Flag(help: "Only the notice.") var noErasure = false
    @Option(help: "The law of the letters: \(RequestOrder.regimes). By your country, or the company's, unless given.")
    var regime: String?
    @Option(help: "The folder for the notice, the request and their letters.") var out: String
    @Flag(help: "Overwrite files.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        var order = RequestOrder(kind: .erasure, regime: try regime.map { try RequestOrder.regime($0) })
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.makeFolder(out)
        let (revocation, company, erasure) = try context.change("grant revoke", files: files) {
            (vault, change) throws -> (Revocation, Company, RightsRequest?) in
            guard case .grant(let grant) = try vault.outgoing(id) else { throw VaultFailure.unknownRecord }
            let relationship = try vault.relationship(grant.relationship)
            let company = relationship.company
            let (revocation, signed) = try change.revoke(grant)
            var erasure: (request: RightsRequest, made: RequestComposer.Made)?
            if let obstacle = try obstacle(to: order, company, vault) {
                context.console.note("vrm: no erasure request: \(obstacle)")
            } else if !noErasure {
                order.matter = .grant(grant, revocation)
                erasure = try order.make(of: relationship, vault, change, context)
            }
            preview(grant, company, erasure?.made, Sealing.words(signed), context)
            try context.console.confirm("Revoke it?")
            let law = try order.law(for: company, vault)
            try stage(revocation, of: grant, signed, company, under: law, files, vault, context)
            try erasure?.made.stage(files, in: out)
            return (revocation, company, erasure?.request)
        }
        try show(revocation, company, erasure, files.published, context)
    }

    /// Why no erasure request can be made, when none can and one is wanted.
    private func obstacle(to order: RequestOrder, _ company: Company, _ vault: Vault) throws -> String? {
        if noErasure { return nil }
        if try vault.fact(.name) == nil { return "your name is not set: vrm me set name -" }
        guard let regime = try order.law(for: company, vault) else {
            return
                "no law is known for your country or the company's: vrm request new erasure \(company.domain) --regime ID --out DIR"
        }
        if regime.articles[.erasure] == nil { return "\(regime.id) has none" }
        return nil
    }

    private func preview(
        _ grant: Grant, _ company: Company, _ erasure: RequestComposer.Made?, _ sealing: String, _ context: Context
    ) {
        var lines = [
            "To \(printable(company.name)): the grant of \(grant.made.day) for \(grant.purpose) ends now. It covered "
                + grant.items.map { "\($0.name) (version \($0.version))" }.joined(separator: ", ") + ". The notice is \(sealing)."
        ]
        if let erasure {
            lines += ["With it goes:", ""]
            lines += erasure.shown
        }
        lines.append("vrm: it cannot undo what they did until now or passed on, nor reach what the law lets them keep")
        context.console.note(lines.joined(separator: "\n"))
    }

    private func stage(
        _ revocation: Revocation, of grant: Grant, _ signed: SignedBundle, _ company: Company, under law: Regime?,
        _ files: OutputFiles, _ vault: Vault, _ context: Context
    ) throws {
        let name = "\(company.domain)-\(revocation.id.short)-revocation"
        try files.stage(signed.file, as: "\(out)/\(name).json")
        guard try vault.fact(.name) != nil else {
            return context.console.note("vrm: no letter without your name: vrm me set name -")
        }
        let language = try context.languages(company, vault).first { Letter.languages.contains($0) } ?? .english
        var facts = LetterFacts(
            kind: .revocation, language: language, reference: revocation.id.short, date: context.now.day,
            companyName: company.name, bundleFile: name + ".json", bundleSHA256Hex: signed.file.sha256Hex)
        facts.take(grant)
        facts.regimeID = law?.id
        facts.companyAddress = company.address
        try LetterFile.stage(facts, as: "\(out)/\(name).txt", files, vault)
    }

    private func show(
        _ revocation: Revocation, _ company: Company, _ erasure: RightsRequest?, _ files: [String], _ context: Context
    ) throws {
        let request = erasure.map { RequestReport.json($0, company, at: context.now) }
        try context.console.show(
            Answer(
                .members(
                    ("id", .string(revocation.id.description)), ("company", .string(company.domain.description)),
                    ("grant", .string(revocation.grant.description)),
                    ("state", .string(context.isRehearsal ? "rehearsed" : "made")), ("erasure", request),
                    ("files", .array(files.map { .string($0) })))
            ) { _ in
                if context.isRehearsal { return "would revoke it" + (erasure == nil ? "" : ", and ask for erasure") }
                var lines = ["made the notice  \(revocation.id.short)"]
                if let erasure {
                    let deadline = RequestReport.deadline(of: erasure, company)
                    lines.append(
                        "made erasure request to \(company.domain)  \(erasure.id.short), answer by \(deadline?.answerBy.description ?? "?")"
                    )
                }
                lines += files.map { "  \(printable($0))" }
                lines.append(
                    "hand it over, then: vrm sent \(revocation.id.short)"
                        + (erasure.map { ", vrm sent \($0.id.short)" } ?? ""))
                if erasure == nil { lines.append("ask for erasure with: vrm request new erasure \(company.domain) --out DIR") }
                return lines.joined(separator: "\n")
            })
    }
}
