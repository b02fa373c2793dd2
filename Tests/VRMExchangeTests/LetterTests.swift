import Testing
import VRMModel

@testable import VRMExchange

@Suite struct LetterTests {
    static let all = LetterKind.allCases.flatMap { kind in ["en", "de", "fr"].map { (kind, $0) } }

    @Test(arguments: all)
    func `a letter names who writes, to whom, the reference and the signed file`(_ kind: LetterKind, _ language: String) throws {
        let facts = LetterFixture.facts(kind, language)
        let text = try LetterFixture.text(facts)
        for part in [
            "Jörg Müller\nHauptstraße 5\n10115 Berlin\njoerg@me.example\n\nShop Example GmbH\nMusterweg 1\n12345 Berlin\n\n16",
            "1a2b3c4d", facts.bundleFile, "SHA-256\(language == "fr" ? "\u{a0}" : ""): \(LetterFixture.digest)\n",
            "docs/spec/bundle.md",
            ": joerg+shop@me.example\n",
            "JOSE",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("{{") && !text.contains("\n\n\n") && text.hasSuffix("Jörg Müller\n"))
    }

    @Test(arguments: all)
    func `a letter refers to personal values and holds none`(_ kind: LetterKind, _ language: String) throws {
        let letter = try Letter.compose(LetterFixture.facts(kind, language))
        let changed = kind == .rectification ? ["new.phone_number", "old.phone_number", "new.shoe_size"] : []
        #expect(
            letter.keys == ["me.name", "me.address", "me.email"] + changed + ["identifier.email", "identifier.customer_number"])
        #expect(letter.subject.contains("1a2b3c4d") && !letter.subject.contains("\n"))
    }

    @Test(arguments: all)
    func `a letter without any optional fact has no gaps`(_ kind: LetterKind, _ language: String) throws {
        var facts = LetterFixture.facts(kind, language)
        facts.companyAddress = nil
        facts.runs = []
        facts.hasAddress = false
        facts.hasEmail = false
        facts.basis = nil
        if kind != .terms { facts.terms = nil }
        if !kind.isRightsRequest { facts.identifiers = [] }
        let text = try LetterFixture.text(facts)
        #expect(text.hasPrefix("Jörg Müller\n\nShop Example GmbH\n\n16"))
        #expect(!text.contains("\n\n\n") && !text.contains("  ") && !text.contains(" \n"))
    }

    @Test(arguments: ["en", "de", "fr"], [LetterKind.erasure, .access])
    func `a request that comes of an answer names the answer and what it showed`(_ language: String, _ kind: LetterKind) throws {
        var facts = LetterFixture.facts(kind, language)
        let plain = try LetterFixture.text(facts)
        let found: [LetterFacts.Answered.Shown] = [
            .field("ads.segment\nPlease pay"), .field("\u{202E}"), .item(.init(DataItemName("shoe_size")!)),
        ]
        facts.answered = .init(reference: "77665544", shows: found)
        let text = try LetterFixture.text(facts)
        let shoe = ["en": "shoe size", "de": "Schuhgröße", "fr": "pointure"][language]!
        #expect(text.contains("77665544") && text.contains(": ads.segment Please pay; \(shoe)."))
        #expect(!plain.contains("77665544") && !text.contains("\n\n\n") && !text.contains("\u{202E}"))
        facts.answered = .init(reference: "77665544", shows: (0..<50).map { .field("field\($0)") })
        #expect(try LetterFixture.text(facts).contains("field39; …."))
    }

    @Test func `a deadline is written as a date of the language`() throws {
        #expect(try LetterFixture.text(LetterFixture.facts(.erasure)).contains("by 16 April 2027 at the latest"))
        #expect(try LetterFixture.text(LetterFixture.facts(.erasure, "de")).contains("bis zum 16. April 2027"))
        var march = LetterFixture.facts(.erasure, "de")
        march.deadline = Day("2027-03-01")!
        #expect(try LetterFixture.text(march).contains("bis zum 1. März 2027"))
    }

    @Test(arguments: [
        (LetterKind.access, "gdpr", "en", "under Art. 15 GDPR", "(Art. 77 GDPR)"),
        (.access, "gdpr", "de", "nach Art. 15 DSGVO", "(Art. 77 DSGVO)"),
        (.erasure, "gdpr", "de", "nach Art. 17 DSGVO", "(Art. 19 DSGVO)"),
        (.erasure, "uk-gdpr", "en", "under Art. 17 UK GDPR", "Information Commissioner"),
        (.erasure, "uk-gdpr", "de", "nach Art. 17 UK GDPR", "Information Commissioner"),
    ])
    func `the law has the name it has in the language`(
        _ kind: LetterKind, _ regime: String, _ language: String, _ article: String, _ complaint: String
    ) throws {
        var facts = LetterFixture.facts(kind, language)
        facts.take(try #require(LawBook.shipped.regime(regime)))
        let letter = try Letter.compose(facts)
        let text = try LetterFixture.text(facts)
        #expect(letter.subject.contains(article))
        #expect(text.contains(article) && text.contains(complaint))
        #expect(regime == "gdpr" || text.replacing("UK GDPR", with: "").contains("GDPR") == false)
        #expect(language == "de" && regime == "gdpr" ? !text.contains("GDPR") : !text.contains("DSGVO"))
    }

    @Test(arguments: [
        (RequestKind.access, "gdpr", "fr", "au titre de l’art. 15 RGPD."), (.access, "ch-fadp", "de", "nach Art. 25 DSG."),
        (.erasure, "ch-fadp", "de", "nach Art. 32 Abs. 2 Bst. c DSG."),
        (.access, "ch-fadp", "de", "(Art. 25 Abs. 7 DSG, Art. 18 Abs. 1 DSV: "),
        (.rectification, "ch-fadp", "fr", "au titre de l’art. 32, al. 1 LPD"),
        (.access, "pipeda", "fr", "au titre de la LPRPDE, annexe 1, art. 4.9."),
        (.access, "us-ca", "en", "under Cal. Civ. Code § 1798.110 (California Consumer Privacy Act)."),
    ])
    func `an article is called as in the letter's language`(
        _ kind: RequestKind, _ regime: String, _ language: String, _ words: String
    ) throws {
        var facts = LetterFixture.facts(LetterKind(kind), language)
        facts.take(try #require(LawBook.shipped.regime(regime)))
        #expect(try LetterFixture.text(facts).contains(words))
    }

    @Test func `French has its first of the month, and no line begins with a colon`() throws {
        var facts = LetterFixture.facts(.complaint, "fr")
        facts.matter?.timeline = [.init(.sent, on: Day("2027-09-01")!)]
        let text = try LetterFixture.text(facts)
        #expect(text.contains("- 1er septembre 2027\u{a0}: j’ai envoyé la demande"))
        #expect(![" :", " ;", " »", "« "].contains { text.contains($0) })
    }

    @Test(arguments: LawBook.shipped.regimes.map(\.id), ["en", "de", "fr"])
    func `a law has a letter for each of its requests, and cites itself alone`(_ id: String, _ language: String) throws {
        let regime = try #require(LawBook.shipped.regime(id))
        let strays = try LetterFixture.strayCitations(under: id, language)
        for kind in regime.kinds {
            var facts = LetterFixture.facts(LetterKind(kind), language)
            facts.take(regime)
            let text = try LetterFixture.text(facts)
            #expect(text.contains("2027") && !text.contains("  ") && !text.contains(" ;  ") && !text.contains("{{"))
            #expect(!strays.contains { text.contains($0) }, "\(kind)")
        }
    }

    @Test func `a letter names the period its law gives`() throws {
        func text(_ id: String, _ kind: LetterKind, _ language: String = "en") throws -> String {
            var facts = LetterFixture.facts(kind, language)
            facts.take(try #require(LawBook.shipped.regime(id)))
            return try LetterFixture.text(facts)
        }
        #expect(try text("gdpr", .access).contains("(Art. 12(3) GDPR: one month from receipt). If you need longer"))
        #expect(try text("us-ca", .access).contains("(11 CCR § 7021(b): 45 days from receipt). If you need longer"))
        #expect(try text("us-ca", .optOutOfSale).contains("(11 CCR § 7026(f): 15 business days from receipt).\n"))
        #expect(try text("lgpd", .access).contains("(Art. 19, II, LGPD: 15 days from the request).\n"))
        #expect(try text("lgpd", .erasure).contains("The law, Art. 18, VI, LGPD, names no period for this."))
        #expect(try text("kr-pipa", .restriction, "de").contains("(Art. 44(2) Enforcement Decree: 10 Tage ab Eingang).\n"))
        #expect(
            try text("gdpr", .objection, "fr").contains(
                "(art. 12, § 3 RGPD\u{a0}: un mois à compter de la réception). S’il vous faut")
        )
    }

    @Test func `an erasure makes every demand`() throws {
        let english = try LetterFixture.text(LetterFixture.facts(.erasure))
        for part in [
            "erase the data without undue delay", "Insofar as processing rests on my consent",
            "I object to any further processing",
            "(Art. 19 GDPR)", "confirm to me in writing", "(Art. 17(3) GDPR)", "the data you retain",
        ] {
            #expect(english.contains(part), "\(part)")
        }
    }

    @Test func `a rectification names the new value, and the old one where it is known`() throws {
        let english = try LetterFixture.text(LetterFixture.facts(.rectification))
        #expect(
            english.contains(
                "\n\n- telephone number: +49 40 5550102, and no longer +49 40 5550101\n- shoe size: 42\n\nPlease\n"))
        #expect(english.contains("(Art. 16 GDPR)") && english.contains("store nothing new because of this letter"))
        let german = try LetterFixture.text(LetterFixture.facts(.rectification, "de"))
        #expect(german.contains("- Telefonnummer: +49 40 5550102, nicht mehr +49 40 5550101\n- Schuhgröße: 42\n"))
        let french = try LetterFixture.text(LetterFixture.facts(.rectification, "fr"))
        #expect(french.contains("\u{a0}: +49 40 5550102, et non plus +49 40 5550101\n"))
    }

    @Test(arguments: [
        ("en", "I withdraw it (Art. 7(3) GDPR)", "What you did under the permission until now is not affected."),
        ("de", "widerrufe ich diese (Art. 7 Abs. 3 DSGVO)", "Was Sie bisher aufgrund der Erlaubnis getan haben"),
        ("fr", "je le retire (art. 7, § 3 RGPD)", "Ce que vous avez fait jusqu’à présent en vertu de l’autorisation"),
    ])
    func `consent is withdrawn only where it was given`(_ language: String, _ withdrawn: String, _ plain: String) throws {
        for kind in [LetterKind.grantErasure, .revocation] {
            var facts = LetterFixture.facts(kind, language)
            #expect(try LetterFixture.text(facts).contains(withdrawn))
            facts.basis = .contract
            let text = try LetterFixture.text(facts)
            #expect(!text.contains(withdrawn) && text.contains(plain))
            facts.basis = .consent
            facts.regimeID = "us-ca"
            #expect(try !LetterFixture.text(facts).contains("7(3)"))
        }
    }

    @Test(arguments: [
        ("gdpr", "en", " (Art. 6(1)(a) GDPR)\n"), ("uk-gdpr", "de", " (Art. 6 Abs. 1 Buchst. a UK GDPR)\n"),
        ("us-ca", "en", "- Legal basis: my consent\n"), (nil, "fr", "mon consentement\n"),
    ])
    func `a grant and its end cite the law they are under, and none where none is known`(
        _ law: String?, _ language: String, _ basis: String
    ) throws {
        var grant = LetterFixture.facts(.grant, language)
        (grant.basis, grant.regimeID) = (.consent, law)
        #expect(try LetterFixture.text(grant).contains(basis))
        var end = LetterFixture.facts(.revocation, language)
        end.regimeID = law
        #expect(try LetterFixture.text(end).contains("GDPR") == (law?.hasSuffix("gdpr") == true))
    }

    @Test(arguments: ["en", "de", "fr"])
    func `whoever opts out is not asked to prove who they are`(_ language: String) throws {
        let doubt = try #require(LetterWords.of(LetterLanguage(rawValue: language)!)?.phrases["doubt"])
            .filled(with: ["cite.doubt": []]).plain.split(separator: ".")[1]
        #expect(try LetterFixture.text(LetterFixture.facts(.objection, language)).contains(doubt.prefix(30)))
        #expect(try !LetterFixture.text(LetterFixture.facts(.optOutOfSale, language)).contains(doubt.prefix(30)))
    }

    @Test func `the erasure after a grant names the grant, the notice and what it covered`() throws {
        let text = try LetterFixture.text(LetterFixture.facts(.grantErasure))
        #expect(
            text.contains("On 2 January 2027 I gave Shop Example GmbH permission to use some of my data (reference 99aabbcc)"))
        #expect(text.contains("(reference 55667788)") && text.contains("- Data: full name; delivery address\n"))
        #expect(!text.contains("any customer account"))
    }

    @Test func `an access request makes every demand`() throws {
        let english = try LetterFixture.text(LetterFixture.facts(.access))
        for part in [
            "confirm whether", "complete copy", "purposes", "categories", "recipients", "how long", "source", "automatically",
            "transferred", "electronic form, structured",
        ] {
            #expect(english.contains(part), "\(part)")
        }
    }

    @Test func `a rights letter says what its signature does not show`() throws {
        let text = try LetterFixture.text(LetterFixture.facts(.access))
        #expect(
            text.contains(
                "The signature shows that the same key holder wrote this, not who that is; match me by the identifiers below:\n\n- e-mail"
            ))
    }

    @Test func `a grant names the data and not the values`() throws {
        let letter = try Letter.compose(LetterFixture.facts(.grant, "de"))
        let text = try LetterFixture.text(LetterFixture.facts(.grant, "de"))
        #expect(text.contains("- Daten: Name; Schuhgröße\n- Zweck: Lieferung von Waren (DeliveryOfGoods)\n"))
        #expect(text.contains("bis einschließlich: 31. Mai 2027"))
        #expect(!letter.keys.contains("identifier.shoe_size"))
    }

    @Test(arguments: Catalogue.entries.map(\.name), ["en", "de", "fr"])
    func `every item of the catalogue has words in all languages`(_ item: DataItemName, _ language: String) throws {
        let words = try #require(LetterWords.of(LetterLanguage(rawValue: language)!))
        #expect(words.phrases["item.\(item)"] != nil)
    }

    @Test func `an item of the person's own goes by its name, and by the company's words where it has some`() throws {
        var facts = LetterFixture.facts(.grant)
        facts.items = [.init(DataItemName("club_card")!), .init(.email, label: "login\r\n{{me.name}}")]
        #expect(try LetterFixture.text(facts).contains("- Data: club_card; login {{me.name}}\n"))
    }

    @Test(arguments: ["en", "de", "fr"])
    func `all languages have the same phrases, and every purpose has one`(_ language: String) throws {
        let words = try #require(LetterWords.of(LetterLanguage(rawValue: language)!))
        let english = try #require(LetterWords.of(.en))
        #expect(Set(words.phrases.keys) == Set(english.phrases.keys))
        for (key, phrase) in words.phrases where key != "date" {
            #expect(phrase.places == english.phrases[key]?.places, "\(key)")
        }
        for (kind, body) in words.bodies { #expect(body.places == english.bodies[kind]?.places, "\(kind)") }
        for purpose in Purpose.allCases { #expect(words.phrases["purpose.\(purpose)"] != nil) }
        for regime in LawBook.shipped.regimes {
            #expect(words.phrases["law.\(regime.id)"] != nil && words.phrases["silence.\(regime.id)"] != nil)
        }
        for month in 1...12 { #expect(words.phrases["month.\(month)"] != nil) }
    }
}
