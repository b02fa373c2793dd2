import Foundation
import Testing
import VRMCrypto
import VRMModel

@testable import VRMVault

@Suite struct SlotTests {
    let vault: TestVault
    let other = "another seven words make another one"

    init() throws { vault = try TestVault() }

    func slots(_ secret: String? = nil, _ body: (Vault) throws -> Void) throws {
        try body(try vault.open(.slots, with: secret))
    }

    func secret(_ text: String) -> SecretBytes { SecretBytes(copying: text.utf8) }

    var code: String { String(decoding: vault.code, as: UTF8.self) }

    @Test func `a new passphrase takes the place of the one that was used`() throws {
        try slots { try $0.replacePassphrase(with: secret(other), command: "passphrase", at: vault.now) }
        #expect(throws: VaultFailure.wrongPassphrase) { try vault.open(.reading) }
        _ = try vault.open(.reading, with: other)
        _ = try vault.open(.reading, with: code)
        let open = try vault.open(.reading, with: other)
        #expect(try open.ledger().last?.entry?.event == .passphraseChanged)
        #expect(open.verify().fault == nil)
    }

    @Test func `a passphrase added stands beside the first, and either can go`() throws {
        try slots { try $0.addPassphrase(secret(other), command: "passphrase", at: vault.now) }
        _ = try vault.open(.reading)
        var id = ""
        try slots(other) { open in
            #expect(open.waysIn.count == 3)
            id = try #require(open.waysIn.first { $0.kind == .passphrase && !$0.isInUse }).id
            #expect(throws: VaultFailure.unknownSlot) {
                try open.removePassphrase("ffff", command: "passphrase", at: vault.now)
            }
            try open.removePassphrase(String(id.prefix(6)), command: "passphrase", at: vault.now)
        }
        #expect(throws: VaultFailure.wrongPassphrase) { try vault.open(.reading) }
        try slots(other) { open in
            let last = try #require(open.waysIn.first { $0.kind == .passphrase })
            #expect(throws: VaultFailure.lastPassphrase) {
                try open.removePassphrase(last.id, command: "passphrase", at: vault.now)
            }
        }
    }

    @Test func `the recovery code sets a new passphrase in the place of all there are`() throws {
        try slots { try $0.addPassphrase(secret(other), command: "passphrase", at: vault.now) }
        let third = "a third one nobody has written down"
        try slots(code) { try $0.replacePassphrase(with: secret(third), command: "recovery use", at: vault.now) }
        for old in [vault.passphrase, other] {
            #expect(throws: VaultFailure.wrongPassphrase) { try vault.open(.reading, with: old) }
        }
        _ = try vault.open(.reading, with: third)
    }

    @Test func `a new recovery code ends the old one`() throws {
        let new = RecoveryCode.random()
        let letters = String(decoding: new.letters(), as: UTF8.self)
        try slots { try $0.replaceRecovery(with: new, command: "recovery new", at: vault.now) }
        #expect(throws: VaultFailure.foreignRecoveryCode) { try vault.open(.reading, with: code) }
        _ = try vault.open(.reading, with: letters)
    }

    @Test func `a recovery code with a typing error is told by its group`() throws {
        var typed = vault.code
        typed[13] = typed[13] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
        #expect(throws: VaultFailure.recoveryCodeMistyped(3)) {
            try vault.open(.reading, with: String(decoding: typed, as: UTF8.self))
        }
    }

    @Test func `a new slot is never weaker than the default, nor than what it replaces`() throws {
        try slots { open in
            let passphrase = try #require(open.waysIn.first { $0.kind == .passphrase })
            #expect(passphrase.stretching! == (2, 64))
            try open.replacePassphrase(with: secret(other), command: "passphrase", at: vault.now)
            #expect(try #require(open.waysIn.first { $0.kind == .passphrase }).stretching! == (3, 256))
        }
        // A header somebody made stronger keeps its strength.
        let open = try vault.open(.slots, with: other)
        let strong = try KeySlot(
            .passphrase, master: open.opened!.master, secret: secret(other), stretching: Argon2id(passes: 4, kibibytes: 65_536),
            vault: open.store.vault)
        open.opened = OpenedSlot(master: open.opened!.master.slice(0..<32), slot: strong)
        open.header.slots = open.header.slots.filter { $0.kind == .recovery } + [strong]
        try open.replacePassphrase(with: secret("yet another"), command: "passphrase", at: vault.now)
        #expect(try #require(open.waysIn.first { $0.kind == .passphrase }).stretching! == (4, 256))
    }

    @Test func `too short a passphrase changes nothing`() throws {
        try slots { open in
            #expect(throws: VaultFailure.passphraseTooShort) {
                try open.replacePassphrase(with: secret("short"), command: "passphrase", at: vault.now)
            }
        }
        _ = try vault.open(.reading)
    }

    @Test func `an old header put back is noticed, also where nothing was remembered`() throws {
        let old = try String(contentsOfFile: vault.path + "/header", encoding: .utf8)
        try slots { try $0.replacePassphrase(with: secret(other), command: "passphrase", at: vault.now) }
        try old.write(toFile: vault.path + "/header", atomically: false, encoding: .utf8)
        #expect(throws: VaultFailure.oldHeader) { try vault.open(.reading) }
        #expect(throws: VaultFailure.oldHeader) { try vault.open(.reading, state: vault.folder + "/elsewhere") }
    }

    @Test func `a passphrase change that was interrupted before the ledger counts`() throws {
        try vault.settle()
        let store = try FileManager.default.contentsOfDirectory(atPath: vault.path).filter { $0.hasPrefix("store.db") }
        let kept = try store.map { ($0, try Data(contentsOf: URL(filePath: vault.path + "/" + $0))) }
        try slots { try $0.replacePassphrase(with: secret(other), command: "passphrase", at: vault.now) }
        for name in ["store.db", "store.db-wal", "store.db-shm"] {
            try? FileManager.default.removeItem(atPath: vault.path + "/" + name)
        }
        for (name, data) in kept { try data.write(to: URL(filePath: vault.path + "/" + name)) }
        chmod(vault.path + "/store.db", 0o600)
        try FileManager.default.removeItem(atPath: vault.state)
        let open = try vault.open(.changing, with: other)
        try open.change("test", at: vault.now) { _ = try $0.set(email, value("jo@me.example")) }
        #expect(open.store.head.generation == 2)
    }
}
