import Testing
import VRMModel

@testable import VRMExchange

/// Facts that make a letter of each kind; a test changes one thing.
enum LetterFixture {
    static let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

    static func facts(_ kind: LetterKind, _ language: String = "en") -> LetterFacts {
        var facts = LetterFacts(
            kind: kind, language: LanguageCode(language)!, reference: "1a2b3c4d", date: Day("2027-03-16")!,
            companyName: "Shop Example GmbH", bundleFile: "\(kind)-shop.example-1a2b3c4d.json", bundleSHA256Hex: digest)
        facts.companyAddress = "Musterweg 1\n12345 Berlin"
        facts.identifiers = [.init(.email), .init(DataItemName("customer_number")!)]
        facts.hasAddress = true
        switch kind {
        case .access, .erasure, .grantErasure, .rectification, .objection, .restriction, .portability, .optOutOfSale:
            facts.runs = ["Shop Example", "Example Outlet, Inc."]
            facts.take(LawBook.shipped.regime(kind == .optOutOfSale ? "us-ca" : "gdpr")!)
            facts.deadline = Day("2027-04-16")!
            if kind == .rectification {
                facts.changes = [
                    .init(.init(DataItemName("phone_number")!), hasOld: true),
                    .init(.init(DataItemName("shoe_size")!), hasOld: false),
                ]
            }
            if kind == .grantErasure {
                facts.ended = .init(reference: "99aabbcc", made: Day("2027-01-02")!, notice: "55667788")
                facts.items = [.init(DataItemName("name")!), .init(DataItemName("delivery_address")!)]
                facts.purposes = [.DeliveryOfGoods]
                facts.basis = .consent
            }
        case .reminder, .admonition, .identityDispute, .channelDispute, .excessiveDispute, .languageDispute, .appeal,
            .companyComplaint, .complaint:
            facts.article = "Art. 17 GDPR"
            facts.deadline = Day("2027-05-10")!
            facts.matter = matter
        case .revocation:
            facts.ended = .init(reference: "99aabbcc", made: Day("2027-01-02")!)
            facts.items = [.init(DataItemName("name")!), .init(DataItemName("delivery_address")!)]
            facts.purposes = [.DeliveryOfGoods]
            facts.basis = .consent
        case .terms:
            facts.terms = TermsID("vrm-service-1")!
            facts.purposes = [.DeliveryOfGoods, .PaymentManagement]
            facts.until = Day("2028-03-15")!
        case .grant:
            facts.items = [.init(DataItemName("name")!), .init(DataItemName("shoe_size")!)]
            facts.purposes = [.DeliveryOfGoods]
            facts.until = Day("2027-05-31")!
            facts.basis = .contract
            facts.terms = TermsID("vrm-service-1")!
        }
        return facts
    }

    /// An erasure that was sent, acknowledged, refused and reminded of.
    static var matter: LetterFacts.Matter {
        let life: [(RequestEvent.Kind, String)] = [
            (.sent, "2027-03-16"), (.acknowledged, "2027-03-18"), (.refused, "2027-04-10"), (.reminded, "2027-04-20"),
        ]
        var matter = LetterFacts.Matter(
            .erasure, sent: Day("2027-03-16")!, timeline: life.map { LetterFacts.Matter.Event($0.0, on: Day($0.1)!) })
        matter.due = Day("2027-04-16")!
        matter.isPast = true
        matter.controllerName = "Controller Ltd"
        matter.controllerAddress = "9 Far Street\nElsewhere"
        matter.complaintArticle = "sections 164A and 165 Data Protection Act 2018"
        return matter
    }

    static let values = [
        "me.name": "Jörg Müller", "me.address": "Hauptstraße 5\n10115 Berlin", "me.email": "joerg@me.example",
        "identifier.email": "joerg+shop@me.example", "identifier.customer_number": "K-4711",
        "old.phone_number": "+49 40 5550101", "new.phone_number": "+49 40 5550102", "new.shoe_size": "42",
    ]

    /// The names and articles of the GDPR, as they would stand in a letter under another law. Nothing for one that shares them.
    static func strayCitations(under id: String, _ language: String) throws -> [String] {
        guard !id.hasSuffix("gdpr") else { return [] }
        let words = try #require(LetterWords.of(LetterLanguage(rawValue: language)!))
        let law = try #require(words.phrases["law.\(id)"]).filled(with: [:])
        let cited = try words.phrases.filter { $0.key.hasPrefix("cite.") }.map { try $0.value.filled(with: ["law": law]).plain }
        return ["GDPR", "DSGVO", "RGPD"] + cited
    }

    static func text(_ facts: LetterFacts) throws -> String {
        try Letter.compose(facts).text { try #require(values[$0]) }
    }
}

extension LetterFacts {
    /// What a regime says of a request of this kind.
    mutating func take(_ regime: Regime) {
        let name = self.kind == .grantErasure ? "erasure" : self.kind.rawValue
        guard let kind = RequestKind(rawValue: name) else { return }
        regimeID = regime.id
        article = regime.articles[kind]
        answer = regime.answer(to: kind)
        canBeExtended = regime.extensions?.kinds.contains(kind) ?? false
    }
}
