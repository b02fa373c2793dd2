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
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        let handover = RecoveryHandover(out: recoveryOut, optionName: "--recovery-out")
        try handover.check(console, files)
        let directory = try context.vaultDirectory
        do { try Vault.check(at: directory); throw VaultFailure.alreadyThere } catch VaultFailure.noVault {}
        if context.isRehearsal {
            return try console.show(
                Answer(.members(("vault_id", nil), ("path", .string(directory)))) { _ in
                    "would make a vault in \(printable(directory))"
                })
        }
        let passphrase =
            try context.givenPassphrase() ?? NewPassphraseOptions.ask(console, hint: "add --passphrase-file FILE")
        let code = RecoveryCode.random()
        try handover.give(code, console, files, orElse: "no vault was made")
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
}
