import Foundation
import Testing
import VRMCrypto
import VRMModel

@testable import VRMVault

@Suite struct BackupTests {
    let vault: TestVault
    var file: String { vault.folder + "/backup" }

    init() throws {
        vault = try TestVault()
        try vault.change { _, change in
            _ = try change.addCompany(shop, name: nil, privacyEmail: nil, origin: nil, country: nil)
            _ = try change.set(email, value("jo@me.example"))
        }
    }

    func backup() throws {
        let open = try vault.open()
        let made = try open.writeBackup(to: file)
        _ = try open.change("backup", at: vault.now) { try $0.note(made, at: file) }
    }

    func prepare(_ directory: String, with secret: String? = nil, state: String? = nil) throws -> Restoration {
        try Restoration.prepare(
            file, to: directory, stateDirectory: state ?? vault.state,
            secret: SecretBytes(copying: (secret ?? vault.passphrase).utf8))
    }

    @Test func `what was backed up comes back on another machine`() throws {
        try backup()
        let (there, state) = (vault.folder + "/there", vault.folder + "/new-state")
        do {
            let restoration = try prepare(there, with: String(decoding: vault.code, as: UTF8.self), state: state)
            #expect(restoration.changesAhead == 0 && !restoration.replaces)
            #expect(try restoration.finish(from: file, at: vault.now) == nil)
        }
        let open = try Vault.open(
            at: there, stateDirectory: state, for: .changing, secret: SecretBytes(copying: vault.passphrase.utf8)
        ) { Issue.record("a restored vault is known to the machine that restored it") }
        #expect(try open.value(email).value.revealed == "jo@me.example")
        #expect(try open.company(shop) != nil)
        #expect(open.verify().fault == nil)
        #expect(try open.ledger().last?.entry?.event == .restored)
        #expect(try open.backups().map(\.file) == [file])
    }

    @Test func `restoring over a newer vault puts that aside and goes on counting above it`() throws {
        try backup()
        try vault.change { _, change in _ = try change.set(email, value("new@me.example")) }
        let counter = try vault.open(.reading).store.head.counter
        let aside: String?
        do {
            let restoration = try prepare(vault.path)
            #expect(restoration.changesAhead == 2 && restoration.replaces)
            aside = try restoration.finish(from: file, at: vault.now)
        }
        let open = try vault.open()
        #expect(try open.value(email).value.revealed == "jo@me.example")
        #expect(open.store.head.counter == counter + 1)
        #expect(try open.ledger().last?.entry?.detail == ["counter \(counter - 2)", "over counter \(counter)"])
        let other = try Vault.open(
            at: try #require(aside), stateDirectory: vault.folder + "/elsewhere", for: .reading,
            secret: SecretBytes(copying: vault.passphrase.utf8))
        #expect(try other.value(email).value.revealed == "new@me.example")
    }

    @Test func `the passphrase that holds today goes on to hold after an old backup came back`() throws {
        try backup()
        let new = "another seven words make another one"
        do {
            try vault.open(.slots).replacePassphrase(
                with: SecretBytes(copying: new.utf8), command: "passphrase", at: vault.now)
        }
        do {
            let restoration = try prepare(vault.path, with: new)
            #expect(!restoration.bringsOwnPassphrase)
            _ = try restoration.finish(from: file, at: vault.now)
        }
        _ = try vault.open(.reading, with: new)
        #expect(throws: VaultFailure.wrongPassphrase) { try vault.open(.reading) }
        // Who has forgotten it still has the backup's.
        do {
            let restoration = try prepare(vault.path)
            #expect(restoration.bringsOwnPassphrase)
            _ = try restoration.finish(from: file, at: vault.now)
        }
        _ = try vault.open(.reading)
    }

    @Test func `a restoration that is let go changes nothing`() throws {
        try backup()
        _ = try prepare(vault.path)
        _ = try vault.open(.reading)
        let left = try FileManager.default.contentsOfDirectory(atPath: vault.folder).sorted()
        #expect(left == ["backup", "state", "vault"])
    }

    @Test func `another vault's place is left alone`() throws {
        try backup()
        let other = try TestVault()
        #expect(throws: VaultFailure.foreignBackup) { try prepare(other.path) }
        try FileManager.default.createDirectory(atPath: vault.folder + "/folder", withIntermediateDirectories: false)
        #expect(throws: VaultFailure.alreadyThere) { try prepare(vault.folder + "/folder") }
        #expect(throws: VaultFailure.wrongPassphrase) { try prepare(vault.folder + "/x", with: "something else") }
    }

    @Test func `a file cut short or changed is refused`() throws {
        try backup()
        let whole = try Data(contentsOf: URL(filePath: file))
        func refused(_ bytes: Data, _ what: String) throws {
            try bytes.write(to: URL(filePath: file))
            #expect(throws: VaultFailure.self, "\(what)") { try prepare(vault.folder + "/there") }
            #expect(!FileManager.default.fileExists(atPath: vault.folder + "/there"))
        }
        for length in [0, 10, 100, 4096, whole.count - 4096, whole.count - 1] {
            try refused(whole.prefix(length), "cut to \(length)")
        }
        // Somewhere inside each kind of sealed row.
        for page in stride(from: 4096, to: whole.count, by: 4096) {
            var changed = whole
            changed[page + 4090] ^= 1
            guard whole[page + 4080..<page + 4096].contains(where: { $0 != 0 }) else { continue }
            try refused(changed, "page \(page / 4096)")
        }
        try refused(Data("not a backup at all".utf8), "words")
    }

    @Test func `a header changed within a backup is refused`() throws {
        try backup()
        var bytes = try Data(contentsOf: URL(filePath: file))
        let place = try #require(bytes.range(of: Data("generation 1\n".utf8)))
        bytes.replaceSubrange(place, with: Data("generation 2\n".utf8))
        try bytes.write(to: URL(filePath: file))
        #expect(throws: VaultFailure.damagedBackup(.head)) { try prepare(vault.folder + "/there") }
    }

    @Test func `a damaged vault is not taken for a backup`() throws {
        try vault.settle()
        try vault.sql("UPDATE obj SET body = CAST(substr(body, 1, 30) || x'0000' || substr(body, 33) AS BLOB)")
        let open = try vault.open()
        #expect(throws: VaultFailure.damagedBackup(.row)) { try open.writeBackup(to: file) }
    }

    @Test func `which backups still hold what is forgotten is told`() throws {
        try backup()
        vault.now = vault.now.adding(seconds: 60)
        try vault.change { _, change in _ = try change.set(DataItemName("iban")!, value("DE02")) }
        let open = try vault.open()
        #expect(try open.change("test", at: vault.now) { try $0.remove(DataItemName("iban")!) }.backups.isEmpty)
        #expect(try open.change("test", at: vault.now) { try $0.remove(email) }.backups.map(\.file) == [file])
        let relationship = try #require(try open.company(shop))
        #expect(try open.change("test", at: vault.now) { try $0.removeCompany(relationship) }.backups.map(\.file) == [file])
        let known = try #require(try open.backups().first)
        try open.change("test", at: vault.now) { try $0.forget(known) }
        #expect(try open.backups().isEmpty)
    }
}

@Suite struct AcceptTests {
    @Test func `an older copy is taken on the person's word, and the ledger says so`() throws {
        let vault = try TestVault()
        let old = try vault.copy("old")
        try vault.change { _, change in _ = try change.set(email, value("new@muster.example")) }
        try vault.put(back: old)
        #expect(throws: VaultFailure.rolledBack) { try vault.open(.reading) }
        #expect(try vault.open(.accepting).accept(at: vault.now) == .rolledBack)
        let open = try vault.open()
        #expect(try open.ledger().last?.entry?.detail == ["this copy", "counter 1", "over counter 2"])
        #expect(open.store.head.counter == 3)
    }

    @Test func `an older header is taken on the person's word`() throws {
        let vault = try TestVault()
        let old = try String(contentsOfFile: vault.path + "/header", encoding: .utf8)
        do {
            try vault.open(.slots).addPassphrase(
                SecretBytes(copying: "another passphrase".utf8), command: "passphrase", at: vault.now)
        }
        try old.write(toFile: vault.path + "/header", atomically: false, encoding: .utf8)
        #expect(try vault.open(.accepting).accept(at: vault.now) == .oldHeader)
        _ = try vault.open()
    }

    @Test func `there is nothing to accept in the newest copy`() throws {
        let vault = try TestVault()
        #expect(throws: VaultFailure.nothingToAccept) { try vault.open(.accepting).accept(at: vault.now) }
    }

    @Test func `a store older than its header is told from damage`() throws {
        let vault = try TestVault()
        let old = try vault.copy("old")
        for number in 1...2 {
            try vault.open(.slots).addPassphrase(
                SecretBytes(copying: "passphrase \(number)".utf8), command: "passphrase", at: vault.now)
        }
        try vault.settle()
        let header = try String(contentsOfFile: vault.path + "/header", encoding: .utf8)
        try vault.put(back: old)
        try header.write(toFile: vault.path + "/header", atomically: false, encoding: .utf8)
        #expect(throws: VaultFailure.rolledBack) { try vault.open(.reading, state: vault.folder + "/elsewhere") }
    }
}
