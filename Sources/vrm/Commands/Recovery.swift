import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMTerminal
import VRMVault

struct RecoveryGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery", abstract: "The code that opens the vault when the passphrase is lost.",
        subcommands: [NewRecovery.self, UseRecovery.self])
}

struct NewRecovery: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Put a new recovery code in the place of the old one.",
        discussion: """
            Examples:
              vrm recovery new
              vrm recovery new --out code.txt

            Asks for the passphrase again. Without --out the code is shown once and typed back. The old code goes on to open
            copies of the vault that were made before.
            """)

    @Option(help: "Write the code to this file instead of showing it.") var out: String?
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        let handover = RecoveryHandover(out: out)
        try handover.check(context.console, files)
        let vault = try context.openWithSecret(.slots)
        let code = RecoveryCode.random()
        if !context.isRehearsal {
            try handover.give(code, context.console, files, orElse: "the old code still holds")
            try vault.replaceRecovery(with: code, command: "recovery new", at: context.now)
            try files.publish()
        }
        let file = out
        let rehearsal = context.isRehearsal
        try context.console.show(
            Answer(.members(("file", JSONValue(file)), ("dry_run", .bool(rehearsal)))) { _ in
                if rehearsal { return "would make a new recovery code" }
                return "the new recovery code holds, the old one opens older copies alone"
                    + (file.map { "\nprint \(printable($0)), keep it apart, then: shred -u \(printable($0))" } ?? "")
            })
        context.tell(vault.debt)
    }
}

struct UseRecovery: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Open the vault with the recovery code and set a new passphrase.",
        discussion: """
            Example:
              vrm recovery use

            The new passphrase takes the place of all there are. The code goes on to hold: vrm recovery new makes another.
            """)

    @OptionGroup var new: NewPassphraseOptions
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openWithSecret(.slots, asking: "Recovery code")
        let passphrase = try new.read(context.console)
        if !context.isRehearsal {
            try vault.replacePassphrase(with: passphrase, command: "recovery use", at: context.now)
        }
        let ways = vault.waysIn
        let rehearsal = context.isRehearsal
        try context.console.show(
            Answer(.members(("ways_in", .array(ways.map(\.json))), ("dry_run", .bool(rehearsal)))) { _ in
                rehearsal ? "would set a new passphrase" : "set a new passphrase; the recovery code still holds"
            })
        context.tell(vault.debt)
    }
}

/// How a recovery code reaches the person: a file, or the screen, typed back.
struct RecoveryHandover {
    let out: String?
    var optionName = "--out"

    /// - Throws: A ``Message`` when it can reach nobody.
    func check(_ console: Console, _ files: OutputFiles) throws {
        guard out != nil || console.mayAsk else {
            throw Message(
                "the recovery code has nowhere to go", hint: "add \(optionName) FILE", status: .usage)
        }
        if let out { try files.check(out) }
    }

    func give(_ code: borrowing RecoveryCode, _ console: Console, _ files: OutputFiles, orElse consequence: String) throws {
        var letters = code.letters()
        defer { wipe(&letters) }
        if let out {
            var line = letters + [10]
            defer { wipe(&line) }
            try files.stage(line, as: out)
        } else {
            try console.apart { try typeBack(letters, console, consequence) }
        }
    }

    /// Shown once; typed back, so that it is known to be readable and kept.
    private func typeBack(_ letters: [UInt8], _ console: Console, _ consequence: String) throws {
        try Console.write(
            "Recovery code, shown only now:\n\n  \(String(decoding: letters, as: UTF8.self))\n\nWrite it down and keep it apart from this machine.\n",
            to: 2)
        for _ in 0..<3 {
            let typed = try console.askSecret("Type it back", hint: "add \(optionName) FILE")
            do {
                var again = try RecoveryCode(typed: typed).letters()
                defer { wipe(&again) }
                if again == letters { return }
                console.note("vrm: that is another code")
            } catch RecoveryCodeFailure.wrongGroup(let group) {
                console.note("vrm: group \(group) has a typing error")
            } catch RecoveryCodeFailure.wrongLength {
                console.note("vrm: it has eight groups of five letters")
            }
        }
        throw Message("the recovery code was not typed back, \(consequence)", hint: "try again", status: .cancelled)
    }
}
