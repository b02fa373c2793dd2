import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMModel
import VRMTerminal

struct MakeOffer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer", abstract: "Answer an intent with an offer, signed and sealed to it.",
        discussion: """
            Examples:
              vrm-vendor offer intent.json --keys keys --price 289.00 --currency EUR --out offer.jwe
              vrm-vendor offer intent.json --keys keys --price 289.00 --currency EUR --item 'Grinder K6' --meets 'quiet' \\
                --terms-text vrm-service-1.txt --ask delivery_address=DeliveryOfGoods --out offer.jwe

            The intent is verified first. Its terms are accepted by naming a file with their text: nobody can agree to a digest.
            --meets repeats a must or a wish of the intent word for word.
            """)

    @Argument(help: "The intent, or - for stdin.") var file: String
    @Option(help: "The folder of vrm-vendor keys new.") var keys: String
    @Option(help: "The whole price: 289 or 289.00.") var price: String
    @Option(help: "EUR, USD …") var currency: String
    @Option(help: "The last day it stands (YYYY-MM-DD); that of the intent unless given.") var validUntil: String?
    @Option(help: "What is offered; what is wanted unless given. Repeatable.") var item: [String] = []
    @Option(help: "A must or wish it meets, word for word. Repeatable.") var meets: [String] = []
    @Option(help: "Conditions, in a line.") var conditions: String?
    @Option(help: "What is needed to fulfil it, with =PURPOSE. Repeatable.") var ask: [String] = []
    @Option(help: "A file with the text of the intent's terms, which accepts them.") var termsText: String?
    @Option(help: "Where the sealed file goes, or -.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        func usage(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .usage) }
        guard let price = Amount(price, currency) else {
            throw usage(
                "not a price: digits, at most 12 before the point and 4 after, and a currency", "--price 289.00 --currency EUR")
        }
        let files = OutputFiles(force: force)
        try files.check(out)
        let folder = try KeyFolder(keys, console)
        var policy = Policy(audience: nil, types: [.intent])
        policy.termsText = try termsText.map { try console.read(file: $0, cap: Limits.textBytes) }
        let bundle = try console.verified(file, policy, opening: [])
        guard case .intent(let intent) = bundle.payload else { throw Message("not an intent", status: .refused) }
        guard intent.audience?.admits(folder.origin) ?? true else {
            throw Message("the intent does not ask \(folder.origin.host)", hint: "vrm-vendor inspect FILE", status: .refused)
        }
        let last = bundle.common.exp.day.adding(days: -1)
        let day = try validUntil.map { text in
            guard let day = Day(text) else { throw usage("--valid-until is no date", "--valid-until \(last)") }
            return day
        }
        guard (day ?? last) >= console.now.day else { throw usage("the offer would be over already", "--valid-until \(last)") }
        let wishes = intent.want.must + intent.want.nice.map(\.text)
        for text in meets where !wishes.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
            throw usage("the intent has no such wish", wishes.isEmpty ? "leave --meets out" : "--meets '\(wishes[0])'")
        }
        let payload = OfferPayload(
            ref: bundle.reference, nonce: Base64URL.encode(Random.bytes(16)), items: item.isEmpty ? [intent.want.title] : item,
            price: price, validUntil: day ?? last, conditions: conditions, meets: meets, acceptsTerms: termsText != nil,
            asks: try ask.map(MakeOffer.asked))
        guard !payload.items.contains(""), conditions != "" else {
            throw usage("an item or the conditions are empty", "--item TEXT")
        }
        let signed = try folder.issuer(at: console.now).sign(offer: payload, to: bundle.common.iss)
        guard signed.compact.count <= Limits.tokenBytes else {
            throw Message("the offer is longer than \(Limits.tokenBytes) bytes", hint: "say less", status: .malformed)
        }
        try files.stage(try signed.sealed(to: intent.offersKey).file, as: out)
        try files.publish()
        try console.show(
            Answer(
                .members(
                    ("intent", .string(bundle.common.iss)), ("price", .string(price.value)),
                    ("currency", .string(price.currency)),
                    ("valid_until", .string(payload.validUntil.description)), ("accepts_terms", .bool(payload.acceptsTerms)),
                    ("reply_to", .string(intent.replyTo)), ("nonce", .string(payload.nonce)), ("file", .string(out)))
            ) { _ in
                let place =
                    intent.replyTo == IntentPayload.whereFound ? "where you found the intent" : "to \(printable(intent.replyTo))"
                let terms = payload.acceptsTerms ? "" : "\nits terms are not accepted: add --terms-text FILE to accept them"
                return "offers \(price) until \(payload.validUntil)\nsend \(printable(out)) \(place)" + terms
            }, beside: files.usesStandardOutput)
    }

    /// `field=Purpose`; without a purpose, that of delivering what was ordered.
    private static func asked(_ text: String) throws -> OfferPayload.Ask {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = DataItemName(parts[0]), let purpose = parts.count == 1 ? .DeliveryOfGoods : Purpose(named: parts[1])
        else {
            throw Message("not an item and a purpose", hint: "--ask delivery_address=DeliveryOfGoods", status: .usage)
        }
        return OfferPayload.Ask(field: name.description, purpose: purpose)
    }
}
