import ArgumentParser
import VRMTerminal
import VRMVault

@main
struct PersonProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vrm",
        abstract: "Your side of every business relationship: who has which of your data, on what terms, until when.",
        discussion: """
            Examples:
              vrm init --recovery-out code.txt
              vrm import passwords export.csv
              vrm data who email
              vrm request new erasure shop.example --out letters

            More: vrm help COMMAND, vrm help exit-codes, vrm --version. Nothing leaves this machine unless a command says so.
            """,
        subcommands: [
            Initialise.self, Status.self, MeGroup.self, ImportGroup.self, CompanyGroup.self, ContractGroup.self, DataGroup.self,
            TermsGroup.self, AgreementGroup.self, GrantGroup.self, RequestGroup.self, IntentGroup.self, OfferGroup.self, Due.self,
            Find.self, Show.self, Sent.self,
            LedgerGroup.self, MessageGroup.self, NoteGroup.self, Scores.self, ReceiptGroup.self, VerifyForPerson.self,
            Inspect.self, Unlock.self, Lock.self, Passphrase.self, RecoveryGroup.self,
            BackupGroup.self, Restore.self, ExportVault.self, AgentCommand.self,
        ])

    static func main() {
        Vault.protectProcess()
        Program.run(
            PersonProgram.self, name: "vrm", later: Later.commands, topics: ["exit-codes": Release.exitCodes],
            explain: Failure.message)
    }
}

/// Commands that are agreed and not built yet.
enum Later {
    static let commands: [[String]] = [
        ["doctor"], ["rekey"], ["report"],
    ]
}
