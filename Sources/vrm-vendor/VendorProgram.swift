import ArgumentParser
import VRMTerminal

@main
struct VendorProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vrm-vendor",
        abstract: "The company's side: check what a person sent, and answer it with a signature.",
        discussion: """
            Examples:
              vrm-vendor keys new --origin https://shop.example --dir keys
              vrm-vendor verify grant.json --audience https://shop.example --store seen
              vrm-vendor accept terms.json --keys keys --decision accepted --out answer.json
              vrm-vendor receipt request.json --keys keys --outcome fulfilled --out receipt.json

            It needs no vault, no account and no network. The format is in docs/spec/bundle.md.
            More: vrm-vendor help COMMAND, vrm-vendor help exit-codes, vrm-vendor --version.
            """,
        subcommands: [
            KeysGroup.self, Verify.self, Inspect.self, Accept.self, MakeReceipt.self, MakeMessage.self, MakeOffer.self,
            BindAccount.self,
        ])

    static func main() {
        Program.run(
            VendorProgram.self, name: "vrm-vendor", later: [["page"]],
            topics: ["exit-codes": Release.exitCodes], explain: { _ in nil })
    }
}
