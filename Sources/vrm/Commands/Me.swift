import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct MeGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "me", abstract: "Your own facts for letters, and no more.",
        subcommands: [SetFact.self, ShowMe.self, UnsetFact.self])
}

struct SetFact: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set name, email, address, country or language.",
        discussion: """
            Examples:
              vrm me set name -
              echo DE | vrm me set country -

            Your postal address stands in letters to authorities, and to a company where no mail can go: without your e-mail
            address or its own.
            """)

    @Argument(help: "name, email, address, country or language.") var fact: String
    @Argument(help: "- : typed, or piped in.") var value: String
    @Flag(help: "Write it in $EDITOR, for values of several lines.") var edit = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let fact = try PersonFact(named: fact)
        let value = try context.console.value(
            value, asked: "Your \(fact.rawValue)", cap: DataVersion.longestValue, isEdited: edit)
        if let refusal = fact.refusal(of: value.revealed) { throw refusal }
        let version = try context.change("me set") { _, change in try change.set(fact, value) }
        try context.console.show(
            Answer(.members(("name", .string(fact.rawValue)), ("version", .integer(version.number)))) { _ in
                "set your \(fact.rawValue)"
            })
    }
}

extension PersonFact {
    /// - Throws: A ``Message`` with those there are.
    fileprivate init(named name: String) throws {
        guard let fact = PersonFact(rawValue: name) else {
            throw Message("no such fact", hint: PersonFact.allCases.map(\.rawValue).joined(separator: ", "), status: .usage)
        }
        self = fact
    }
}

struct UnsetFact: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset", abstract: "Forget one of your own facts, with all the values it had.",
        discussion: """
            Example:
              vrm me unset address

            Takes the values out of the vault, also out of letters made with them. Backups keep theirs: those that are known are
            listed.
            """)

    @Argument(help: "name, email, address, country or language.") var fact: String
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let fact = try PersonFact(named: fact)
        let forgotten = try context.change("me unset") { vault, change in
            guard try vault.fact(fact) != nil else {
                throw Message("your \(fact.rawValue) is not set", hint: "vrm me show", status: .notFound)
            }
            try context.console.confirm("Forget your \(fact.rawValue) with all its values?")
            return try change.remove(fact)
        }
        let verb = context.isRehearsal ? "would forget" : "forgot"
        try context.console.show(
            Answer(.object(forgotten.json(of: fact.rawValue, context))) { _ in
                forgotten.lines("\(verb) your \(fact.rawValue), \(counted(forgotten.values, "value"))")
            })
    }
}

struct ShowMe: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show your own facts.", discussion: "Example:\n  vrm me show")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        var facts: [(PersonFact, String?)] = []
        for fact in PersonFact.allCases { facts.append((fact, try vault.fact(fact)?.value.revealed)) }
        let regime = LawBook.shipped.usual(
            person: facts.first { $0.0 == .country }?.1.flatMap { CountryCode($0) }, company: nil)
        var object = JSONObject(facts.map { ($0.0.rawValue, JSONValue($0.1)) })
        object["regime"] = JSONValue(regime?.id)
        let shown = facts
        try context.console.show(
            Answer(.object(object)) { _ in
                shown.map { fact, value in
                    let label = fact.rawValue + String(repeating: " ", count: 10 - fact.rawValue.count)
                    return label
                        + (value.map { printable($0.replacing("\n", with: ", ")) } ?? "not set: vrm me set \(fact.rawValue) -")
                }.joined(separator: "\n")
                    + "\nregime    \(regime?.name ?? "that of the company's country"), unless a request says otherwise"
            })
    }
}
