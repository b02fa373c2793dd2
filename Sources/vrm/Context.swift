import ArgumentParser
import Glibc
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// Options every command has, and how it reaches the vault.
struct VaultOptions: ParsableArguments {
    @Option(help: "The vault's folder. Also $VRM_VAULT.") var vault: String?
    @Option(help: "A file whose first line is the passphrase.") var passphraseFile: String?
    @Option(help: "A file descriptor that gives the passphrase.") var passphraseFd: Int32?
    @Flag(help: "Answer in JSON; errors too.") var json = false
    @Flag(help: "Do not ask for confirmations.") var yes = false
    @Flag(help: "Never ask anything.") var noInput = false
    @Flag(help: "Show what would happen, change nothing.") var dryRun = false
}

/// A command that works on the vault.
protocol VaultCommand: ParsableCommand {
    var options: VaultOptions { get }
    func run(in context: Context) throws
}

extension VaultCommand {
    func run() throws { try run(in: Context(options)) }
}

/// The outside world of one command: console, paths, passphrase, clock.
struct Context {
    let console: Console
    let options: VaultOptions
    let configuration: Configuration

    init(_ options: VaultOptions) throws {
        self.options = options
        console = Console(
            program: "vrm", isJSON: options.json, noInput: options.noInput, isAgreed: options.yes, isRehearsal: options.dryRun)
        configuration = try Configuration(console)
    }

    var now: Instant { console.now }
    var isRehearsal: Bool { console.isRehearsal }

    // MARK: Places (XDG Base Directory Specification)

    static func folder(_ console: Console, _ variable: String, _ fallback: String) throws -> String {
        if let set = console.environment[variable], set.hasPrefix("/") { return set }
        guard let home = console.environment["HOME"], home.hasPrefix("/") else {
            throw Message("there is no home directory", hint: "export HOME, or add --vault DIR", status: .usage)
        }
        return home + "/" + fallback
    }

    /// Flag, then environment, then configuration, then the usual place.
    var vaultDirectory: String {
        get throws {
            if let given = options.vault ?? console.environment["VRM_VAULT"] ?? configuration["vault"], !given.isEmpty {
                return given.count > 1 && given.hasSuffix("/") ? String(given.dropLast()) : given
            }
            return try Context.folder(console, "XDG_DATA_HOME", ".local/share") + "/vrm/vault"
        }
    }

    var stateDirectory: String {
        get throws { try Context.folder(console, "XDG_STATE_HOME", ".local/state") + "/vrm" }
    }

    // MARK: The vault

    /// Opens the vault: with the passphrase when one is given, else through the agent, else by asking.
    func openVault(_ access: Vault.Access) throws -> Vault {
        if options.passphraseFile == nil, options.passphraseFd == nil, let vault = try openWithAgent(access) { return vault }
        return try openWithSecret(access)
    }

    /// Nil while the vault is locked.
    func openWithAgent(_ access: Vault.Access) throws -> Vault? {
        let directory = try vaultDirectory
        try Vault.check(at: directory)
        do {
            let keys = try AgentClient(agentFolder(), vault: Vault.identity(at: directory)).give()
            return try Vault.open(
                at: directory, stateDirectory: stateDirectory, for: access, keys: keys, firstSight: trustFirstSight)
        } catch let failure as AgentFailure where failure != .foreignPeer {
            return nil
        }
    }

    /// Opens the vault with a passphrase or a recovery code, never through the agent.
    func openWithSecret(_ access: Vault.Access, asking prompt: String = "Passphrase") throws -> Vault {
        let directory = try vaultDirectory
        try Vault.check(at: directory)
        return try withSecret(prompt) { secret in
            try Vault.open(
                at: directory, stateDirectory: stateDirectory, for: access, secret: secret, firstSight: trustFirstSight)
        }
    }

    func agentFolder() throws -> AgentFolder { try AgentFolder(runtimeDirectory: console.environment["XDG_RUNTIME_DIR"]) }

    /// Calls `body` with a passphrase or recovery code; one that was typed wrong is asked for again, three times in all.
    func withSecret<Result>(_ prompt: String, _ body: (borrowing SecretBytes) throws -> Result) throws -> Result {
        if let given = try givenPassphrase() { return try body(given) }
        for _ in 0..<2 {
            let secret = try ask(prompt)
            do { return try body(secret) } catch let failure as VaultFailure where failure.isMistyped {
                console.note("vrm: \(failure.message.fact), try again")
            }
        }
        return try body(try ask(prompt))
    }

    private func ask(_ prompt: String) throws -> SecretBytes {
        guard console.mayAsk else { throw VaultFailure.locked }
        return try console.askSecret(prompt, hint: "add --passphrase-file FILE")
    }

    /// This machine has no memory of the vault: the person's word stands in for it.
    private func trustFirstSight() throws {
        let fact = "this machine has no memory of this vault, so an older copy would not be noticed"
        if console.isAgreed { return console.note("vrm: " + fact) }
        guard console.mayAsk else { throw Message(fact, hint: "add --yes to trust this copy", status: .cancelled) }
        console.note("vrm: " + fact)
        try console.confirm("Trust this copy?")
    }

    /// A path that means the same tomorrow, from another folder.
    static func whole(_ path: String) -> String {
        guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    /// Opens the vault, makes one change, and puts the files in place once it is committed.
    func change<Result>(
        _ command: String, of opened: Vault? = nil, files: OutputFiles? = nil, _ body: (Vault, Change) throws -> Result
    ) throws -> Result {
        let vault = try opened ?? openVault(.changing)
        let result = try vault.change(command, at: now, isRehearsal: isRehearsal) { change in try body(vault, change) }
        try files?.publish()
        if vault.debt == .shredding {
            throw Message(
                "removed, but the vault's files still hold traces of it",
                hint: "free some disk space; the next change finishes it")
        }
        tell(vault.debt)
        if isRehearsal { console.note("vrm: --dry-run, nothing was changed") }
        return result
    }

    /// Says that something taken in speaks against erasures companies said are done.
    func tell(alarms: Int) {
        guard alarms > 0 else { return }
        console.note("vrm: \(alarms) that said they erased everything \(alarms == 1 ? "is" : "are") back: vrm status")
    }

    /// Says what a change that is done still owes.
    func tell(_ debt: Vault.Debt?) {
        switch debt {
        case .memory:
            console.note(
                "vrm: done, but this machine could not note the vault's state; an older copy put back would not be noticed")
        case .ledger: console.note("vrm: done, but the ledger could not take it in; the next change does")
        case .shredding, nil: break
        }
    }

    /// The passphrase of `--passphrase-file` or `--passphrase-fd`; nil when neither is there.
    func givenPassphrase() throws -> SecretBytes? {
        if let path = options.passphraseFile {
            return try FileDescriptor.reading(path) { try Console.readLine($0, cap: 4096) }
        }
        if let descriptor = options.passphraseFd {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)  // the mail command must not inherit it
            return try Console.readLine(descriptor, cap: 4096)
        }
        return nil
    }

    // MARK: What people type

    func item(_ text: String) throws -> DataItemName {
        guard let name = DataItemName(text) else {
            throw Message("not an item name: lower-case letters, digits and _", hint: "vrm data catalogue", status: .usage)
        }
        return name
    }

    func day(_ text: String, _ option: String) throws -> Day {
        guard let day = Day(text) else { throw Message("\(option) is no date", hint: "\(option) 2027-03-01", status: .usage) }
        return day
    }

    func language(_ text: String) throws -> LanguageCode {
        guard let language = LanguageCode(text) else {
            throw Message("not a language code", hint: "--language en", status: .usage)
        }
        return language
    }

    func domain(_ text: String) throws -> Domain {
        guard let host = PublicSuffixes.host(ofURL: text), let domain = PublicSuffixes.registrableDomain(of: host) else {
            throw Message("not a company's domain", hint: "vrm company add shop.example", status: .usage)
        }
        return domain
    }

    func purpose(_ text: String) throws -> Purpose {
        guard let purpose = Purpose(named: text) else {
            throw Message("no such purpose", hint: "vrm terms purposes", status: .notFound)
        }
        return purpose
    }

    func termsID(_ text: String) throws -> TermsID {
        guard let id = TermsID(text) else { throw Message("not an id of terms", hint: "vrm terms list", status: .usage) }
        return id
    }

    /// Languages for a company, the likeliest first: what it asks for, what the person writes in, English.
    func languages(_ company: Company, _ vault: Vault) throws -> [LanguageCode] {
        [company.language, try vault.fact(.language).flatMap { LanguageCode($0.value.revealed) }, .english].compactMap { $0 }
    }
}
