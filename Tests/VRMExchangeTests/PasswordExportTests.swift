import Testing
import VRMModel

@testable import VRMExchange

/// Everything an import gave, and all of its text.
struct Imported {
    var accounts: [ImportedAccount] = []
    var summary: PasswordImportSummary
    var progress: [Int64] = []

    init(_ source: some ByteSource) throws {
        var (source, accounts, progress) = (source, [ImportedAccount](), [Int64]())
        summary = try PasswordExport.read(&source, each: { accounts.append($0) }, progress: { progress.append($0) })
        self.accounts = accounts
        self.progress = progress
    }

    init(_ text: String) throws { try self.init(MemoryByteSource(text)) }

    /// What anybody could get out of it, private values included.
    var everything: String {
        var text = String(describing: self) + String(reflecting: self)
        dump(self, to: &text)
        for account in accounts { text += (account.login?.revealed ?? "") + (account.name ?? "") + account.domain.description }
        return text
    }
}

@Suite struct PasswordExportTests {
    private let acme = Domain("acme.example")!

    private func expect(_ imported: Imported, matches fixture: PasswordFixture, has columns: [String]) {
        #expect(imported.summary.format == fixture.id)
        #expect(imported.accounts.count == 1)
        #expect(imported.accounts.first?.domain == acme)
        #expect(imported.accounts.first?.login == Private("ann"))
        #expect(imported.accounts.first?.name == fixture.name)
        let first = columns.contains { ["timeCreated", "Created", "createTime"].contains($0) } ? fixture.firstSeen : nil
        let last = columns.contains { ["timeLastUsed", "Last Modified", "modifyTime"].contains($0) } ? fixture.lastSeen : nil
        #expect(imported.accounts.first?.firstSeen?.description == first)
        #expect(imported.accounts.first?.lastSeen?.description == last)
        #expect(!imported.everything.contains(PasswordFixture.canary))
    }

    @Test(arguments: PasswordFixture.all)
    func `an export gives its account and no secret`(_ fixture: PasswordFixture) throws {
        #expect(fixture.csv().contains(PasswordFixture.canary))
        for imported in [
            try Imported(fixture.csv()), try Imported("\u{FEFF}" + fixture.csv(lineEnd: "\r\n")),
            try Imported(DribblingSource(fixture.csv())),
        ] {
            expect(imported, matches: fixture, has: fixture.columns)
            #expect(imported.summary.secretsDropped == fixture.secrets)
            #expect(imported.summary.unknownColumns == 0)
            #expect(imported.summary.rows == 1)
            #expect(imported.summary.accounts == 1)
            #expect(imported.summary.skipped == 0)
        }
    }

    @Test(arguments: PasswordFixture.all)
    func `columns may stand in any order`(_ fixture: PasswordFixture) throws {
        let columns: [String] = fixture.columns.reversed()
        let imported = try Imported(fixture.csv(columns))
        expect(imported, matches: fixture, has: columns)
        #expect(imported.summary.secretsDropped == fixture.secrets)
    }

    @Test(arguments: PasswordFixture.all)
    func `columns that are not essential may be absent`(_ fixture: PasswordFixture) throws {
        expect(try Imported(fixture.csv(fixture.essential)), matches: fixture, has: fixture.essential)
    }

    @Test(arguments: PasswordFixture.all)
    func `unknown columns are counted and dropped`(_ fixture: PasswordFixture) throws {
        let imported = try Imported(fixture.csv(extra: ["Master key", "PIN"]))
        expect(imported, matches: fixture, has: fixture.columns)
        #expect(imported.summary.unknownColumns == 2)
    }

    @Test(arguments: PasswordFixture.all)
    func `rows may lack their last fields`(_ fixture: PasswordFixture) throws {
        let header = String(fixture.csv().prefix { $0 != "\n" })
        let imported = try Imported(header + "\n\"\"\n")
        #expect(imported.summary.rows == 1)
        #expect(imported.summary.skipped == 1)
        #expect(imported.accounts.isEmpty)
    }

    @Test(arguments: PasswordFixture.all)
    func `only the columns an account needs are kept while parsing`(_ fixture: PasswordFixture) throws {
        let header = fixture.columns + ["PIN"]
        let format = try #require(PasswordExportFormat.recognising(header))
        let kept = header.indices.filter { !PasswordExport.Layout(header, format).dropped.contains($0) }.map { header[$0] }
        #expect(kept.allSatisfy { !(fixture.cells[$0] ?? "").contains(PasswordFixture.canary) && $0 != "PIN" })
    }

    @Test func `every format has a fixture`() {
        #expect(PasswordFixture.all.map(\.id) == PasswordExportFormat.all.map(\.id))
        for (fixture, format) in zip(PasswordFixture.all, PasswordExportFormat.all) {
            #expect(Set(fixture.columns).isSubset(of: format.columns.map(\.name)))
            #expect(Set(fixture.essential) == Set(format.columns.filter(\.isEssential).map(\.name)))
        }
    }

    @Test(arguments: [
        "", "\n", "\u{FEFF}", "url,username\nx,y\n", "first,second,third\n1,2,3\n", "Name,URL,Username,Password\n", "just text",
        "https://acme.example,ann,CANARY\n",
    ])
    func `an unknown header is refused`(_ text: String) {
        #expect(throws: PasswordExportFailure.unknownHeader) { try Imported(text) }
    }

    @Test(arguments: [
        "android://HASH==@com.acme.app/", "http://sn", "http://192.168.0.1/", "https://co.uk/", "", "localhost",
        "otpauth://totp/x",
    ])
    func `a row without a web host is skipped, and its secret still counted`(_ url: String) throws {
        let imported = try Imported("name,url,username,password\nAcme,\(url),ann,CANARY\nAcme,acme.example,ann,\n")
        #expect(imported.summary.rows == 2)
        #expect(imported.summary.skipped == 1)
        #expect(imported.summary.accounts == 1)
        #expect(imported.summary.secretsDropped == 1)
    }

    @Test func `several addresses in a cell give one account for each company`() throws {
        let cell = "https://shop.acme.example, https://www.acme.example,androidapp://com.acme,https://other.example/x"
        let imported = try Imported("name,login_uri,login_username,login_password\nAcme,\"\(cell)\",ann,x\n")
        #expect(imported.accounts.map(\.domain.description) == ["acme.example", "other.example"])
        #expect(imported.summary.rows == 1)
        #expect(imported.summary.accounts == 2)
    }

    @Test func `the first login that is not empty counts`() throws {
        let dashlane = try Imported("username,username2,username3,title,password,url\n, ,carl,Acme,x,acme.example\n")
        #expect(dashlane.accounts.first?.login == Private("carl"))
        let proton = try Imported("type,name,url,email,username,password\nlogin,Acme,acme.example,ann@acme.example,,x\n")
        #expect(proton.accounts.first?.login == Private("ann@acme.example"))
    }

    @Test func `a login is trimmed, may be absent, and is capped`() throws {
        let long = String(repeating: "x", count: 1025)
        let imported = try Imported(
            "name,url,username,password\n,a.example,  ann  ,\n,b.example,  ,\n,c.example,\(long),\n,d.example,\(long.dropLast()),\n"
        )
        #expect(imported.accounts.map(\.domain.description) == ["a.example", "b.example", "d.example"])
        #expect(imported.accounts[0].login == Private("ann"))
        #expect(imported.accounts[0].name == nil)
        #expect(imported.accounts[1].login == nil)
        #expect(imported.summary.skipped == 1)
    }

    @Test func `a name is capped at whole characters`() throws {
        let name = String(repeating: "é", count: 99) + "x" + String(repeating: "é", count: 99)
        let imported = try Imported("name,url,username,password\n\(name),a.example,ann,\n")
        #expect(imported.accounts[0].name?.utf8.count == 199)
    }

    @Test(arguments: [
        ("0", nil), ("", nil), ("-5", nil), ("1609459200000", "2021-01-01"), ("1609459200", "2021-01-01"),
        ("2021-01-01T23:30:00-02:00", "2021-01-02"), ("2021-01-01 10:00", "2021-01-01"), ("99999999999999999999", nil),
        ("999999999999999", nil), ("yesterday", nil), ("2021-02-30T00:00:00Z", nil),
    ])
    func `times of exports become days`(_ text: String, _ day: String?) {
        #expect(Day(exported: text)?.description == day)
    }

    @Test func `of two columns with one name the second is dropped`() throws {
        let imported = try Imported("name,url,username,password,username\nAcme,acme.example,ann,x,CANARY\n")
        #expect(imported.accounts.first?.login == Private("ann"))
        #expect(imported.summary.unknownColumns == 1)
        #expect(!imported.everything.contains("CANARY"))
    }

    @Test func `what the caller throws ends the reading`() {
        struct Stop: Error {}
        var source = MemoryByteSource("name,url,username,password\n,a.example,,\n,b.example,,\n")
        var calls = 0
        #expect(throws: Stop.self) {
            try PasswordExport.read(
                &source,
                each: { _ in
                    calls += 1
                    throw Stop()
                }, progress: { _ in })
        }
        #expect(calls == 1)
    }

    @Test func `a broken export names a line and shows nothing of it`() throws {
        let text = "name,url,username,password\n,a.example,ann,CANARY\n,b.example,ann,CAN\"ARY\n"
        let failure = try #require(throws: CSVFailure.self) { try Imported(text) }
        #expect(failure == .brokenQuoting(line: 3))
        #expect(!String(reflecting: failure).contains("CAN"))
    }

    @Test func `the progress ends at the size of the text`() throws {
        let text =
            "name,url,username,password\n" + String(repeating: "Acme,https://shop.acme.example,ann,secret\n", count: 20_000)
        let imported = try Imported(text)
        #expect(imported.progress.last == Int64(text.utf8.count))
        #expect(imported.progress == imported.progress.sorted())
        #expect(imported.summary.accounts == 20_000)
    }

    @Test(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.reason)))
    func `a real KeePassXC export is read`() throws {
        let imported = try FileByteSource.reading(SharedData.path("formats/keepassxc-2.7.4-export.csv")) { try Imported($0) }
        #expect(imported.summary.format == "keepassxc")
        #expect(imported.accounts.map(\.domain.description) == ["spotify.com", "amazon.de"])
        #expect(imported.accounts.map { $0.login?.revealed } == ["ann", "ann@example.org"])
        #expect(imported.accounts.allSatisfy { $0.firstSeen?.description == "2026-11-23" })
        #expect(imported.summary.secretsDropped == 2)
        #expect(!imported.everything.contains("secret2"))
    }

    @Test func `a file that is not there is named by the system's number`() {
        #expect(throws: FileFailure(errno: 2)) { try FileByteSource.reading("/nonexistent/x") { _ in } }
    }
}
