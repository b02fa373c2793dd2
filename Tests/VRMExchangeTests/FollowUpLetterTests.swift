import Testing
import VRMModel

@testable import VRMExchange

@Suite struct FollowUpLetterTests {
    static let kinds = FollowUp.Kind.allCases.compactMap { LetterKind($0) }

    @Test func `there is a letter of each kind`() { #expect(FollowUpLetterTests.kinds.count == FollowUp.Kind.allCases.count) }

    @Test(arguments: kinds, LawBook.shipped.regimes.map(\.id))
    func `a further letter tells its request and cites no other law`(_ kind: LetterKind, _ id: String) throws {
        let regime = try #require(LawBook.shipped.regime(id))
        for language in ["en", "de", "fr"] {
            var facts = LetterFixture.facts(kind, language)
            facts.regimeID = id
            facts.article = regime.articles[.erasure] ?? regime.articles[.optOutOfSale] ?? regime.articles[.access]
            let text = try LetterFixture.text(facts)
            #expect(
                text.contains("16") && text.contains("2027") && !text.contains("  ") && !text.contains("{{")
                    && !text.contains("()"))
            #expect(try !LetterFixture.strayCitations(under: id, language).contains { text.contains($0) }, "\(language)")
        }
    }

    @Test func `a reminder says what is open since when, and by when it wants an answer`() throws {
        var facts = LetterFixture.facts(.reminder)
        facts.matter?.timeline = [.init(.sent, on: Day("2027-03-16")!)]
        let text = try LetterFixture.text(facts)
        #expect(text.contains("On 16 March 2027 I sent you this request: Request for erasure"))
        #expect(text.contains("Your answer was due by 16 April 2027. I have no answer to it yet."))
        #expect(text.contains("in full by 10 May 2027. If you have answered already, please send me that answer again"))
        facts.matter?.isPast = false
        #expect(try LetterFixture.text(facts).contains("Your answer is due by 16 April 2027."))
    }

    @Test(arguments: [RequestEvent.Kind.partial, .refused, .fulfilled, .noData], ["en", "de", "fr"])
    func `a reminder after an answer does not say that none came`(_ answer: RequestEvent.Kind, _ language: String) throws {
        var facts = LetterFixture.facts(.reminder, language)
        let resend = try #require(LetterWords.of(LetterLanguage(rawValue: language)!)?.phrases["resend"]).filled(with: [:])
        facts.matter?.timeline = [.init(.sent, on: Day("2027-03-16")!)]
        #expect(try LetterFixture.text(facts).contains(resend.plain))
        facts.matter?.timeline.append(.init(answer, on: Day("2027-04-10")!))
        #expect(try !LetterFixture.text(facts).contains(resend.plain))
    }

    @Test(arguments: LawBook.shipped.regimes.map(\.id))
    func `what only the GDPR says of proofs, forms and remedies is claimed under no other law`(_ id: String) throws {
        var texts = ""
        for kind in [LetterKind.identityDispute, .channelDispute, .excessiveDispute, .admonition] {
            var facts = LetterFixture.facts(kind)
            facts.regimeID = id
            texts += try LetterFixture.text(facts)
        }
        for claim in [
            "reasonable doubts about who I am, and only", "open an account", "that it makes work", "the law wants your reasons",
        ] {
            #expect(texts.contains(claim) == id.hasSuffix("gdpr"), "\(claim)")
        }
    }

    @Test func `an admonition names the reminder before it and what comes next`() throws {
        let text = try LetterFixture.text(LetterFixture.facts(.admonition))
        #expect(text.contains("You refused it on 10 April 2027."))
        #expect(text.contains("I reminded you of my request on 20 April 2027. This is my last reminder before a complaint."))
        #expect(text.contains("I will turn to the supervisory authority without writing to you again."))
        var british = LetterFixture.facts(.admonition)
        british.regimeID = "uk-gdpr"
        #expect(
            try LetterFixture.text(british).contains(
                "(section 164A of the Data Protection Act 2018) and then to the Information Commissioner"))
    }

    @Test(arguments: ["en", "de", "fr"])
    func `where an appeal comes next, an admonition does not threaten with the authority at once`(_ language: String) throws {
        var facts = LetterFixture.facts(.admonition, language)
        facts.regimeID = "us-va"
        #expect(try !LetterFixture.text(facts).contains("appeal"))
        facts.matter?.appealComes = true
        let text = try LetterFixture.text(facts)
        #expect(text.contains("appeal") && text.contains("Attorney General"))
        let atOnce = ["without writing to you again", "ohne weiteres Schreiben", "sans vous écrire à nouveau"]
        #expect(!atOnce.contains { text.contains($0) })
    }

    @Test(arguments: ["en", "de", "fr"])
    func `what no law sets a day for is not called due`(_ language: String) throws {
        for kind in [LetterKind.reminder, .complaint] {
            var facts = LetterFixture.facts(kind, language)
            facts.regimeID = "lgpd"
            facts.matter?.due = nil
            let text = try LetterFixture.text(facts)
            #expect(!text.contains("16 April") && !text.contains("16. April") && !text.contains("16 avril"))
            #expect(!text.contains("  ") && !text.contains(" \n"))
        }
    }

    @Test func `the signature of a request says nothing of the letter it goes with`() throws {
        var facts = LetterFixture.facts(.reminder)
        let wrote = "The signature shows that the same key holder wrote that request, not who that is"
        #expect(try LetterFixture.text(facts).contains(wrote + "; match me by the identifiers below:\n\n- e-mail"))
        facts.identifiers = []
        #expect(try LetterFixture.text(facts).contains(wrote + ".\n"))
    }

    @Test func `in the United Kingdom each complaint has its own section`() throws {
        for (kind, section) in [(LetterKind.companyComplaint, "section 164A of"), (.complaint, "section 165 of")] {
            var facts = LetterFixture.facts(kind)
            facts.regimeID = "uk-gdpr"
            #expect(try LetterFixture.text(facts).contains("(\(section) the Data Protection Act 2018)"))
        }
    }

    @Test(arguments: [
        ("en", "the company asked me to specify my request", "the company asked for proof of who I am"),
        ("de", "den Antrag zu präzisieren", "einen Nachweis meiner Identität"), ("fr", "de préciser la demande", "mon identité"),
    ])
    func `a question about the scope is not told as one about identity`(
        _ language: String, _ scope: String, _ identity: String
    ) throws {
        var facts = LetterFixture.facts(.complaint, language)
        for (about, told, untold) in [(Clarification.scope, scope, identity), (.identity, identity, scope)] {
            facts.matter?.timeline = [.init(.identityRequested, on: Day("2027-03-20")!, about: about)]
            let text = try LetterFixture.text(facts)
            #expect(text.contains(told) && !text.contains(untold))
        }
    }

    @Test func `a complaint goes to the authority, about the company, with what happened in order`() throws {
        let letter = try Letter.compose(LetterFixture.facts(.complaint))
        let text = try LetterFixture.text(LetterFixture.facts(.complaint))
        #expect(letter.subject.hasPrefix("Complaint about Controller Ltd: Request for erasure"))
        #expect(text.contains("I lodge a complaint (Art. 77 GDPR) about\n\nController Ltd\n9 Far Street\nElsewhere\n"))
        #expect(
            text.contains(
                """
                - 16 March 2027: I sent the request
                - 18 March 2027: the company acknowledged it
                - 10 April 2027: the company refused
                - 20 April 2027: I wrote again
                """))
        #expect(text.contains("Controller Ltd knows me by:\n\n- e-mail address: "))
    }

    @Test(arguments: [
        ("uk-gdpr", "de", "(section 165 des Data Protection Act 2018)", "Information Commissioner"),
        ("ch-fadp", "de", "(Art. 49 DSG)", "Eidgenössischer Datenschutz- und Öffentlichkeitsbeauftragter"),
        ("ch-fadp", "fr", "(art. 49 LPD)", "Préposé fédéral à la protection des données et à la transparence"),
        ("us-tx", "en", "(Tex. Bus.", "Attorney General of Texas"), ("gdpr", "en", "(Art. 77 GDPR)", nil),
    ])
    func `a complaint names law and authority in its own language`(
        _ id: String, _ language: String, _ law: String, _ authority: String?
    ) throws {
        var facts = LetterFixture.facts(.complaint, language)
        facts.regimeID = id
        facts.matter?.complaintArticle = try #require(LawBook.shipped.regime(id)).complaint.citation.article
        #expect(try LetterFixture.text(facts).contains(law))
        #expect(Letter.authority(of: id, in: LanguageCode(language)!) == authority)
    }

    @Test func `a law that has no one authority for all has no addressee, and every other has one in each language`() {
        for regime in LawBook.shipped.regimes {
            for language in Letter.languages {
                #expect((Letter.authority(of: regime.id, in: language) == nil) == (regime.countries.count > 1), "\(regime.id)")
            }
        }
    }

    @Test(arguments: [
        (FollowUp.Kind.companyComplaint, "I complained to the company"), (.appeal, "I appealed to the company"),
        (.admonition, "I wrote again"), (.excessiveDispute, "I wrote again"),
    ])
    func `a complaint tells which letter came before it`(_ kind: FollowUp.Kind, _ words: String) throws {
        var facts = LetterFixture.facts(.complaint)
        facts.matter?.timeline.append(.init(.reminded, on: Day("2027-05-01")!, letter: kind))
        #expect(try LetterFixture.text(facts).contains("- 1 May 2027: \(words)\n"))
    }

    @Test(arguments: ["en", "de", "fr"])
    func `every event and every authority has words`(_ language: String) throws {
        let words = try #require(LetterWords.of(LetterLanguage(rawValue: language)!))
        for kind in RequestEvent.Kind.allCases { #expect(words.phrases["event.\(kind.rawValue)"] != nil, "\(kind)") }
        for regime in LawBook.shipped.regimes { #expect(words.phrases["authority.\(regime.id)"] != nil, "\(regime.id)") }
    }
}

@Suite struct AuthorityTests {
    func record(_ slug: String, _ country: String, _ source: DirectoryRecord.Source = .authorities) -> DirectoryRecord {
        var record = DirectoryRecord(source: source, slug: slug, name: slug, domains: [])
        record.country = CountryCode(country)
        return record
    }

    var known: [DirectoryRecord] {
        [
            record("dehmbbfdi", "DE"), record("deberlbdi", "DE"), record("dekathdsz", "DE"), record("frcnil", "FR"),
            record("gbico", "GB"),
        ]
    }

    @Test(arguments: [
        ("FR" as String?, "DE" as String?, "HH" as String?, ["frcnil"]), (nil, "DE", "HH", ["dehmbbfdi"]),
        ("DE", "FR", nil, ["dehmbbfdi", "deberlbdi"]), ("DE", "DE", "BE", ["deberlbdi"]), ("US", "FR", nil, ["frcnil"]),
        ("ES", nil, nil, []),
    ])
    func `it is that of the person's country, else of the company's`(
        _ person: String?, _ company: String?, _ region: String?, _ slugs: [String]
    ) throws {
        let fitting = Authorities.fitting(
            known, person: person.flatMap { CountryCode($0) },
            company: company.flatMap { CountryCode($0) }.map { Place(country: $0, region: region) },
            in: try #require(LawBook.shipped.regime("gdpr")))
        #expect(fitting.map(\.slug) == slugs)
    }

    @Test func `a law has no authority of another's`() throws {
        let fitting = Authorities.fitting(
            known, person: CountryCode("DE"), company: CountryCode("GB").map { Place(country: $0) },
            in: try #require(LawBook.shipped.regime("uk-gdpr")))
        #expect(fitting.map(\.slug) == ["gbico"])
    }
}
