import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct BackupGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write the whole vault, sealed as it is, to one file.",
        subcommands: [MakeBackup.self, ListBackups.self, ForgetBackup.self], defaultSubcommand: MakeBackup.self)
}

struct MakeBackup: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Write a backup, and read it again to be sure.",
        discussion: """
            Example:
              vrm backup --out /media/stick/vrm-backup

            The file opens with the passphrases and the recovery code of today: vrm restore FILE. It is listed in the vault, so
            that you are told which backups still hold what you forget later.
            """, shouldDisplay: false)

    @Option(help: "Where it goes.", completion: .file()) var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        guard out != "-" else { throw Message("a backup goes to a file", hint: "--out FILE", status: .usage) }
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        let vault = try context.openVault(.changing)
        let path = Context.whole(out)
        guard !context.isRehearsal else {
            return try context.console.show(
                Answer(.members(("file", .string(path)), ("dry_run", true))) { _ in "would write a backup to \(printable(path))" }
            )
        }
        let made = try vault.writeBackup(to: files.reserve(out, companions: ["-journal"]))
        try files.publish()
        let known = try context.change("backup", of: vault) { _, change in try change.note(made, at: path) }
        try context.console.show(
            Answer(
                .members(
                    ("id", .string(known.id.description)), ("file", .string(path)), ("entries", .integer(made.entries)),
                    ("rows", .integer(made.rows)), ("dry_run", false))
            ) { _ in
                "wrote and checked \(printable(path)): \(counted(made.entries, "ledger entry")), \(counted(made.rows, "record"))\nkeep it apart from this machine; bring it back with: vrm restore FILE"
            })
    }
}

struct ListBackups: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the backups that were made.", discussion: "Example:\n  vrm backup list")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let backups = try context.openVault(.reading).backups()
        try context.console.show(
            Answer(list: backups.map(\.json)) { style in
                guard !backups.isEmpty else { return "no backup yet: vrm backup --out FILE" }
                var table = Table("id", "made", "where it was written")
                for backup in backups { table.add(backup.id.short, "\(backup.made.day)", backup.file) }
                return table.rendered(style)
            })
    }
}

struct ForgetBackup: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Take a backup off the list, once you destroyed it.",
        discussion: "Example:\n  shred -u old-backup && vrm backup forget 9f3a1c0e")

    @Argument(help: "Its id, or the start of it.") var id: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let backup = try context.change("backup forget") { vault, change in
            let backup = try vault.backup(id)
            try change.forget(backup)
            return backup
        }
        try context.console.show(Answer(backup.json) { _ in "off the list: \(printable(backup.file))" })
    }
}

extension KnownBackup {
    var json: JSONValue {
        .members(("id", .string(id.description)), ("file", .string(file)), ("made", .string(made.description)))
    }

    /// For the end of an answer: which backups an act did not reach. Nothing when there are none.
    static func lines(_ backups: [KnownBackup], _ fact: String) -> [String] {
        guard !backups.isEmpty else { return [] }
        return ["\(fact):"] + backups.map { "  \(printable($0.file))  of \($0.made.day)  \($0.id.short)" }
            + ["destroy those you do not need, then: vrm backup forget \(backups[0].id.short)"]
    }
}

struct Restore: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a vault back from a backup.",
        discussion: """
            Examples:
              vrm restore /media/stick/vrm-backup
              vrm restore backup --vault elsewhere --dry-run
              vrm restore --this-copy

            Asks for a passphrase of the backup, or the recovery code; every row is checked before anything is put in place. A
            vault that is there already is put aside, not removed. --this-copy takes the vault as it lies there, when you put
            back an older copy of the folder yourself.
            """)

    @Argument(help: "The backup.", completion: .file()) var file: String?
    @Flag(help: "Take the vault in its place as it is, although this machine knows a newer one.") var thisCopy = false
    @OptionGroup var options: VaultOptions

    func validate() throws {
        guard (file == nil) == thisCopy else { throw ValidationError("either a backup or --this-copy") }
    }

    func run(in context: Context) throws {
        guard let file else { return try accept(context) }
        let directory = try context.vaultDirectory
        let console = context.console
        let restoration = try context.withSecret("Passphrase of the backup, or recovery code") { secret in
            try Restoration.prepare(file, to: directory, stateDirectory: context.stateDirectory, secret: secret)
        }
        let ahead = restoration.changesAhead
        if restoration.replaces || ahead > 0 {
            let lost = ahead > 0 ? "\(ahead) newer changes are not in the backup" : "nothing newer is known"
            console.note("vrm: \(lost)" + (restoration.replaces ? "; a vault is in the place and will be put aside" : ""))
            try console.confirm("Restore the backup of \(restoration.newest.day)?")
        }
        let aside = context.isRehearsal ? nil : try restoration.finish(from: Context.whole(file), at: context.now)
        try console.show(
            Answer(
                .members(
                    ("vault_id", .string(restoration.id)), ("path", .string(directory)),
                    ("entries", .integer(restoration.entries)),
                    ("rows", .integer(restoration.rows)), ("newest", .string(restoration.newest.description)),
                    ("changes_lost", .integer(ahead)), ("put_aside", JSONValue(aside)), ("dry_run", .bool(context.isRehearsal)))
            ) { _ in
                var lines = [
                    (context.isRehearsal ? "whole, would restore" : "restored")
                        + " \(counted(restoration.entries, "ledger entry")), \(counted(restoration.rows, "record")), newest of \(restoration.newest.day)"
                ]
                if restoration.bringsOwnPassphrase { lines.append("the passphrase is the backup's: vrm passphrase sets another") }
                if let aside { lines.append("the vault that was there is in \(printable(aside))") }
                if !context.isRehearsal { lines.append("next: vrm status, vrm backup list") }
                return lines.joined(separator: "\n")
            })
        context.tell(restoration.debt)
    }

    private func accept(_ context: Context) throws {
        let vault = try context.openWithSecret(.accepting)
        try context.console.confirm("Take this copy, although this machine knows a newer one?")
        let was = context.isRehearsal ? nil : Failure.message(try vault.accept(at: context.now))?.fact
        try context.console.show(
            Answer(.members(("vault_id", .string(vault.id)), ("was", JSONValue(was)), ("dry_run", .bool(context.isRehearsal)))) {
                _ in
                was.map { "taken as it is (\($0)); the ledger says so" } ?? "would take this copy as it is"
            })
        context.tell(vault.debt)
    }
}
