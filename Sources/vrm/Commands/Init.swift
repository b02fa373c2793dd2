import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMModel
import VRMTerminal
import VRMVault

struct Initialise: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a vault.",
        discussion: """
            Examples:
              vrm init
              vrm init --recovery-out code.txt

            The recovery code opens the vault when the passphrase is lost. Print it or write it down, then destroy the file:
            who has it has everything.
            """)

    @Option(help: "Write the recovery code to this file instead of showing it.") var recoveryOut: String?
    @Option(help: "How hard the passphrase is stretched: standard, or floor for scripts and tests.") var kdf = "standard"
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let console = context.console
        guard let stretching = Stretching(rawValue: kdf) else {
            throw Message("no such key derivation", hint: "--kdf standard or floor", status: .usage)
        }
        guard recoveryOut != nil || console.mayAsk else {
            throw Message("the recovery code has nowhere to go", hint: "add --recovery-out FILE", status: .usage)
        }
        let directory = try context.vaultDirectory
        do { try Vault.check(at: directory); throw VaultFailure.alreadyThere } catch VaultFailure.noVault {}
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        if let recoveryOut { try files.check(recoveryOut) }
        if context.isRehearsal {
            return try console.show(
                Answer(.members(("vault_id", nil), ("path", .string(directory)))) { _ in
                    "would make a vault in \(printable(directory))"
                })
        }
        let passphrase = try newPassphrase(context)
        let code = RecoveryCode.random()
        var letters = code.letters()
        defer { wipe(&letters) }
        if let recoveryOut {
            try files.stage(letters + [10], as: recoveryOut)
        } else {
            try typeBack(letters, console)
        }
        let id = try Vault.make(
            at: directory, stateDirectory: context.stateDirectory, passphrase: passphrase, recovery: code, stretching: stretching,
            now: context.now)
        try files.publish()
        let recovery = recoveryOut
        try console.show(
            Answer(.members(("vault_id", .string(id)), ("path", .string(directory)))) { _ in
                """
                made a vault in \(printable(directory))
                \(recovery.map { "recovery code in \(printable($0)): print it, keep it apart, then: shred -u \(printable($0))\n" } ?? "")next: vrm me set name -, vrm import passwords FILE
                """
            })
    }

    private func newPassphrase(_ context: Context) throws -> SecretBytes {
        if context.options.passphraseFile != nil || context.options.passphraseFd != nil { return try context.passphrase() }
        let first = try context.console.askSecret("New passphrase", hint: "add --passphrase-file FILE")
        guard first.count >= Vault.shortestPassphrase else { throw VaultFailure.passphraseTooShort }
        let again = try context.console.askSecret("Once more", hint: "add --passphrase-file FILE")
        let isSame = first.withUnsafeBytes { a in again.withUnsafeBytes { b in a.elementsEqual(b) } }
        guard isSame else { throw Message("the two passphrases differ", hint: "vrm init", status: .cancelled) }
        return first
    }

    /// Shown once; typed back, so that it is known to be readable and kept.
    private func typeBack(_ letters: [UInt8], _ console: Console) throws {
        try Console.write(
            "Recovery code, shown only now:\n\n  \(String(decoding: letters, as: UTF8.self))\n\nWrite it down and keep it apart from this machine.\n",
            to: 2)
        for _ in 0..<3 {
            let typed = try console.askSecret("Type it back", hint: "add --recovery-out FILE")
            do {
                var again = try RecoveryCode(typed: typed).letters()
                defer { wipe(&again) }
                if again == letters { return }
                console.note("vrm: that is another code")
            } catch RecoveryCodeFailure.wrongGroup(let group) {
                console.note("vrm: group \(group) has a typing error")
            } catch RecoveryCodeFailure.wrongLength {
                console.note("vrm: it has eight groups of five letters")
            }
        }
        throw Message("the recovery code was not typed back, no vault was made", hint: "vrm init", status: .cancelled)
    }
}
