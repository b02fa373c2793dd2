import Foundation
import Testing
import VRMModel

@testable import VRMVault

/// Somebody has the files, not the key, and puts things back, in or out.
@Suite struct TamperTests {
    let vault: TestVault

    init() throws {
        vault = try TestVault()
        try vault.change { _, change in
            _ = try change.addCompany(shop, name: "Shop", privacyEmail: nil, origin: nil, country: nil)
            _ = try change.set(email, value("old@muster.example"))
        }
        try vault.settle()
    }

    /// Reads everything a person would look at.
    func read() throws {
        let open = try vault.open(.reading, state: vault.folder + "/fresh-\(UUID().uuidString)")
        _ = try open.value(email)
        _ = try open.company("shop.example")
        _ = try open.overviews()
        _ = try open.ledger()
    }

    @Test func `a row put back from an older copy is refused when it is read`() throws {
        let old = try vault.copy("old")
        try vault.change { _, change in _ = try change.set(email, value("new@muster.example")) }
        try vault.settle()
        try read()
        try vault.sql(
            "ATTACH '\(old)/store.db' AS old; UPDATE obj SET rev = o.rev, hdr = o.hdr, body = o.body FROM old.obj AS o WHERE o.oid = obj.oid AND o.rev <> obj.rev"
        )
        #expect(throws: VaultFailure.damaged(.bucket)) { try read() }
    }

    /// Ways to read that each find the row by themselves: one record by its id, and a pass over all.
    static let readings: [@Sendable (Vault) throws -> Void] = [{ _ = try $0.value(email) }, { _ = try $0.overviews() }]

    @Test(arguments: readings.indices)
    func `whatever reads first refuses a row put back`(_ reading: Int) throws {
        let old = try vault.copy("old")
        try vault.change { _, change in _ = try change.set(email, value("new@muster.example")) }
        try vault.settle()
        try vault.sql(
            "ATTACH '\(old)/store.db' AS old; UPDATE obj SET rev = o.rev, hdr = o.hdr, body = o.body FROM old.obj AS o WHERE o.oid = obj.oid AND o.rev <> obj.rev"
        )
        let open = try vault.open(.reading)
        #expect(throws: VaultFailure.damaged(.bucket)) { try TamperTests.readings[reading](open) }
    }

    /// Each sealed with the vault's own keys, for that very place: only the chain and what it commits to tell.
    @Test(arguments: ["hdr = o.hdr, c = o.c, ct = o.ct, h = o.h", "ct = o.ct"])
    func `a ledger line of another way the vault went is refused`(_ taken: String) throws {
        let before = try vault.copy("before")
        try vault.change { _, change in _ = try change.set(email, value("this@muster.example")) }
        let fork = try vault.copy("fork")
        try vault.put(back: before)
        for text in ["that@muster.example", "then@muster.example"] {
            let open = try vault.open(.changing, state: vault.folder + "/elsewhere")
            try open.change("test", at: vault.now) { _ = try $0.set(email, value(text)) }
        }
        try vault.settle()
        func ledger() throws -> [LedgerLine] { try vault.open(.reading, state: vault.folder + "/elsewhere").ledger() }
        #expect(try ledger().count == 5)
        try vault.sql(
            "ATTACH '\(fork)/store.db' AS fork; UPDATE log SET \(taken) FROM fork.log AS o WHERE o.seq = log.seq AND o.seq = (SELECT max(seq) FROM fork.log)"
        )
        #expect(throws: VaultFailure.damaged(.log)) { try ledger() }
    }

    @Test(arguments: [
        "DELETE FROM obj WHERE oid = (SELECT min(oid) FROM obj)",
        "INSERT INTO obj SELECT randomblob(16), rev, hdr, body FROM obj LIMIT 1",
        "UPDATE obj SET rev = rev + 1 WHERE oid = (SELECT min(oid) FROM obj)",
        "UPDATE obj SET hdr = (SELECT hdr FROM obj ORDER BY oid DESC LIMIT 1) WHERE oid = (SELECT min(oid) FROM obj)",
        "UPDATE obj SET body = (SELECT body FROM obj AS o WHERE o.oid <> obj.oid LIMIT 1)",
        "UPDATE obj SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)",
        "DELETE FROM key WHERE kid = (SELECT min(kid) FROM key)",
        "UPDATE key SET wrapped = (SELECT wrapped FROM key AS k WHERE k.kid <> key.kid LIMIT 1)",
        "DELETE FROM bi WHERE tag = (SELECT min(tag) FROM bi)",
        "UPDATE bi SET ref = (SELECT ref FROM bi AS b WHERE b.tag <> bi.tag LIMIT 1)",
        "INSERT INTO bi SELECT randomblob(32), ref FROM bi LIMIT 1",
        "DELETE FROM log WHERE seq = 1",
        "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)",
        "UPDATE log SET ct = (SELECT ct FROM log AS l WHERE l.seq <> log.seq LIMIT 1)",
        "UPDATE log SET hdr = (SELECT hdr FROM log AS l WHERE l.seq <> log.seq LIMIT 1) WHERE seq = 2",
        "UPDATE log SET ct = NULL WHERE seq = 2",
        "UPDATE log SET h = zeroblob(32) WHERE seq = 1",
        "UPDATE bi SET ref = CAST(substr(ref, 1, 30) || x'00' || substr(ref, 32) AS BLOB)",
        "UPDATE head SET sealed = randomblob(length(sealed))",
        "CREATE TRIGGER evil AFTER UPDATE ON obj BEGIN DELETE FROM log; END",
        "CREATE TABLE extra(x)",
    ])
    func `a row removed, put in, moved or changed is refused`(_ tampering: String) throws {
        try read()
        try vault.sql(tampering)
        #expect(throws: VaultFailure.self) { try read() }
        let open = try? vault.open(.reading, state: vault.folder + "/fresh")
        if let open { #expect(open.verify().fault != nil) }
    }

    @Test func `a full check names the old row`() throws {
        let old = try vault.copy("old")
        let id = try vault.change { vault, change in
            _ = try change.set(email, value("new@muster.example"))
            return try #require(try vault.item(email)).id
        }
        try vault.settle()
        try vault.sql(
            "ATTACH '\(old)/store.db' AS old; UPDATE obj SET rev = o.rev, hdr = o.hdr, body = o.body FROM old.obj AS o WHERE o.oid = obj.oid AND o.rev <> obj.rev"
        )
        let verdict = try vault.open(.reading).verify()
        #expect(verdict.fault != nil)
        #expect(verdict.suspects == [id])
    }

    @Test func `an untouched vault is whole`() throws {
        let verdict = try vault.open(.reading).verify()
        #expect(verdict.fault == nil)
        #expect(verdict.entries == 3)
        #expect(verdict.suspects.isEmpty)
    }

    @Test func `a whole older copy is noticed by the machine that saw the newer`() throws {
        let old = try vault.copy("old")
        try vault.change { _, change in _ = try change.set(email, value("new@muster.example")) }
        try vault.put(back: old)
        #expect(throws: VaultFailure.rolledBack) { try vault.open(.reading) }
    }

    @Test func `a copy that went another way is noticed`() throws {
        let old = try vault.copy("old")
        try vault.change { _, change in _ = try change.set(email, value("new@muster.example")) }
        try vault.settle()
        let elsewhere = vault.folder + "/elsewhere"
        let newer = try vault.copy("newer")
        try vault.put(back: old)
        do {
            var isAsked = false
            let open = try vault.open(.changing, state: elsewhere) { isAsked = true }
            #expect(isAsked)
            try open.change("test", at: vault.now) { _ = try $0.set(email, value("other@muster.example")) }
        }
        #expect(throws: VaultFailure.forked) { try vault.open(.reading) }
        try vault.put(back: newer)
        _ = try vault.open(.reading)
    }
}
