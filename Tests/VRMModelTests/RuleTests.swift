import Testing
import VRMModel

@Suite struct GrantRuleTests {
    let now = Instant("2027-01-01T12:00:00Z")!
    let id = RecordID([UInt8](repeating: 7, count: 16))!

    func offer(
        _ decision: OfferedTerms.Decision? = nil, ends: String = "2028-01-01", purposes: Set<Purpose> = Terms.servicePurposes
    ) -> OfferedTerms {
        OfferedTerms(
            id: id, relationship: id, terms: TermsID("own-1")!, language: .english, sha256: [], purposes: purposes, made: now,
            ends: Day(ends)!.start, bundle: id, answer: decision.map { OfferedTerms.Answer(decision: $0, at: now, bundle: id) })
    }

    func grant(_ offer: OfferedTerms, _ purpose: Purpose = .CustomerCare, _ until: String = "2027-02-01", items: Int = 1)
        throws(GrantRefusal) -> Grant
    {
        let item = Grant.Item(name: .email, version: 1, versionID: id)
        return try offer.grant(
            Array(repeating: item, count: items), for: purpose, through: Day(until)!, at: now, id: id, bundle: id)
    }

    @Test func `silence lets a grant stand on consent, acceptance on the contract`() throws {
        #expect(try grant(offer()).basis == .consent)
        #expect(try grant(offer(.accepted)).basis == .contract)
        #expect(try grant(offer(.counter)).basis == .consent)
    }

    @Test func `rejected terms refuse every grant`() {
        #expect(throws: GrantRefusal.termsRejected) { try grant(offer(.rejected)) }
    }

    @Test func `a grant names at least one item`() { #expect(throws: GrantRefusal.noItems) { try grant(offer(), items: 0) } }

    @Test func `a purpose the terms do not name is refused`() {
        #expect(throws: GrantRefusal.purposeNotOffered(.DirectMarketing)) { try grant(offer(), .DirectMarketing) }
    }

    @Test func `the last day is included`() throws {
        let grant = try grant(offer())
        #expect(grant.until == Day("2027-02-01"))
        #expect(grant.isActive(at: Instant("2027-02-01T23:59:59Z")!))
        #expect(!grant.isActive(at: Instant("2027-02-02T00:00:00Z")!))
    }

    @Test func `a grant ends within ninety days, in the future, and before its terms`() throws {
        #expect(throws: GrantRefusal.alreadyOver(Day("2026-12-31")!)) { try grant(offer(), .CustomerCare, "2026-12-31") }
        #expect(throws: GrantRefusal.tooLong(latest: Day("2027-03-31")!)) { try grant(offer(), .CustomerCare, "2027-04-01") }
        #expect(throws: GrantRefusal.outlivesTerms(ends: Day("2027-01-15")!)) { try grant(offer(ends: "2027-01-15")) }
        #expect(try grant(offer(), .CustomerCare, "2027-03-31").until == Day("2027-03-31"))
    }

    @Test func `a revoked grant is revoked whatever else happened to it`() throws {
        var grant = try grant(offer())
        #expect(grant.state(at: now) == .made)
        grant.sent = now.day
        #expect(grant.state(at: now) == .sent)
        grant.supersededBy = id
        #expect(grant.state(at: now) == .superseded)
        grant.revocation = id
        #expect(grant.state(at: Instant("2030-01-01T00:00:00Z")!) == .revoked)
    }
}

@Suite struct NameTests {
    @Test(arguments: ["Shop.Example", "shop.example.", "xn--mller-kva.example", "a_b.example"])
    func `a host name is lowered and kept`(_ text: String) { #expect(Domain(text) != nil) }

    @Test(arguments: [
        "shop", "", ".example", "a..b", "-a.example", "1.2.3.4", "shöp.example", "a b.example", "a/b.example",
        "https://a.example",
    ])
    func `what is no host name is refused`(_ text: String) { #expect(Domain(text) == nil) }

    @Test(arguments: [
        "https://shop.example/", "http://shop.example", "https://Shop.example", "https://shop.example:443",
        "https://shop.example:0", "https://shop.example:080", "https://a@shop.example", "https://shop.example.",
    ])
    func `an origin has one spelling`(_ text: String) { #expect(Origin(text) == nil) }

    @Test func `an origin may name a port`() { #expect(Origin("https://shop.example:8443")?.host == Domain("shop.example")) }

    @Test func `a personal value prints as private`() {
        let value = Private("mara@muster.example")
        var dumped = ""
        dump(["x": value], to: &dumped)
        #expect(!"\(value) \(String(reflecting: value)) \(dumped)".contains("mara"))
    }

    @Test(arguments: ["mara@muster.example", "m.m+x@muster.example"])
    func `a mail address is accepted`(_ text: String) { #expect(isMailAddress(text)) }

    @Test(arguments: [
        "mara", "@muster.example", "a@b", "a b@muster.example", "a@muster.example\r\nBcc: x@y.example", "a,b@muster.example",
        "<a@muster.example>",
    ])
    func `what could break a header is no mail address`(_ text: String) { #expect(!isMailAddress(text)) }

    @Test func `the catalogue has each item once, the roster each agreement once`() {
        #expect(Set(Catalogue.entries.map(\.name)).count == Catalogue.entries.count)
        #expect(Set(Roster.agreements.map(\.id)).count == Roster.agreements.count)
        #expect(Roster.agreement(TermsID("SD-BASE")!)?.purposes == Terms.servicePurposes)
        #expect(!Roster.agreements.contains { $0.purposes.contains(.SellDataToThirdParties) })
    }
}
