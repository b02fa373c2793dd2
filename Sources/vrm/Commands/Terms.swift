import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct TermsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terms", abstract: "Your own terms, and offering them.",
        subcommands: [ListTerms.self, ImportTerms.self, ListPurposes.self, OfferTerms.self])
}

struct ListTerms: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the terms you can offer.",
        discussion: """
            Example:
              vrm terms list

            Roster agreements (MyTerms, as W3C DPV 2.3 describes them) come without their wording, which belongs to its
            publisher: get the text and import it under the same id.
            """)

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let texts = try context.openVault(.reading).terms()
        let roster = Roster.agreements.filter { agreement in !texts.contains { $0.id == agreement.id } }
        let json =
            texts.map { TermsReport.json($0) }
            + roster.map {
                JSONValue.members(
                    ("id", .string($0.id.description)), ("lang", nil), ("sha256", nil), ("source", "roster"),
                    ("purposes", .array($0.purposes.map(\.rawValue).sorted().map { .string($0) })), ("text", false),
                    ("uri", .string(Roster.base + $0.id.description)), ("our_reading", .bool($0.isOurReading)))
            }
        try context.console.show(
            Answer(list: json) { style in
                var table = Table("id", "language", "from", "permits", "text")
                for terms in texts {
                    table.add(
                        terms.id.description, terms.language.description, terms.source.rawValue, TermsReport.uses(terms.purposes),
                        "here")
                }
                for agreement in roster {
                    table.add(agreement.id.description, "–", "roster", TermsReport.uses(agreement.purposes), "import it")
                }
                return table.rendered(style)
            })
    }
}

struct ImportTerms: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a text of terms, pinned by its digest.",
        discussion: """
            Examples:
              vrm terms import mine.txt --id mine-1 --lang en
              vrm terms import sd-base.txt --id SD-BASE --lang en --uri https://publisher.example/sd-base

            What the text permits is not read out of it: without --purpose it is the service alone (or the roster's table).
            """)

    @Argument(help: "The text, UTF-8, at most 64 KiB; or - for stdin.") var file: String
    @Option(help: "What to call it.") var id: String
    @Option(help: "Its language, two letters.") var lang: String
    @Option(help: "Where it is published.") var uri: String?
    @Option(help: "A purpose it permits. Repeatable.") var purpose: [String] = []
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let id = try context.termsID(id)
        guard let language = LanguageCode(lang) else { throw Message("not a language code", hint: "--lang en", status: .usage) }
        let purposes = try purpose.isEmpty ? nil : Set(purpose.map { try context.purpose($0) })
        let text = try context.console.read(file: file, cap: Terms.longestText)
        let terms = try context.change("terms import") { _, change in
            try change.importTerms(id, text: text, language: language, uri: uri, purposes: purposes)
        }
        try context.console.show(
            Answer(TermsReport.json(terms)) { _ in
                "pinned \(terms.id) (\(terms.language)); it permits \(TermsReport.uses(terms.purposes))"
            })
    }
}

struct ListPurposes: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "purposes", abstract: "List the purposes a grant can name, and which terms permit them.",
        discussion: "Example:\n  vrm terms purposes")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let texts = try context.openVault(.reading).terms()
        func permitting(_ purpose: Purpose) -> [String] {
            Array(Set(texts.filter { $0.purposes.contains(purpose) }.map(\.id.description))).sorted()
        }
        let lines = Purpose.allCases.map { ($0, permitting($0)) }
        try context.console.show(
            Answer(
                list: lines.map { purpose, terms in
                    .members(
                        ("id", .string(purpose.rawValue)), ("iri", .string(purpose.iri)), ("label", .string(purpose.label)),
                        ("use", .string(purpose.use.rawValue)), ("terms", .array(terms.map { .string($0) })))
                }
            ) { style in
                var table = Table("purpose", "to", "permitted by")
                for (purpose, terms) in lines {
                    table.add(purpose.rawValue, purpose.label, terms.isEmpty ? "none" : terms.joined(separator: " "))
                }
                return table.rendered(style)
            })
    }
}

struct OfferTerms: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer", abstract: "Make a signed offer of your terms to a company.",
        discussion:
            "Examples:\n  vrm terms offer shop.example --out terms.json\n  vrm terms offer shop --terms mine-1 --out terms.json --letter terms.txt"
    )

    @Argument(help: "The company.", completion: .companies) var company: String
    @Option(help: "Which terms; vrm-service-1 unless given.") var terms: String?
    @OptionGroup var making: MakingOptions
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let id = try terms.map { try context.termsID($0) } ?? ShippedTerms.usual
        let files = try making.files(context)
        let (offer, company) = try context.change("terms offer", files: files) {
            (vault, change) throws -> (OfferedTerms, Company) in
            let relationship = try vault.company(self.company)
            let text = try vault.terms(id, languages: context.languages(relationship.company, vault))
            let sealing = try Sealing.words(towards: relationship.id, vault)
            context.console.note(
                """
                To \(printable(relationship.company.name)), as \(relationship.company.origin):
                  terms \(text.id) (\(text.language)), \(TermsReport.uses(text.purposes)), nothing about you but a key made for them alone
                  \(sealing)
                """)
            try context.console.confirm("Make this offer?")
            let (offer, signed) = try change.offer(text, to: relationship)
            try files.stage(signed.file, as: making.out)
            try making.stageLetter(to: relationship.company, about: signed.file, files, context, vault) {
                language, file, digest in
                var facts = LetterFacts(
                    kind: .terms, language: language, reference: offer.id.short, date: context.now.day,
                    companyName: relationship.company.name, bundleFile: file, bundleSHA256Hex: digest)
                facts.terms = text.id
                facts.purposes = Purpose.allCases.filter { text.purposes.contains($0) }
                facts.until = offer.ends.day.adding(days: -1)
                return facts
            }
            try making.markSent(.offer(offer), change, context)
            return (offer, relationship.company)
        }
        try making.show(
            context, files,
            Answer(
                .members(
                    ("id", .string(offer.id.description)), ("terms", .string(offer.terms.description)),
                    ("company", .string(company.domain.description)), ("sha256", .string(offer.sha256.hex)),
                    ("until", .string(offer.ends.day.adding(days: -1).description)), ("state", .string(making.state(context))),
                    ("file", .string(making.out)))
            ) { _ in making.said("an offer of \(offer.terms) to \(company.domain)", offer.id, context) })
    }
}

struct AgreementGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "What companies answered to your terms.", subcommands: [ImportAgreement.self])
}

struct ImportAgreement: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a company's signed answer to your terms.",
        discussion:
            "Example:\n  vrm agreement import answer.json\n\nIts key must be trusted first: vrm company trust DOMAIN FILE.")

    @Argument(help: "The answer, or - for stdin.") var file: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let bytes = try context.console.bundle(file: file)
        do {
            let unverified = try Unverified(parsing: bytes)
            let (relationship, offer) = try context.change("agreement import") { vault, change in
                let (recollection, policy) = try vault.expectation(of: unverified, .acceptance, at: context.now)
                return try change.note(answer: try Verifier(policy).verify(unverified, recalling: recollection, at: context.now))
            }
            let decision = offer.answer?.decision.rawValue ?? ""
            try context.console.show(
                Answer(
                    .members(
                        ("company", .string(relationship.company.domain.description)),
                        ("terms", .string(offer.terms.description)),
                        ("decision", .string(decision)), ("id", .string(offer.id.description)))
                ) { _ in "\(relationship.company.domain) answered \(offer.terms): \(decision)" })
        } catch let rejection as Rejection {
            throw rejection.message
        }
    }
}
