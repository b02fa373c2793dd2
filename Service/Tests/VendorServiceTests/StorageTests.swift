import Testing
import VRMBundle
import VRMModel

@testable import VendorService

@Suite struct StorageTests {
    let database: any Database
    let now = Instant("2027-01-01T12:00:00Z")!

    init() throws {
        // An SQLite database in memory.
        database = try DatabaseAddress.sqlite(":memory:").connect()
        try DatabaseAddress.check(database)
    }

    private func rows(_ part: MemoryPart) throws -> Int {
        try database.run("SELECT 1 FROM memory WHERE part = $1", [.text(part.rawValue)]).count
    }

    private func forget(at time: Instant) throws { while try Forgetting(database: database).step(at: time) {} }

    @Test func `numbers, texts and nothing come back as they went in, wherever a parameter stands`() throws {
        let row = try #require(
            try database.run("SELECT $2, $1, $3, $1", [.text("a'b\u{0}ü"), .integer(.max), .null]).first)
        #expect(row.values == [.integer(.max), .text("a'b\u{0}ü"), .null, .text("a'b\u{0}ü")])
    }

    @Test func `a change that fails halfway is not there`() throws {
        struct Halfway: Error {}
        #expect(throws: Halfway.self) {
            try database.change {
                try CompanyMemory(database: database, now: now).write(.accounts, "a", ["x": 1])
                throw Halfway()
            }
        }
        #expect(try rows(.accounts) == 0)
    }

    @Test func `an id is remembered until its bundle is over, and two minutes`() throws {
        let memory = CompanyMemory(database: database, now: now)
        try memory.write(.seen, "i", ["exp": .integer(now.seconds)])
        try forget(at: now.adding(seconds: 119))
        #expect(try memory.read(.seen, "i") != nil)
        try forget(at: now.adding(seconds: 120))
        #expect(try memory.read(.seen, "i") == nil)
    }

    @Test func `a nonce is remembered for two days`() throws {
        let memory = CompanyMemory(database: database, now: now)
        try memory.write(.nonces, "n", [:])
        try forget(at: now.adding(seconds: 2 * 86_400 - 1))
        #expect(try memory.read(.nonces, "n") != nil)
        try forget(at: now.adding(seconds: 2 * 86_400))
        #expect(try memory.read(.nonces, "n") == nil)
    }

    @Test func `the end of a grant is remembered as long as any terms could live, that of an intent for its two weeks`() throws {
        var memory = CompanyMemory(database: database, now: now)
        try memory.write(.ended, "grant", [:])
        memory.endsLast = TokenType.intent.longestLife + Limits.leewaySeconds
        try memory.write(.ended, "intent", [:])
        try forget(at: now.adding(seconds: 15 * 86_400))
        #expect(try memory.read(.ended, "intent") == nil)
        try forget(at: now.adding(seconds: 731 * 86_400))
        #expect(try memory.read(.ended, "grant") != nil)
        try forget(at: now.adding(seconds: 732 * 86_400))
        #expect(try memory.read(.ended, "grant") == nil)
    }

    @Test func `the key of a relationship, its account and its chain stay; the key of one intent does not`() throws {
        var memory = CompanyMemory(database: database, now: now)
        for part in [MemoryPart.pins, .accounts, .chains] { try memory.write(part, "a", [:]) }
        memory.pinsEnd = now.adding(seconds: 60)
        try memory.write(.pins, "intent", [:])
        try forget(at: now.adding(seconds: 3600 * 24 * 36500))
        #expect(try (rows(.pins), rows(.accounts), rows(.chains)) == (1, 1, 1))
    }

    @Test func `forgetting goes in steps and ends`() throws {
        try database.change {
            for number in 0..<4500 {
                try database.run(
                    "INSERT INTO memory VALUES ('seen', $1, '{}', $2)",
                    [.text("\(number)"), .integer(number < 4400 ? 1 : now.seconds + 1)])
            }
        }
        #expect(try Forgetting(database: database).step(at: now))
        #expect(try rows(.seen) == 2500)
        try forget(at: now)
        #expect(try rows(.seen) == 100)
    }

    @Test func `a database of a later version is left alone`() throws {
        try database.run("UPDATE format SET number = 2")
        #expect(throws: DatabaseFailure.newer) { try DatabaseAddress.check(database) }
    }
}
