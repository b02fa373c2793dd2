import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMTerminal
import VRMVault

/// Where a new passphrase comes from.
struct NewPassphraseOptions: ParsableArguments {
    @Option(help: "A file whose first line is the new passphrase.") var newPassphraseFile: String?

    func read(_ console: Console) throws -> SecretBytes {
        if let newPassphraseFile {
            return try FileDescriptor.reading(newPassphraseFile) { try Console.readLine($0, cap: 4096) }
        }
        return try NewPassphraseOptions.ask(console, hint: "add --new-passphrase-file FILE")
    }

    /// Asks twice, because nobody sees what they type.
    static func ask(_ console: Console, hint: String) throws -> SecretBytes {
        let first = try console.askSecret("New passphrase", hint: hint)
        guard first.count >= Vault.shortestPassphrase else { throw VaultFailure.passphraseTooShort }
        let again = try console.askSecret("Once more", hint: hint)
        let isSame = first.withUnsafeBytes { a in again.withUnsafeBytes { b in a.elementsEqual(b) } }
        guard isSame else { throw Message("the two passphrases differ", hint: "try again", status: .cancelled) }
        return first
    }
}

struct Passphrase: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase", abstract: "Change the passphrase, or add, list and remove others.",
        discussion: """
            Examples:
              vrm passphrase
              vrm passphrase --add
              vrm passphrase --list
              vrm passphrase --remove 4d20e1aa

            Asks for the present passphrase again, even while the vault is unlocked. Copies of the vault that were made before,
            backups among them, go on to open with the passphrase they had.
            """)

    @Flag(help: "Add one beside those there are.") var add = false
    @Flag(help: "List the ways in.") var list = false
    @Option(help: "Remove the one of this id, or the start of it.") var remove: String?
    @OptionGroup var new: NewPassphraseOptions
    @OptionGroup var options: VaultOptions

    func validate() throws {
        guard [add, list, remove != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("--add, --list and --remove exclude each other")
        }
    }

    func run(in context: Context) throws {
        let vault = try context.openWithSecret(.slots)
        if !list { try change(vault, context) }
        let ways = vault.waysIn
        let backups = list ? [] : try vault.backups()
        try context.console.show(
            Answer(
                .members(
                    ("ways_in", .array(ways.map(\.json))), ("older_backups", .array(backups.map(\.json))),
                    ("dry_run", .bool(context.isRehearsal)))
            ) { style in
                if list {
                    var table = Table("id", "kind", "stretched", "")
                    for way in ways {
                        let work = way.stretching.map { "\($0.passes) × \($0.mebibytes) MiB" } ?? "–"
                        table.add(way.id, way.kind.rawValue, work, way.isInUse ? "just used" : "")
                    }
                    return table.rendered(style)
                }
                let fact = add ? "added a passphrase" : remove != nil ? "removed a passphrase" : "changed the passphrase"
                let old = add || context.isRehearsal ? [] : KnownBackup.lines(backups, "these still open with what held before")
                return ([context.isRehearsal ? "would have \(fact)" : fact] + old).joined(separator: "\n")
            })
        context.tell(vault.debt)
    }

    private func change(_ vault: Vault, _ context: Context) throws {
        if let remove {
            try context.console.confirm("Remove the passphrase \(remove)?")
            guard !context.isRehearsal else { return }
            return try vault.removePassphrase(remove, command: "passphrase", at: context.now)
        }
        let passphrase = try new.read(context.console)
        guard !context.isRehearsal else { return }
        if add {
            try vault.addPassphrase(passphrase, command: "passphrase", at: context.now)
        } else {
            try vault.replacePassphrase(with: passphrase, command: "passphrase", at: context.now)
        }
    }
}

extension WayIn {
    var json: JSONValue {
        .members(
            ("id", .string(id)), ("kind", .string(kind.rawValue)), ("passes", stretching.map { .integer($0.passes) }),
            ("mebibytes", stretching.map { .integer($0.mebibytes) }), ("in_use", .bool(isInUse)))
    }
}
