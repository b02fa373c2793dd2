import Testing
import VRMModel

@testable import VRMVault

@Suite struct FindTests {
    private func companies(_ names: [String], in vault: TestVault) throws {
        try vault.change { _, change in
            for (number, name) in names.enumerated() {
                _ = try change.noteAccounts([], at: Domain("company-\(number).example")!, name: name, format: "firefox")
            }
        }
    }

    @Test(arguments: [
        ("Acme", "ACME"), ("Müller & Söhne", "müller"), ("Müller", "ller"), ("say \"hello\"", "\"hello\""),
        ("back\\slash", "k\\s"), ("two\nlines", "two\nlines"), ("\u{212A}elvin", "kelvin"), ("M\u{FC}ller", "mu\u{308}ller"),
        ("straße 5", "STRASSE 5".lowercased()),
    ])
    func `find compares as people read, whatever the record's bytes are`(_ name: String, _ text: String) throws {
        let vault = try TestVault()
        try companies(["Other", name], in: vault)
        let expected = name.lowercased().contains(text.lowercased()) ? ["company-1.example"] : []
        #expect(try vault.open(.reading).find(text).map(\.label) == expected)
    }

    @Test func `find gives each of many records once, however the threads share them`() throws {
        let vault = try TestVault()
        try companies((0..<900).map { "Company \($0) \(String(repeating: "x", count: 150))" }, in: vault)
        let hits = try vault.open(.reading).find("company ")
        #expect(hits.count == 900)
        #expect(Set(hits.map(\.id)).count == 900)
        #expect(try vault.open(.reading).find("company 77 ").map(\.label) == ["company-77.example"])
    }

    @Test func `find believes no row that was put back`() throws {
        let vault = try TestVault()
        try companies(["First"], in: vault)
        let old = try vault.copy("old")
        try companies(["Second"], in: vault)
        try vault.change { vault, change in
            _ = try change.editCompany(
                try vault.company("company-0.example"), name: "Third", privacyEmail: nil, origin: nil, country: nil, language: nil
            )
        }
        try vault.settle()
        try vault.sql(
            "ATTACH '\(old)/store.db' AS old; INSERT OR REPLACE INTO obj SELECT * FROM old.obj; DETACH old;")
        #expect(throws: VaultFailure.damaged(.bucket)) { try vault.open(.reading).find("First") }
    }

    @Test func `an account once more, or a company of thousands, makes one relationship`() throws {
        let vault = try TestVault()
        let accounts = (0..<1500).map { Account(login: value("user\($0 % 1200)@mail.example")) }
        try vault.change { _, change in
            let noted = try change.noteAccounts(accounts, at: shop, name: "Shop", format: "firefox")
            #expect((noted.isNewCompany, noted.newAccounts) == (true, 1200))
        }
        try vault.change { _, change in
            let again = try change.noteAccounts(accounts, at: shop, name: "Shop", format: "firefox")
            #expect((again.isNewCompany, again.isNew, again.newAccounts) == (false, false, 0))
        }
        let opened = try vault.open(.reading)
        let relationship = try #require(try opened.company(shop))
        #expect(relationship.accounts.count == 1200)
        #expect(try opened.overview(relationship, at: vault.now).holdings.count == 1200)
        #expect(opened.verify().fault == nil)
    }

    @Test func `a list goes on where it ends, also after one of it was taken out`() throws {
        let vault = try TestVault()
        try vault.change { _, change in
            let ids = (0..<20).map { _ in Change.newID() }
            for id in ids { try change.store.append(id, .value, [1]) }
            try change.store.unfile(ids[3], .value, [1])
            let more = Change.newID()
            try change.store.append(more, .value, [1])
            let found = try change.store.find(.value, [1])
            #expect(found.count == 20 && found.last == more && !found.contains(ids[3]))
            try change.record(.imported, records: [])
        }
    }
}
