import CSQLite
import Foundation
import VRMCrypto
import VRMModel

@testable import VRMVault

/// A vault in a folder of its own, gone with the test.
final class TestVault {
    let folder: String
    var path: String { folder + "/vault" }
    var state: String { folder + "/state" }
    let passphrase = "seven easy words make a good one"
    let code: [UInt8]
    var now = Instant("2027-01-01T12:00:00Z")!

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vrm-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let recovery = RecoveryCode.random()
        code = recovery.letters()
        _ = try Vault.make(
            at: folder + "/vault", stateDirectory: folder + "/state", passphrase: SecretBytes(copying: passphrase.utf8),
            recovery: recovery, stretching: .floor, now: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open(
        _ access: Vault.Access = .changing, with secret: String? = nil, state: String? = nil, firstSight: () throws -> Void = {}
    ) throws -> Vault {
        try Vault.open(
            at: path, stateDirectory: state ?? self.state, for: access, secret: SecretBytes(copying: (secret ?? passphrase).utf8),
            firstSight: firstSight)
    }

    @discardableResult
    func change<Result>(_ body: (Vault, Change) throws -> Result) throws -> Result {
        let vault = try open()
        return try vault.change("test", at: now) { try body(vault, $0) }
    }

    /// Everything SQLite still keeps beside the file moved into it, so that files can be copied and rows looked at.
    func settle() throws { try sql("PRAGMA wal_checkpoint(TRUNCATE)") }

    /// Raw SQL, as somebody with the files and without the key would use it.
    func sql(_ text: String) throws {
        var handle: OpaquePointer?
        guard sqlite3_open(path + "/store.db", &handle) == SQLITE_OK else { throw VaultFailure.damaged(.store) }
        defer { sqlite3_close(handle) }
        guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw VaultFailure.damaged(.store) }
    }

    func copy(_ name: String) throws -> String {
        try settle()
        let target = folder + "/" + name
        try FileManager.default.copyItem(atPath: path, toPath: target)
        return target
    }

    func put(back copy: String) throws {
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: copy, toPath: path)
    }
}

func value(_ text: String) -> Private<String> { Private(text) }
let email = DataItemName.email
let shop = Domain("shop.example")!
