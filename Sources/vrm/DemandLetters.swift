import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// The letters to companies that were shown something of an intent and did not win: from somebody known by a key alone.
struct DemandLetters {
    let vault: Vault
    let context: Context

    var writing: DemandWriting {
        DemandWriting(
            regime: { company in
                let person = try vault.fact(.country).flatMap { CountryCode($0.value.revealed) }
                guard let regime = LawBook.shipped.usual(person: person, company: company.country),
                    regime.articles[.erasure] != nil
                else {
                    throw Message(
                        "no law about erasure is known for your country or the company's", hint: "vrm me set country -")
                }
                return regime
            },
            language: { company in
                try context.languages(company, vault).first { Letter.languages.contains($0) } ?? .english
            }, holidays: LawBook.shipped.holidays, compose: compose)
    }

    /// No name, no address of the person stands in it: the company never learned them.
    private func compose(_ request: RequestDraft, signer: String) throws -> LetterDraft {
        let company = request.relationship.company
        let name = "\(company.domain)-\(request.id.short)-\(request.kind.rawValue)"
        var facts = LetterFacts(
            kind: .erasure, language: request.language, reference: request.id.short, date: context.now.day,
            companyName: company.name, bundleFile: name + ".json", bundleSHA256Hex: request.signed.file.sha256Hex)
        facts.companyAddress = company.address
        facts.regimeID = request.regime.id
        facts.article = request.regime.articles[.erasure]
        facts.answer = request.regime.answer(to: .erasure)
        facts.canBeExtended = request.regime.extensions?.kinds.contains(.erasure) ?? false
        facts.deadline = request.deadline.answerBy
        facts.identifiers = request.identifiers.map { LetterFacts.Item($0.name) }
        facts.hasEmail = false
        let letter = try Letter.compose(facts)
        let segments: [LetterDraft.Segment] = letter.segments.map { segment in
            switch segment {
            case .text(let text): .text(text)
            case .personal("me.name"): .text(signer)
            case .personal(let key):
                DemandLetters.segment(request.identifiers.first { "identifier.\($0.name)" == key })
            }
        }
        return LetterDraft(
            subject: letter.subject, to: nil, messageID: "<\(Random.bytes(16).hex)@vrm.invalid>", date: context.now,
            bundleFile: name + ".json", segments: segments, fromName: nil, fromAddress: nil)
    }

    private static func segment(_ found: RequestDraft.Identifier?) -> LetterDraft.Segment {
        found?.version.map { .version($0) } ?? .text(found?.value.revealed ?? "")
    }

    static func lines(_ closing: MadeClosing) -> [String] {
        closing.demands.flatMap { demand -> [String] in
            [
                "To \(printable(demand.relationship.company.name)), as \(demand.bid.company):",
                "  delete what you were shown: \(demand.request.identifiedBy.map(\.name.description).joined(separator: ", "))",
            ]
        }
    }

    static func stage(_ closing: MadeClosing, _ files: OutputFiles, in folder: String, _ vault: Vault) throws {
        if let withdrawal = closing.withdrawal { try files.stage(withdrawal.file, as: folder + "/withdrawal.json") }
        for demand in closing.demands {
            let path = "\(folder)/\(demand.letter.bundleFile.dropLast(5))"
            try files.stage(demand.signed.file, as: path + ".json")
            let text = LetterFile.wrapped(try RequestComposer.text(of: demand.letter, vault))
            try files.stage(Array(text.utf8), as: path + ".txt")
        }
    }
}
