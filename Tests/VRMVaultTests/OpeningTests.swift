import Foundation
import Testing
import VRMCrypto
import VRMModel

@testable import VRMVault

@Suite struct OpeningTests {
    let vault: TestVault

    init() throws { vault = try TestVault() }

    func header() throws -> String { try String(contentsOfFile: vault.path + "/header", encoding: .utf8) }

    func write(_ header: String) throws { try header.write(toFile: vault.path + "/header", atomically: false, encoding: .utf8) }

    @Test func `it opens with the passphrase and with the recovery code`() throws {
        _ = try vault.open(.reading)
        _ = try vault.open(.reading, with: String(decoding: vault.code, as: UTF8.self))
        _ = try vault.open(
            .reading, with: String(decoding: vault.code, as: UTF8.self).lowercased().replacingOccurrences(of: "0", with: "o"))
    }

    @Test(arguments: ["", "seven easy words make a good onE", "seven easy words make a good one "])
    func `another passphrase opens nothing`(_ wrong: String) {
        #expect(throws: VaultFailure.wrongPassphrase) { try vault.open(.reading, with: wrong) }
    }

    @Test func `another vault's recovery code opens nothing`() {
        let other = String(decoding: RecoveryCode.random().letters(), as: UTF8.self)
        #expect(throws: VaultFailure.foreignRecoveryCode) { try vault.open(.reading, with: other) }
    }

    @Test func `a changed header is refused, wherever it changed`() throws {
        let lines = try header().split(separator: "\n").map(String.init)
        for line in lines.indices {
            var changed = lines
            let last = changed[line].removeLast()
            changed[line] += last == "1" ? "2" : "1"
            try write(changed.joined(separator: "\n") + "\n")
            #expect(throws: VaultFailure.self, "line \(line)") { try vault.open(.reading) }
        }
        try write(lines.joined(separator: "\n"))
        #expect(throws: VaultFailure.headerDamaged) { try vault.open(.reading) }
        try write(String(try header().prefix(80)))
        #expect(throws: VaultFailure.headerDamaged) { try vault.open(.reading) }
        try write("")
        #expect(throws: VaultFailure.headerDamaged) { try vault.open(.reading) }
    }

    @Test func `a slot taken out or a generation raised breaks the MAC`() throws {
        let whole = try header()
        try write(whole.replacingOccurrences(of: "generation 1", with: "generation 2"))
        #expect(throws: VaultFailure.headerDamaged) { try vault.open(.reading) }
        try write(whole.split(separator: "\n").filter { !$0.hasPrefix("slot recovery") }.joined(separator: "\n") + "\n")
        #expect(throws: VaultFailure.headerDamaged) { try vault.open(.reading) }
    }

    @Test func `another vault's header opens nothing`() throws {
        let other = try TestVault()
        try write(try String(contentsOfFile: other.path + "/header", encoding: .utf8))
        #expect(throws: VaultFailure.damaged(.head)) { try vault.open(.reading) }
    }

    @Test func `a newer format is named and left alone`() throws {
        try write(try header().replacingOccurrences(of: "vrmvault 1", with: "vrmvault 2"))
        #expect(throws: VaultFailure.newerFormat(2)) { try vault.open(.reading) }
    }

    @Test(arguments: ["t=1,m=65536", "t=2,m=1024", "t=11,m=65536", "t=2,m=8388608"])
    func `a header that asks for too little or too much work is refused before the work`(_ asked: String) throws {
        try write(try header().replacingOccurrences(of: "t=2,m=65536", with: asked))
        #expect(throws: VaultFailure.stretchingOutOfRange) { try vault.open(.reading) }
    }

    /// The header with so many ways in beside the recovery code, all of them the first passphrase's but for the work.
    func header(passphrases count: Int, asking work: String) throws -> String {
        let lines = try header().split(separator: "\n").flatMap { line -> [String] in
            guard line.hasPrefix("slot passphrase") else { return [String(line)] }
            return Array(repeating: line.replacingOccurrences(of: "t=2,m=65536", with: work), count: count)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func `many ways in may not ask together for what each of them may`() throws {
        try write(try header(passphrases: 15, asking: "t=10,m=280000"))
        #expect(throws: VaultFailure.stretchingOutOfRange) { try vault.open(.reading) }
    }

    @Test func `more ways in than there may be are refused before one is tried`() throws {
        try write(try header(passphrases: 17, asking: "t=2,m=65536"))
        #expect(throws: VaultFailure.headerDamaged) { try vault.open(.reading, with: "none of them opens with this") }
    }

    @Test func `a header has one spelling`() throws {
        let whole = try header()
        for (word, other) in [
            ("m=65536", "m=065536"), ("t=2", "t=+2"), ("generation 1", "generation 01"), ("vrmvault 1", "vrmvault +1"),
        ] {
            try write(whole.replacingOccurrences(of: word, with: other))
            #expect(throws: VaultFailure.headerDamaged, "\(other)") { try vault.open(.reading) }
        }
    }

    @Test func `a place others can reach, or a link, is refused`() throws {
        chmod(vault.path, 0o755)
        #expect(throws: VaultFailure.unsafePlace(.openToOthers)) { try vault.open(.reading) }
        chmod(vault.path, 0o700)
        try FileManager.default.moveItem(atPath: vault.path, toPath: vault.folder + "/real")
        try FileManager.default.createSymbolicLink(atPath: vault.path, withDestinationPath: "real")
        #expect(throws: VaultFailure.unsafePlace(.symlink)) { try vault.open(.reading) }
        try FileManager.default.removeItem(atPath: vault.path)
        try FileManager.default.moveItem(atPath: vault.folder + "/real", toPath: vault.path)
        try FileManager.default.moveItem(atPath: vault.path + "/store.db", toPath: vault.folder + "/s.db")
        try FileManager.default.createSymbolicLink(atPath: vault.path + "/store.db", withDestinationPath: "../s.db")
        #expect(throws: VaultFailure.unsafePlace(.symlink)) { try vault.open(.reading) }
    }

    @Test func `a synchroniser's leftovers are refused`() throws {
        try "x".write(toFile: vault.path + "/store.sync-conflict-20270101-120000-ABC.db", atomically: true, encoding: .utf8)
        #expect(throws: VaultFailure.unsafePlace(.syncConflict)) { try vault.open(.reading) }
    }

    @Test func `files are for their owner alone`() throws {
        for name in ["header", "store.db", "lock"] {
            var info = stat()
            #expect(stat(vault.path + "/" + name, &info) == 0 && info.st_mode & 0o777 == 0o600, "\(name)")
        }
    }

    @Test func `nothing is made over something that is there`() throws {
        #expect(throws: VaultFailure.alreadyThere) {
            try Vault.make(
                at: vault.path, stateDirectory: vault.state, passphrase: SecretBytes(copying: vault.passphrase.utf8),
                recovery: RecoveryCode.random(), stretching: .floor, now: vault.now)
        }
        #expect(throws: VaultFailure.passphraseTooShort) {
            try Vault.make(
                at: vault.folder + "/second", stateDirectory: vault.state, passphrase: SecretBytes(copying: "short".utf8),
                recovery: RecoveryCode.random(), stretching: .floor, now: vault.now)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: vault.folder).sorted() == ["state", "vault"])
    }

    @Test func `a writer waits for the lock and gives up`() throws {
        let holder = try VaultLock(vault.path + "/lock", .exclusive)
        #expect(throws: VaultFailure.busy) { _ = try VaultLock(vault.path + "/lock", .shared, patience: 2) }
        _ = consume holder
        let reader = try VaultLock(vault.path + "/lock", .shared)
        _ = try VaultLock(vault.path + "/lock", .shared, patience: 1)
        #expect(throws: VaultFailure.busy) { _ = try VaultLock(vault.path + "/lock", .exclusive, patience: 2) }
        _ = consume reader
    }
}

@Suite struct RecoveryCodeTests {
    @Test func `every typing error of one letter is noticed, and its group named`() throws {
        let code = RecoveryCode.random().letters()
        for position in code.indices where code[position] != UInt8(ascii: "-") {
            for letter in Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8) where letter != code[position] {
                var typed = code
                typed[position] = letter
                #expect(throws: RecoveryCodeFailure.wrongGroup(position / 6 + 1)) {
                    _ = try RecoveryCode(typed: SecretBytes(copying: typed))
                }
            }
        }
    }

    @Test func `what is typed back is the same code`() throws {
        for _ in 0..<200 {
            let letters = RecoveryCode.random().letters()
            #expect(try RecoveryCode(typed: SecretBytes(copying: letters)).letters() == letters)
        }
    }

    @Test func `a group too few is said as such`() {
        let code = RecoveryCode.random().letters()
        #expect(throws: RecoveryCodeFailure.wrongLength) {
            _ = try RecoveryCode(typed: SecretBytes(copying: code.dropLast(6)))
        }
    }
}

@Suite struct PaddingTests {
    @Test func `lengths are hidden in steps and come back`() {
        for length in [0, 1, 123, 124, 125, 1019, 1020, 1021, 5000, 100_000] {
            let padded = Padding.pad([UInt8](repeating: 7, count: length))
            #expect(padded.count >= length + 4 && padded.count <= max(128, (length + 4) * 9 / 8 + 128))
            #expect(Padding.unpad(padded)?.count == length)
        }
        #expect(Padding.paddedLength(4 + 100) == Padding.paddedLength(4 + 120))
        #expect(Padding.unpad([1, 0, 0, 0, 7, 1]) == nil)
        #expect(Padding.unpad([9, 0, 0, 0, 7]) == nil)
    }
}
