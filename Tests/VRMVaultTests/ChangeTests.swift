import Foundation
import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@testable import VRMVault

@Suite struct ChangeTests {
    let vault: TestVault
    let until = Day("2027-02-01")!

    init() throws {
        vault = try TestVault()
        try vault.change { _, change in
            _ = try change.addCompany(shop, name: "Shop", privacyEmail: "privacy@shop.example", origin: nil, country: nil)
            _ = try change.set(email, value("mara@muster.example"))
        }
    }

    func grant(_ purpose: Purpose = .CustomerCare, terms: TermsID? = nil) throws -> MadeGrant {
        try vault.change { vault, change in
            try change.grant(
                [email], to: try vault.company("shop"), for: purpose, through: until, terms: terms, usual: ShippedTerms.all[0])
        }
    }

    @Test func `a change that fails leaves nothing behind`() throws {
        struct Stop: Error {}
        let before = try vault.open(.reading).ledger().count
        #expect(throws: Stop.self) {
            try vault.change { _, change in
                _ = try change.set(email, value("lost@muster.example"))
                throw Stop()
            }
        }
        let open = try vault.open(.reading)
        #expect(try open.value(email).value.revealed == "mara@muster.example")
        #expect(try open.ledger().count == before)
        #expect(open.verify().fault == nil)
    }

    @Test func `a rehearsal gives the answer and changes nothing`() throws {
        let open = try vault.open()
        let version = try open.change("test", at: vault.now, isRehearsal: true) { try $0.set(email, value("new@muster.example")) }
        #expect(version.number == 2)
        #expect(try open.value(email).number == 1)
        #expect(open.verify().fault == nil)
    }

    @Test func `the same value again is no new version`() throws {
        let version = try vault.change { _, change in try change.set(email, value("mara@muster.example")) }
        #expect(version.number == 1)
        #expect(try vault.open(.reading).history(email).count == 1)
    }

    @Test func `values are kept apart by bytes, not by looks`() throws {
        let name = DataItemName("locality")!
        try vault.change { _, change in
            _ = try change.set(name, value("K\u{F6}ln"))
            _ = try change.set(name, value("Ko\u{308}ln"))
        }
        #expect(try vault.open(.reading).history(name).count == 2)
    }

    @Test func `who has it: the grant with its version, the holding without`() throws {
        _ = try grant()
        try vault.change { vault, change in
            _ = try change.hold([email], by: try vault.company("shop"), since: Day("2020-01-01"), version: nil)
            _ = try change.set(email, value("new@muster.example"))
        }
        let open = try vault.open(.reading)
        let lines = try open.who(has: email, at: vault.now)
        #expect(lines.count == 2)
        let granted = try #require(lines.first { $0.grant != nil })
        #expect(granted.version == 1 && !granted.isCurrent && granted.state == "made" && granted.until == until)
        #expect(lines.first { $0.grant == nil }?.state == "held")
        #expect(try open.who(hasValue: value("MARA@muster.example "), at: vault.now).map(\.version) == [1])
        #expect(try open.who(hasValue: value("nobody@muster.example"), at: vault.now).isEmpty)
        #expect(throws: VaultFailure.unknownItem(DataItemName("iban")!)) {
            try open.who(has: DataItemName("iban")!, at: vault.now)
        }
    }

    @Test func `an imported login is found under the item's version it equals`() throws {
        let taken = try vault.change { _, change in
            try change.noteAccount(
                Domain("other.example")!, name: "Other", account: Account(login: value("mara@muster.example")), format: "chromium"
            )
        }
        #expect(taken.isNewCompany && taken.isNew)
        let again = try vault.change { _, change in
            try change.noteAccount(
                Domain("other.example")!, name: "Other", account: Account(login: value("mara@muster.example")), format: "chromium"
            )
        }
        #expect(!again.isNewCompany && !again.isNew)
        let line = try #require(try vault.open(.reading).who(has: email, at: vault.now).first)
        #expect(line.company == Domain("other.example") && line.version == 1 && line.isCurrent)
    }

    @Test func `a grant proffers terms when none stand, and the next one uses them`() throws {
        #expect(try grant().offered != nil)
        #expect(try grant().offered == nil)
        #expect(try vault.open(.reading).overview(try vault.open(.reading).company(shop)!, at: vault.now).offers.count == 1)
    }

    @Test func `a grant is kept byte for byte, without its values in the bundle's row`() throws {
        let made = try grant()
        let open = try vault.open(.reading)
        let file = try open.file(ofBundle: made.grant.bundle)
        #expect(file.bytes == made.signed.flattened && file.missing == 0)
        let row = try #require(try open.store.get(made.grant.bundle))
        #expect(!String(decoding: row.body, as: UTF8.self).contains(try #require(made.signed.disclosures?.first)))
    }

    @Test func `removing a value reaches the grants it went out in`() throws {
        let made = try grant()
        try vault.change { _, change in _ = try change.remove(email) }
        try check(made)
        try vault.change { _, change in _ = try change.set(email, value("later@muster.example")) }
        #expect(try vault.open(.reading).who(has: email, at: vault.now).map(\.isCurrent) == [false])
    }

    private func check(_ made: MadeGrant) throws {
        let open = try vault.open(.reading)
        let file = try open.file(ofBundle: made.grant.bundle)
        #expect(file.missing == 1)
        #expect(throws: VaultFailure.unknownItem(email)) { try open.value(email) }
        #expect(try open.who(has: email, at: vault.now).count == 1)
        #expect(open.verify().fault == nil)
    }

    @Test func `a revoked grant is over, and cannot be revoked or renewed again`() throws {
        let made = try grant()
        let signed = try vault.change { _, change in try change.revoke(made.grant).1 }
        let bundle = try Verifier(Policy(audience: "https://shop.example")).verify(
            signed.flattened, recalling: Recollection(), at: vault.now)
        guard case .revocation(let revocation) = bundle.payload else { return #expect(Bool(false), "no revocation") }
        #expect(revocation.revokes == [made.signed.reference])
        let grants = try vault.open(.reading).grants()
        let now = try #require(grants.first)
        #expect(now.state(at: vault.now) == .revoked)
        #expect(throws: VaultFailure.grantNotActive(.revoked)) { try vault.change { _, change in _ = try change.revoke(now) } }
    }

    @Test func `two companies never get the same key`() throws {
        let other = Domain("other.example")!
        try vault.change { _, change in _ = try change.addCompany(other, name: nil, privacyEmail: nil, origin: nil, country: nil)
        }
        let issuers = try [shop, other].map { domain in
            let signed = try vault.change { vault, change in
                try change.offer(ShippedTerms.all[0], to: try #require(try vault.company(domain))).1
            }
            return try Unverified(parsing: signed.flattened).issuer
        }
        #expect(issuers[0] != issuers[1])
    }

    @Test func `an accepted offer makes the contract the basis, a rejected one ends it`() throws {
        let (offer, signed) = try vault.change { vault, change in
            try change.offer(ShippedTerms.all[0], to: try vault.company("shop"))
        }
        let seed = SecretBytes(random: 32)
        let key = PinnedKey(.ed25519(try SigningKey(seed: seed).publicKey), kid: "2027")
        try vault.change { vault, change in try change.trust([key], of: try vault.company("shop")) }
        func answer(_ decision: OfferedTerms.Decision, at moment: Instant) throws -> OfferedTerms {
            let theirs = try CompanyIssuer(
                key: TokenKey(seed, algorithm: "EdDSA"), kid: "2027", origin: Origin(shop), now: moment)
            let text = TermsText(id: offer.terms.description, uri: nil, sha256: offer.sha256, lang: "en", text: nil)
            let payload = AcceptancePayload(decision: decision, ref: signed.reference, terms: text, counter: nil)
            let ours = try Unverified(parsing: signed.flattened)
            let file = theirs.sign(acceptance: payload, to: try #require(ours.issuer)).flattened
            return try vault.change { vault, change in
                let unverified = try Unverified(parsing: file)
                let (recollection, policy) = try vault.expectation(of: unverified, .acceptance, at: moment)
                return try change.note(answer: try Verifier(policy).verify(unverified, recalling: recollection, at: moment)).1
            }
        }
        #expect(try answer(.accepted, at: vault.now).answer?.decision == .accepted)
        #expect(try grant().grant.basis == .contract)
        #expect(try answer(.rejected, at: vault.now.adding(seconds: 60)).answer?.decision == .rejected)
        #expect(throws: GrantRefusal.termsRejected) { try grant() }
        #expect(throws: VaultFailure.alreadyAnswered(.rejected)) { _ = try answer(.accepted, at: vault.now) }
    }

    @Test func `a company with live grants is not removed, one without is gone from every list`() throws {
        let made = try grant()
        #expect(throws: VaultFailure.companyHasGrants(1)) {
            try vault.change { vault, change in try change.removeCompany(try vault.company("shop")) }
        }
        try vault.change { vault, change in
            _ = try change.revoke(made.grant)
        }
        try vault.change { vault, change in try change.removeCompany(try vault.company("shop")) }
        let open = try vault.open(.reading)
        #expect(try open.companies().isEmpty)
        #expect(try open.grants().isEmpty)
        #expect(try open.who(has: email, at: vault.now).isEmpty)
        #expect(open.verify().fault == nil)
    }

    @Test func `a forgotten company's ledger lines cannot be read, and the chain still holds`() throws {
        let other = Domain("gone.example")!
        try vault.change { vault, change in
            _ = try change.noteAccount(other, name: "Gone", account: Account(login: value("mara")), format: "firefox")
            _ = try change.noteAccount(Domain("gone2.example")!, name: "Gone", account: nil, format: "firefox")
            _ = try change.merge(try vault.company("gone.example"), try vault.company("gone2.example"))
        }
        try vault.change { vault, change in try change.removeCompany(try vault.company("gone2.example")) }
        let open = try vault.open(.reading)
        let lines = try open.ledger()
        #expect(lines.filter { $0.entry == nil }.count == 3)
        #expect(
            !lines.contains {
                $0.entry?.company?.description.contains("gone") == true || $0.entry?.detail.contains("gone2.example") == true
            })
        #expect(open.verify().fault == nil)
        #expect(try open.store.find(.namedKey, Array("self".utf8)).count == 1)
    }

    @Test func `a list under one value grows without a gap`() throws {
        try vault.change { _, change in
            for n in 0..<40 { try change.store.append(RecordID([UInt8](repeating: UInt8(n), count: 16))!, .termsID, [2]) }
            _ = try change.set(email, value("y@muster.example"))
        }
        #expect(try vault.open(.reading).store.find(.termsID, [2]).map { Int($0.bytes[0]) } == Array(0..<40))
    }

    @Test func `two companies that turn out to be one keep every account and answer to both domains`() throws {
        let other = Domain("shop-login.example")!
        try vault.change { vault, change in
            _ = try change.noteAccount(other, name: "Login", account: Account(login: value("mara")), format: "firefox")
            _ = try change.merge(try vault.company("shop.example"), try vault.company("shop-login.example"))
        }
        let open = try vault.open(.reading)
        #expect(try open.companies().count == 1)
        #expect(try open.company("shop-login.example").company.domain == shop)
        #expect(try open.company("shop.example").accounts.count == 1)
        #expect(try open.who(has: .username, at: vault.now).map(\.company) == [shop])
        #expect(open.verify().fault == nil)
    }

    @Test func `a company is found by domain, name or start, and a wrong one is guessed at`() throws {
        try vault.change { _, change in
            _ = try change.addCompany(Domain("shopping.example")!, name: "Mall", privacyEmail: nil, origin: nil, country: nil)
        }
        let open = try vault.open(.reading)
        #expect(try open.company("SHOP.example").company.domain == shop)
        #expect(try open.company("mall").company.domain == Domain("shopping.example"))
        #expect(throws: VaultFailure.ambiguousCompany(["shop.example", "shopping.example"])) { try open.company("sho") }
        #expect(throws: VaultFailure.unknownCompany(suggestions: ["shop.example"])) { try open.company("shpo.example") }
    }

    @Test func `index entries keep no gap when one in the middle goes`() throws {
        try vault.change { vault, change in
            let key = try change.key(.own)
            for n in 0..<5 { try change.store.file(RecordID([UInt8](repeating: UInt8(n), count: 16))!, .termsID, [1]) }
            try change.store.unfile(RecordID([UInt8](repeating: 1, count: 16))!, .termsID, [1])
            _ = key
            _ = try change.set(email, value("x@muster.example"))
        }
        let open = try vault.open(.reading)
        #expect(try open.store.find(.termsID, [1]).map { $0.bytes[0] } == [0, 4, 2, 3])
        #expect(open.verify().fault == nil)
    }
}
