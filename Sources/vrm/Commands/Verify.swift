import ArgumentParser
import VRMBundle
import VRMTerminal
import VRMVault

/// `vrm verify`: as the company's, and by the keys trusted in the vault when one is named.
struct VerifyForPerson: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a signed bundle and say what that proves.",
        discussion: """
            Examples:
              vrm verify answer.json --key jwks.json
              vrm verify answer.json --passphrase-file FILE

            With the vault's passphrase at hand the companies' keys trusted in it count. Without, no vault is opened.
            Exit: 0 it keeps every rule, 3 it is refused, 65 it is no bundle at all.
            """)

    @Argument(help: "The bundle: a file, or - for stdin.") var file: String
    @OptionGroup var setting: VerifyOptions
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let hasPassphrase = options.passphraseFile != nil || options.passphraseFd != nil
        let documents = hasPassphrase ? try context.openVault(.reading).keyDocuments() : []
        try setting.run(file, isBatch: false, context.console, trusting: documents)
    }
}
