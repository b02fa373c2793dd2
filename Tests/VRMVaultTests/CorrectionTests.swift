import Testing
import VRMBundle
import VRMModel

@testable import VRMVault

@Suite struct CorrectionTests {
    let vault: TestVault
    let phone = DataItemName("phone_number")!
    let forum = Domain("forum.example")!

    init() throws {
        vault = try TestVault()
        try vault.change { _, change in
            for domain in [shop, forum] {
                _ = try change.addCompany(domain, name: nil, privacyEmail: nil, origin: nil, country: nil)
            }
            _ = try change.set(PersonFact.email, value("jo@me.example"))
            _ = try change.set(PersonFact.name, value("Jo"))
            _ = try change.set(phone, value("+49 1"))
        }
    }

    func holders(_ name: DataItemName? = nil) throws -> [Holder] {
        try vault.open(.reading).holders(of: name ?? phone, at: vault.now)
    }

    func change(_ new: String) throws { try vault.change { _, change in _ = try change.set(phone, value(new)) } }

    func hold(_ domain: Domain, version: Int?) throws {
        try vault.change { vault, change in
            _ = try change.hold([phone], by: vault.company(domain.description), since: nil, version: version)
        }
    }

    /// A rectification of the phone number, and what is told of the person in its letter.
    func correct(_ domain: Domain, old: String? = nil) throws -> RightsRequest {
        try vault.change { vault, change in
            let company = try vault.company(domain.description)
            let correction = try vault.correction(of: phone, at: company, old: old.map { value($0) }, at: self.vault.now)
            let name = try vault.fact(.name)!.id
            return try change.request(
                .rectification, about: .corrections([correction]), of: company, under: .plain, in: .english, identifying: [],
                holidays: .none, sent: nil
            ) { draft in
                LetterDraft(
                    subject: "s", to: nil, messageID: "<\(draft.id)@me.example>", date: self.vault.now, bundleFile: "b.json",
                    segments: [.version(name)], fromName: nil, fromAddress: nil)
            }.0
        }
    }

    func changes(of request: RightsRequest) throws -> JSONObject? {
        let open = try vault.open(.reading)
        let file = try open.file(ofBundle: request.bundle).bytes
        let verified = try Verifier(Policy(audience: nil)).verify(
            try Unverified(parsing: file), recalling: Recollection(pinned: []), at: vault.now)
        guard case .request(let payload) = verified.payload else { return nil }
        return payload.changes
    }

    // MARK: Who is to be told

    @Test func `companies with the old value and with an unknown one are told, those with today's are not`() throws {
        try hold(shop, version: 1)
        try hold(forum, version: nil)
        #expect(try holders().map(\.has.word) == ["unknown"])
        try change("+49 2")
        #expect(
            try holders().map { "\($0.relationship.company.domain) \($0.has.word)" } == [
                "forum.example unknown", "shop.example old",
            ])
        #expect(try holders().allSatisfy(\.isUsual))
    }

    @Test func `a login that never was a value of the item is not the item's business`() throws {
        try vault.change { _, change in
            _ = try change.set(email, value("jo@me.example"))
            _ = try change.noteAccount(forum, name: nil, account: Account(login: value("jo+forum@me.example")), format: "x")
            _ = try change.noteAccount(shop, name: nil, account: Account(login: value("jo@me.example")), format: "x")
            _ = try change.set(email, value("jo@new.example"))
        }
        let found = try holders(email)
        #expect(found.map(\.has.word) == ["another", "old"])
        #expect(found.map(\.isUsual) == [false, true])
    }

    @Test func `a revoked grant is nothing to correct, a live one is`() throws {
        let made = try vault.change { vault, change in
            try change.grant(
                [phone], to: vault.company("shop"), for: .CustomerCare, through: Day("2027-02-01")!, terms: nil,
                usual: ShippedTerms.all[0])
        }
        try change("+49 2")
        #expect(try holders().map(\.has.word) == ["old"])
        try vault.change { _, change in _ = try change.revoke(made.grant) }
        #expect(try holders().isEmpty)
    }

    // MARK: What is signed

    @Test func `the old and the new value are signed, each under the key of its version`() throws {
        try hold(shop, version: 1)
        try change("+49 2")
        let request = try correct(shop)
        #expect(try changes(of: request)?["phone_number"]?.object?["old"] == "+49 1")
        try vault.change { _, change in _ = try change.remove(phone, version: 1) }
        #expect(try changes(of: request)?["phone_number"] == ["new": "+49 2"])
        #expect(try vault.open(.reading).verify().fault == nil)
    }

    @Test func `of an unknown version only the new value is said, and what the person types goes before`() throws {
        try hold(shop, version: nil)
        #expect(try changes(of: correct(shop))?["phone_number"] == ["new": "+49 1"])
        let typed = try correct(shop, old: "+49 wrong")
        #expect(try changes(of: typed)?["phone_number"]?.object?["old"] == "+49 wrong")
        #expect(typed.corrections.map(\.old) == [.another])
    }

    @Test func `the value of today is nothing to correct`() throws {
        try hold(shop, version: 1)
        #expect(throws: VaultFailure.nothingToCorrect(phone)) { try correct(shop) }
        #expect(throws: VaultFailure.nothingToCorrect(phone)) { try correct(shop, old: "+49 1") }
    }

    // MARK: What it does

    @Test func `the company has the new value only once it says so, and again not when that proves wrong`() throws {
        try hold(shop, version: 1)
        try change("+49 2")
        let request = try correct(shop)
        func line() throws -> WhoLine {
            try #require(try vault.open(.reading).who(has: phone, at: vault.now).first { $0.why.kind == .holding })
        }
        #expect(try line().version == 1)
        vault.now = Instant("2027-02-01T12:00:00Z")!
        try vault.record(.sent, "2027-01-02", on: request)
        #expect(try line().version == 1 && holders().first?.request?.id == request.id)
        try vault.record(.fulfilled, "2027-01-20", on: request)
        let put = try line()
        #expect(put.version == 2 && put.got == 1 && put.isCurrent && put.rectified == request.id)
        #expect(try holders().map(\.has.word) == ["current"])
        try vault.record(.reopened, "2027-01-30", on: request)
        #expect(try line().version == 1)
    }

    @Test func `an erasure that was carried out leaves nothing held`() throws {
        try hold(shop, version: 1)
        let request = try vault.makeRequest(.erasure)
        vault.now = Instant("2027-02-01T12:00:00Z")!
        try vault.record(.sent, "2027-01-02", on: request)
        try vault.record(.fulfilled, "2027-01-20", on: request)
        try change("+49 2")
        #expect(try vault.open(.reading).who(has: phone, at: vault.now).map(\.state) == ["erased"])
        #expect(try holders().isEmpty)
    }

    // MARK: The join

    @Test func `what a request tells of the person is found, in its letter and in its file`() throws {
        try hold(shop, version: 1)
        try change("+49 2")
        let request = try correct(shop)
        let open = try vault.open(.reading)
        for told in ["+49 2", "Jo", "jo@me.example"] {
            let lines = try open.who(hasValue: value(told), at: vault.now)
            #expect(lines.map(\.why.id) == [request.id], "\(told)")
            #expect(lines.first?.why.right == .rectification && lines.first?.why.source == "test" && lines.first?.state == "made")
        }
        // The company had the old one; the request did not bring it.
        #expect(try open.who(hasValue: value("+49 1"), at: vault.now).map(\.why.kind) == [.holding])
    }

    @Test func `a company forgotten is in no join`() throws {
        try hold(shop, version: 1)
        try change("+49 2")
        let request = try correct(shop)
        try vault.record(.withdrawn, "2027-01-01", on: request)
        try vault.change { vault, change in _ = try change.removeCompany(vault.company("shop")) }
        let open = try vault.open(.reading)
        #expect(try open.who(has: phone, at: vault.now).isEmpty && open.who(hasValue: value("Jo"), at: vault.now).isEmpty)
        #expect(open.verify().fault == nil)
    }

    @Test func `the erasure after a revocation names the grant alone`() throws {
        let request = try vault.change { vault, change in
            let company = try vault.company("shop")
            let made = try change.grant(
                [phone], to: company, for: .CustomerCare, through: Day("2027-02-01")!, terms: nil, usual: ShippedTerms.all[0])
            let (revocation, _) = try change.revoke(made.grant)
            return try change.request(
                .erasure, about: .grant(made.grant, revocation), of: company, under: .plain, in: .english, identifying: [],
                holidays: .none, sent: nil
            ) { draft in
                LetterDraft(
                    subject: "s", to: nil, messageID: "<\(draft.id)@me.example>", date: self.vault.now, bundleFile: "b.json",
                    segments: [], fromName: nil, fromAddress: nil)
            }.0
        }
        #expect(request.grants.count == 1)
        let open = try vault.open(.reading)
        #expect(try open.request(request.id.description) == request)
        #expect(try open.overview(open.company("shop"), at: vault.now).requests == [request])
    }
}
