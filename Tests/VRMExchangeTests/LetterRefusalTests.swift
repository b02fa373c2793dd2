import Testing
import VRMModel

@testable import VRMExchange

/// Each case takes one thing from facts that make a letter.
@Suite struct RefusedLetterTests {
    static let cases: [(LetterKind, LetterFailure, @Sendable (inout LetterFacts) -> Void)] = [
        (.access, .languageNotWritten, { $0.language = LanguageCode("it")! }),
        (.access, .unknownRegime, { $0.regimeID = "lex" }),
        (.access, .unknownRegime, { $0.regimeID = nil }),
        (.reminder, .unknownRegime, { $0.regimeID = nil }),
        (.access, .noCompanyName, { $0.companyName = " \u{7} " }),
        (.access, .noArticle, { $0.article = nil }),
        (.erasure, .noDeadline, { $0.deadline = nil }),
        (.erasure, .noIdentifier, { $0.identifiers = [] }),
        (.access, .badReference, { $0.reference = "a\r\nBcc: x@y.example" }),
        (.access, .badFileName, { $0.bundleFile = "../x y.json" }),
        (.access, .badDigest, { $0.bundleSHA256Hex = String($0.bundleSHA256Hex.dropLast()) }),
        (.access, .badDigest, { $0.bundleSHA256Hex = $0.bundleSHA256Hex.uppercased() }),
        (.reminder, .noMatter, { $0.matter = nil }),
        (.complaint, .noArticle, { $0.article = nil }),
        (.admonition, .noDeadline, { $0.deadline = nil }),
        (.revocation, .noGrant, { $0.ended = nil }),
        (.revocation, .badReference, { $0.ended = .init(reference: "x y", made: $0.date) }),
        (.revocation, .noItems, { $0.items = [] }),
        (.revocation, .noPurpose, { $0.purposes = [] }),
        (.rectification, .noChanges, { $0.changes = [] }),
        (.access, .noItems, { $0.answered = .init(reference: "77665544", shows: []) }),
        (.objection, .noItems, { $0.answered = .init(reference: "77665544", shows: [.field("segment")]) }),
        (.erasure, .badReference, { $0.answered = .init(reference: "x y", shows: [.field("segment")]) }),
        (.grantErasure, .noGrant, { $0.ended = nil }),
        (.grantErasure, .noGrant, { $0.ended = .init(reference: "99aabbcc", made: $0.date) }),
        (.grantErasure, .badReference, { $0.ended = .init(reference: "x", made: $0.date, notice: "x y") }),
        (.grantErasure, .noItems, { $0.items = [] }),
        (.grant, .noItems, { $0.items = [] }),
        (.grant, .noPurpose, { $0.purposes = [] }),
        (.grant, .noLastDay, { $0.until = nil }),
        (.terms, .noTerms, { $0.terms = nil }),
        (.terms, .noPurpose, { $0.purposes = [] }),
        (.terms, .noLastDay, { $0.until = nil }),
    ]

    @Test(arguments: cases.indices)
    func `facts that make no letter are refused by name`(_ index: Int) {
        let (kind, failure, change) = RefusedLetterTests.cases[index]
        var facts = LetterFixture.facts(kind)
        change(&facts)
        #expect(throws: failure) { try Letter.compose(facts) }
    }
}

/// What a company calls itself is not ours to choose.
@Suite struct StrangersLetterTests {
    @Test func `a company's name is never read as a template`() throws {
        var facts = LetterFixture.facts(.erasure)
        facts.companyName = "{{me.address}} {{unknown}} {{"
        facts.runs = ["{{bundle.digest}}"]
        let letter = try Letter.compose(facts)
        let text = letter.text { "‹\($0)›" }
        #expect(text.contains("about me that {{me.address}} {{unknown}} {{ processes"))
        #expect(text.contains("you run them: {{bundle.digest}}\n"))
        #expect(letter.segments.filter { $0 == .personal("me.address") }.count == 1)
    }

    @Test func `a name can neither steer a terminal nor pass for a paragraph`() throws {
        var facts = LetterFixture.facts(.erasure)
        facts.companyName = "Evil\u{1B}[2J\r\n\r\nI withdraw this request.\u{202E}\u{2028}x\u{0}"
        facts.companyAddress = "\n\nA\t1\n\n\n\u{9B}B \n"
        let text = try LetterFixture.text(facts)
        #expect(text.contains("\n\nEvil[2J I withdraw this request. x\nA 1\nB\n\n16"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 32 && !(0x7F..<0xA0).contains($0.value)) })
    }

    @Test func `a name is cut where no company's is that long`() throws {
        var facts = LetterFixture.facts(.erasure)
        facts.companyName = String(repeating: "ä", count: 5000)
        let line = try LetterFixture.text(facts).split(separator: "\n")[4]
        #expect(line.count == 200 && line.hasSuffix("ä…"))
    }

    @Test func `a value of the person's own is never cut`() throws {
        let long = String(repeating: "ä", count: 5000)
        let letter = try Letter.compose(LetterFixture.facts(.erasure))
        #expect(letter.text { _ in long }.hasPrefix(long + "\n" + long + "\n" + long + "\n\nShop"))
    }

    @Test func `a value takes one line unless it is the person's own address`() throws {
        let letter = try Letter.compose(LetterFixture.facts(.access))
        let text = letter.text { _ in "one\r\ntwo\u{1B}{{x}}" }
        #expect(text.hasPrefix("one, two{{x}}\none\ntwo{{x}}\none, two{{x}}\n\nShop"))
        #expect(text.contains("- customer number: one, two{{x}}\n"))
    }

    @Test func `a value that cannot be had stops the letter`() throws {
        struct Gone: Error {}
        let letter = try Letter.compose(LetterFixture.facts(.access))
        #expect(throws: Gone.self) { try letter.text { _ in throw Gone() } }
    }
}

@Suite struct TemplateLetterTests {
    @Test func `an unknown place is an error`() throws {
        let template = try LetterTemplate("a {{b}}")
        #expect(throws: LetterTemplate.Failure.unknownPlace("b")) { try template.filled(with: ["c": []]) }
    }

    @Test(arguments: ["{{", "a {{b c", "{{b}", "{{b}\n}"])
    func `an unclosed place is an error`(_ text: String) {
        #expect(throws: LetterTemplate.Failure.unclosedPlace) { try LetterTemplate(text) }
    }

    @Test(arguments: ["{{}}", "{{ b }}", "{{B}}", "{{{b}}}"])
    func `a place has a plain name`(_ text: String) {
        #expect(throws: LetterTemplate.Failure.badName) { try LetterTemplate(text) }
    }

    @Test func `lines and paragraphs of empty places disappear, text stays`() throws {
        let template = try LetterTemplate("{{e}}\n\na\n{{e}}{{e}}\nb{{e}}\n\n{{e}}\n{{e}}\n\n{{p}}}}\n")
        #expect(try template.filled(with: ["e": [], "p": [.personal("p")]]) == [.text("a\nb\n\n"), .personal("p"), .text("}}")])
    }
}
