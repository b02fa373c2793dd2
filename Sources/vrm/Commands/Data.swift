import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct DataGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Your data: values, their history, and who has them.",
        subcommands: [
            SetData.self, ChangeData.self, GetData.self, ListData.self, HistoryData.self, WhoData.self, CatalogueData.self,
            RemoveData.self,
        ])
}

struct SetData: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Give an item a new value; the old one stays in its history.",
        discussion: "Examples:\n  vrm data set email -\n  echo 42 | vrm data set shoe_size -")

    @Argument(help: "The item: an id of the catalogue, or a name of your own.") var name: String
    @Argument(help: "- : typed, or piped in.") var value: String
    @Flag(help: "Write it in $EDITOR, for values of several lines.") var edit = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let name = try context.item(name)
        let value = try context.console.value(value, asked: "Value of \(name)", cap: DataVersion.longestValue, isEdited: edit)
        let version = try context.change("data set") { _, change in try change.set(name, value) }
        try context.console.show(
            Answer(.members(("name", .string(name.description)), ("version", .integer(version.number)))) { _ in
                version.number == 1
                    ? "set \(name); who has it: vrm data who \(name)"
                    : "\(name) is at version \(version.number); who has an older one: vrm data who \(name); tell them: vrm data change \(name) -"
            })
    }
}

struct GetData: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print a value.", discussion: "Example:\n  vrm data get email")

    @Argument(help: "The item.") var name: String
    @Option(help: "An earlier version.") var version: Int?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let version = try context.openVault(.reading).value(context.item(name), version: version)
        try context.console.show(
            Answer(
                .members(
                    ("name", .string(version.name.description)), ("value", .string(version.value.revealed)),
                    ("version", .integer(version.number)))
            ) { style in style.isTerminal ? printable(version.value.revealed, keepingLines: true) : version.value.revealed })
    }
}

struct ListData: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your items, without their values.", discussion: "Example:\n  vrm data list")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let items = try context.openVault(.reading).items()
        try context.console.show(
            Answer(
                list: items.map {
                    .members(
                        ("name", .string($0.item.name.description)), ("version", .integer($0.item.currentVersion)),
                        ("set", JSONValue($0.current?.made.description)),
                        ("sensitive", .bool(Catalogue.entry($0.item.name)?.isSensitive ?? false)))
                }
            ) { style in
                var table = Table("item", "version", "set", "what")
                for (item, current) in items where current != nil {
                    table.add(
                        item.name.description, "\(item.currentVersion)", current.map { "\($0.made.day)" } ?? "–",
                        Catalogue.entry(item.name)?.label ?? "your own")
                }
                return table.isEmpty ? "" : table.rendered(style)
            })
    }
}

struct HistoryData: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Every value an item had, who got it, when and why.",
        discussion: "Example:\n  vrm data history email")

    @Argument(help: "The item.") var name: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let name = try context.item(name)
        let versions = try vault.history(name)
        let who = try vault.who(has: name, at: context.now)
        func got(_ number: Int) -> [WhoLine] { who.filter { ($0.got ?? $0.version) == number } }
        func holders(_ number: Int) -> [String] { Array(Set(got(number).map(\.company.description))).sorted() }
        let lines = versions.map { ($0, holders($0.number)) }
        try context.console.show(
            Answer(
                list: lines.map {
                    .members(
                        ("name", .string(name.description)), ("version", .integer($0.0.number)),
                        ("value", .string($0.0.value.revealed)),
                        ("set", .string($0.0.made.description)), ("companies", .array($0.1.map { .string($0) })),
                        ("got", .array(got($0.0.number).map(WhoReport.json))))
                }
            ) { style in
                var table = Table("version", "set", "value", "who has it")
                for (version, companies) in lines {
                    table.add(
                        "\(version.number)", "\(version.made.day)", version.value.revealed, companies.joined(separator: ", "))
                }
                var said = [table.rendered(style)]
                if !who.isEmpty { said += ["", WhoReport.table(who, style)] }
                return said.joined(separator: "\n")
            })
    }
}

struct WhoData: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "who", abstract: "Which companies have an item, or a value, current or old.",
        discussion: "Examples:\n  vrm data who email\n  vrm data who --value -")

    @Argument(help: "The item.") var name: String?
    @Option(help: "- : look for this value instead, typed or piped in.") var value: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let lines: [WhoLine]
        switch (name, value) {
        case (let name?, nil):
            let item = try context.item(name)
            lines = try context.openVault(.reading).who(has: item, at: context.now)
        case (nil, let value?):
            let value = try context.console.value(value, asked: "Value", cap: DataVersion.longestValue)
            lines = try context.openVault(.reading).who(hasValue: value, at: context.now)
        default: throw Message("either an item or --value -", hint: "vrm data who email", status: .usage)
        }
        try context.console.show(WhoReport.list(lines))
    }
}

struct CatalogueData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "List the items that have a fixed meaning.",
        discussion: "Example:\n  vrm data catalogue\n\nNames of your own are as good: lower-case letters, digits and _.")

    @OptionGroup var options: VaultOptions

    func run() throws {
        let context = try Context(options)
        try context.console.show(
            Answer(
                list: Catalogue.entries.map {
                    .members(
                        ("name", .string($0.name.description)), ("label", .string($0.label)), ("source", .string($0.source)),
                        ("category", .string("https://w3id.org/dpv/pd#" + $0.category)), ("sensitive", .bool($0.isSensitive)))
                }
            ) { style in
                var table = Table("item", "what", "sensitive")
                for entry in Catalogue.entries { table.add(entry.name.description, entry.label, entry.isSensitive ? "yes" : "") }
                return table.rendered(style)
            })
    }
}

struct RemoveData: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget an item with all its values, or one of them.",
        discussion: """
            Examples:
              vrm data remove phone_number
              vrm data remove email --version 1

            Takes the values out of the vault, also out of grants and letters made with them. The companies keep theirs, and so
            do backups: those that are known are listed.
            """)

    @Argument(help: "The item.") var name: String
    @Option(help: "Only this version.") var version: Int?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let name = try context.item(name)
        let forgotten = try context.change("data remove") { vault, change in
            _ = try vault.value(name, version: version)
            try context.console.confirm(
                version.map { "Forget version \($0) of \(name)?" } ?? "Forget \(name) with all its values?")
            return try version.map { try change.remove(name, version: $0) } ?? change.remove(name)
        }
        let verb = context.isRehearsal ? "would remove" : "removed"
        try context.console.show(
            Answer(.object(forgotten.json(of: name.description, context))) { _ in
                forgotten.lines(
                    version.map { "\(verb) version \($0) of \(name)" } ?? "\(verb) \(name), \(counted(forgotten.values, "value"))"
                )
            })
    }
}

extension Forgotten {
    func json(of name: String, _ context: Context) -> JSONObject {
        JSONObject([
            ("name", .string(name)), ("versions", .integer(values)), ("backups", .array(backups.map(\.json))),
            ("dry_run", .bool(context.isRehearsal)),
        ])
    }

    /// What was done, and which backups it did not reach.
    func lines(_ said: String) -> String {
        ([said] + KnownBackup.lines(backups, "these backups still hold it")).joined(separator: "\n")
    }
}
