import ArgumentParser
import Glibc
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct OfferGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer", abstract: "What companies offered to your intents: take it in, compare it, show more, decline.",
        subcommands: [
            ImportOffer.self, ListOffers.self, CompareOffers.self, ShortlistOffer.self, DeclineOffer.self,
        ])
}

struct ImportOffer: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Verify offers and take them in.",
        discussion: """
            Examples:
              vrm offer import offer.jwe
              vrm offer import offer.jwe --keys jwks.json
              vrm offer import answers/ --fetch-keys

            FILE is one offer or a folder of them. An offer whose company has no key here is kept and counts for nothing until its
            key is known: --keys takes it from a file for this import, --fetch-keys gets it from the company's own address.
            """)

    @Argument(help: "A sealed offer, or a folder of them.") var file: String
    @Option(help: "The company's JWKS or issuer document.") var keys: String?
    @Flag(help: "Get keys that are not known from the companies themselves.") var fetchKeys = false
    @OptionGroup var options: VaultOptions

    /// The most files of a folder that are taken in at once.
    private static let mostFiles = 1000

    func run(in context: Context) throws {
        guard keys == nil || !fetchKeys else {
            throw Message("either --keys or --fetch-keys", hint: "vrm offer import FILE --keys jwks.json", status: .usage)
        }
        let document = try keys.map { try KeyDocument(parsing: context.console.read(file: $0, cap: Limits.keyDocumentBytes)) }
        let paths = Folder.files(in: file)?.prefix(ImportOffer.mostFiles).map { file + "/" + $0 }
        let fetch: ((Origin) throws -> KeyDocument)? = fetchKeys ? { try KeyFetch(origin: $0).keys() } : nil
        var refusal: (any Error)?
        let taken = try context.change("offer import") { vault, change in
            var taken: [RecordID] = []
            for path in paths ?? [file] {
                do {
                    let bytes = try context.console.read(file: path, cap: Limits.fileBytes)
                    let id = try change.take(offer: bytes, given: document, fetch: fetch).bid.id
                    if !taken.contains(id) { taken.append(id) }
                } catch  where paths != nil && (error is Rejection || error is IntentRefusal || error is Message) {
                    let fact = ((error as? any UserFacing)?.message ?? Failure.message(error) ?? error as? Message)?.fact
                    context.console.note("vrm: \(printable(path)): \(fact ?? "refused")")
                    refusal = refusal ?? error
                }
            }
            return try taken.map { id in
                let (bid, intent) = try vault.bid(id.description)
                return try vault.judged(bid, intent, at: context.now)
            }
        }
        try context.console.show(
            Answer(list: taken.map { OfferReport(judged: $0).json }) { style in
                taken.map { judged in
                    let (bid, offer) = (judged.bid, judged.offer)
                    let company = printable(bid.company.host.description)
                    return bid.isTrusted
                        ? "\(company) offers \(offer.price), \(judged.score.map { "score \($0)" } ?? "not to be compared")  \(bid.id.short)"
                        : "somebody offers \(offer.price) in the name of \(company), whose key is unknown  \(bid.id.short)\n"
                            + "take it in again with: --keys FILE, or --fetch-keys"
                }.joined(separator: "\n")
            })
        if let refusal { throw refusal }
    }
}

struct ListOffers: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the offers to an intent.", discussion: "Example:\n  vrm offer list 9f3a1c0e")

    @Argument(help: "The intent's id, or the start of it.") var intent: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let offers = try vault.judged(try vault.intent(intent), at: context.now)
        try context.console.show(
            Answer(list: offers.map { OfferReport(judged: $0).json }) { style in OfferReport.table(offers, style) })
    }
}

struct CompareOffers: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Offers side by side, the best first, with the reasons.",
        discussion: "Example:\n  vrm offer compare 9f3a1c0e\n\nHow the score comes about is in docs/intents.md.")

    @Argument(help: "The intent's id, or the start of it.") var intent: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let offers = try vault.judged(try vault.intent(intent), at: context.now)
        try context.console.show(
            Answer(list: offers.map { OfferReport(judged: $0).json }) { style in OfferReport.comparison(offers, style) })
    }
}

struct ShortlistOffer: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "shortlist", abstract: "Show a company that made an offer some of what the intent committed to.",
        discussion: """
            Example:
              vrm offer shortlist 4d20e1aa --disclose postal_code --out shown.json

            Only that company can use the file, once and within a day. When the intent closes without it, it is told to delete what
            it was shown.
            """)

    @Argument(help: "The offer's id, or the start of it.") var offer: String
    @Option(help: "An item that was committed to. Repeatable.") var disclose: [String] = []
    @Option(help: "What it may be used for: vrm terms purposes.") var purpose = Purpose.EstablishContractualAgreement.rawValue
    @Option(help: "Where the signed file goes, or -.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let names = try disclose.map { try context.item($0) }
        let purpose = try context.purpose(purpose)
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        let (judged, grant, domain) = try context.change("offer shortlist", files: files) { vault, change in
            let (bid, intent) = try vault.bid(offer)
            let (grant, signed, relationship) = try change.shortlist(
                bid, of: intent, showing: names, for: purpose, domain: try context.domain(bid.company.host.description))
            var lines = ["To \(printable(relationship.company.name)), as \(bid.company):"]
            for item in grant.items {
                lines.append("  \(item.name) = \(printable(try vault.value(item.name, version: item.version).value.revealed))")
            }
            lines.append("  for \(purpose) (\(purpose.label)), through \(grant.until); \(Sealing.words(signed))")
            context.console.note(lines.joined(separator: "\n"))
            try context.console.confirm("Show this?")
            try files.stage(signed.file, as: out)
            let shown = try vault.bid(bid.id.description)
            return (try vault.judged(shown.bid, shown.intent, at: context.now), grant, relationship.company.domain)
        }
        guard case .object(var json) = OfferReport(judged: judged).json else { return }
        json["grant"] = .string(grant.id.description)
        json["file"] = .string(out)
        if context.isRehearsal { json["state"] = "rehearsed" }
        try context.console.show(
            Answer(.object(json)) { _ in
                context.isRehearsal
                    ? "would show it to \(domain)"
                    : "shown to \(domain)  \(grant.id.short)\nhand \(printable(out)) over within a day, then: vrm sent \(grant.id.short)"
            }, beside: files.usesStandardOutput)
    }
}

struct DeclineOffer: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline", abstract: "Put an offer aside. Nobody is told.",
        discussion: "Example:\n  vrm offer decline 4d20e1aa")

    @Argument(help: "The offer's id, or the start of it.") var offer: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let judged = try context.change("offer decline") { vault, change in
            let (bid, intent) = try vault.bid(offer)
            return try vault.judged(try change.decline(bid), intent, at: context.now)
        }
        try context.console.show(
            Answer(OfferReport(judged: judged).json) { _ in
                "declined the offer of \(printable(judged.bid.company.host.description))"
            })
    }
}
