import ArgumentParser
import Glibc
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct ImportGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in what other programs know.",
        subcommands: [ImportPasswords.self, ImportBitwarden.self, ImportDirectory.self, ImportExport.self, ImportMail.self])
}

struct ImportPasswords: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwords", abstract: "Find your companies in a password manager's CSV export.",
        discussion: """
            Examples:
              vrm import passwords export.csv --dry-run
              pass-manager export | vrm import passwords -

            Reads the exports of Chrome, Firefox, Safari, 1Password, Bitwarden, KeePassXC, KeePass, LastPass, Dashlane and
            Proton Pass. Passwords, one-time codes and notes are dropped while reading: they are never stored.
            """)

    @Argument(help: "The CSV file, or - for stdin.") var file: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        try AccountImport(file: file, command: "import passwords").run(in: context) {
            source, each, progress in
            try PasswordExport.read(&source, each: each, progress: progress)
        }
    }
}

struct ImportBitwarden: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "bitwarden", abstract: "Find your companies in a Bitwarden JSON export.",
        discussion: """
            Examples:
              vrm import bitwarden export.json
              bw export --format json --raw | vrm import bitwarden -

            The export must be unencrypted. Passwords, one-time codes, passkeys and notes are never stored.
            """)

    @Argument(help: "The JSON file, or - for stdin.") var file: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        try AccountImport(file: file, command: "import bitwarden").run(in: context) {
            source, each, progress in
            try BitwardenExport.read(&source, each: each, progress: progress)
        }
    }
}

/// What both kinds of account imports do with what they find.
private struct AccountImport {
    let file: String
    let command: String

    func run(
        in context: Context,
        reading read: (inout FileByteSource, (ImportedAccount) throws -> Void, (Int64) -> Void) throws -> PasswordImportSummary
    ) throws {
        var found: [ImportedAccount] = []
        let progress = Progress(file, context.console)
        func take(_ descriptor: Int32) throws -> PasswordImportSummary {
            var source = FileByteSource(descriptor: descriptor)
            return try read(&source, { found.append($0) }, progress.update)
        }
        // The whole file first: a broken export changes nothing, and no lock is held while a pipe dawdles.
        let summary = try file == "-" ? take(0) : FileDescriptor.reading(file, take)
        progress.end()
        var newCompanies = 0
        var known = 0
        var accounts = 0
        let alarms = try context.change(command) { vault, change in
            let before = try vault.openContradictions().count
            for company in byCompany(found) {
                let logins = company.compactMap { account in
                    account.login.map { Account(login: $0, firstSeen: account.firstSeen, lastSeen: account.lastSeen) }
                }
                let noted = try change.noteAccounts(
                    logins, at: company[0].domain, name: company[0].name, format: summary.format)
                if noted.isNewCompany { newCompanies += 1 } else { known += 1 }
                accounts += noted.newAccounts
            }
            return try vault.openContradictions().count - before
        }
        context.tell(alarms: alarms)
        let (fresh, old, taken, rehearsal, path) = (newCompanies, known, accounts, context.isRehearsal, file)
        try context.console.show(
            Answer(
                .members(
                    ("format", .string(summary.format)), ("rows", .integer(summary.rows)), ("companies_new", .integer(fresh)),
                    ("companies_known", .integer(old)), ("accounts", .integer(taken)), ("skipped", .integer(summary.skipped)),
                    ("secrets_dropped", .integer(summary.secretsDropped)), ("unknown_columns", .integer(summary.unknownColumns)),
                    ("dry_run", .bool(rehearsal)))
            ) { _ in
                var lines = [
                    "\(rehearsal ? "would take" : "took") \(counted(fresh, "new company")) and \(counted(taken, "account")) from \(counted(summary.rows, "row")) (\(summary.format))",
                    "known already \(old), skipped \(counted(summary.skipped, "row")) without a web address, dropped \(counted(summary.secretsDropped, "secret"))",
                ]
                if summary.unknownColumns > 0 {
                    lines.append("left out \(counted(summary.unknownColumns, "column")) nobody knows")
                }
                if !rehearsal && path != "-" {
                    lines.append("the export still holds your passwords in plain text: shred -u \(printable(path))")
                }
                lines.append("next: vrm company list, vrm data who email")
                return lines.joined(separator: "\n")
            })
    }
}

/// The accounts of each company together, companies in the order of their first row: a relationship is written once, however
/// many accounts it has.
private func byCompany(_ found: [ImportedAccount]) -> [[ImportedAccount]] {
    var places: [Domain: Int] = [:]
    var companies: [[ImportedAccount]] = []
    for account in found {
        if let place = places[account.domain] {
            companies[place].append(account)
        } else {
            places[account.domain] = companies.count
            companies.append([account])
        }
    }
    return companies
}

struct ImportDirectory: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory", abstract: "Take in a public directory of companies, as reference.",
        discussion: """
            Examples:
              git clone https://github.com/datenanfragen/data && vrm import directory data
              vrm import directory companies.ndjson

            Knows datenanfragen/data and JustDeleteMe, as a checkout or as a file. It tells where to write and what a company
            asks for; it makes no relationship.
            """)

    @Argument(help: "A checkout, a folder of JSON files, or one file.") var path: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        var found: [DirectoryRecord] = []
        let progress = Progress(path, context.console)
        let summary = try CompanyDirectory.read(path: path, each: { found.append($0) }, progress: progress.update)
        progress.end()
        guard summary.records > 0 || summary.unreadable == 0 else {
            throw Message("not one record of a company directory in it", hint: "vrm import directory --help", status: .malformed)
        }
        var fresh = 0
        try context.change("import directory") { _, change in
            for record in found where try change.keep(record) { fresh += 1 }
            if let source = found.first?.source { try change.finishDirectory(source, changed: fresh) }
        }
        let (changed, rehearsal) = (fresh, context.isRehearsal)
        try context.console.show(
            Answer(
                .members(
                    ("records", .integer(summary.records)), ("new", .integer(changed)),
                    ("without_domain", .integer(summary.withoutDomain)),
                    ("without_contact", .integer(summary.withoutContact)), ("unreadable", .integer(summary.unreadable)),
                    ("obsolete", .integer(summary.obsolete)), ("dry_run", .bool(rehearsal)))
            ) { _ in
                var text =
                    "\(rehearsal ? "would take" : "took") \(changed) new or changed of \(counted(summary.records, "record"))"
                text += "\nwithout a web address \(summary.withoutDomain), without any contact \(summary.withoutContact)"
                if summary.unreadable > 0 { text += "\nnot understood \(summary.unreadable)" }
                return text + "\nnext: vrm company list --directory TEXT"
            })
    }
}
