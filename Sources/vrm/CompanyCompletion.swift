import ArgumentParser
import VRMModel
import VRMTerminal
import VRMVault

extension CompletionKind {
    /// Names of companies, while the vault is unlocked. They are asked of the vault each time: a list kept for the shell would
    /// tell anybody who finds it.
    static var companies: CompletionKind {
        .custom { words, _, prefix in
            var options: [String] = []
            if let at = words.firstIndex(of: "--vault"), words.indices.contains(at + 1) { options = ["--vault", words[at + 1]] }
            guard let parsed = try? VaultOptions.parse(options + ["--no-input"]), let context = try? Context(parsed),
                let vault = try? context.openWithAgent(.reading), let companies = try? vault.companyDomains()
            else { return [] }
            return companies.map(\.description).filter { $0.hasPrefix(prefix) }
        }
    }
}
