import ArgumentParser
import VRMModel

/// The commands there are, for telling a typing error from a wrong option.
struct CommandTree {
    let root: any ParsableCommand.Type

    /// What is wrong with the command words themselves; nil when they name a command.
    ///
    /// Only words up to the first option are looked at, and only where a command must stand.
    func problem(_ words: [String], program: String) -> Message? {
        var path = [program]
        var command = root
        for word in words {
            let children = command.configuration.subcommands
            guard !children.isEmpty else { return nil }
            if let child = children.first(where: { CommandTree.name($0) == word }) {
                command = child
                path.append(word)
                continue
            }
            if word == "help" || command.configuration.defaultSubcommand != nil { return nil }
            let near = children.map(CommandTree.name).filter { CommandTree.isNear(word, $0) }.sorted()
            let hint =
                near.isEmpty
                ? "\((path + ["--help"]).joined(separator: " "))" : "did you mean: \((path + [near[0]]).joined(separator: " "))"
            return Message("no such command", hint: hint, status: .usage)
        }
        return nil
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    /// One is the start of the other, or at most two letters differ.
    private static func isNear(_ typed: String, _ name: String) -> Bool {
        name.hasPrefix(typed) || typed.hasPrefix(name) || editDistance(typed, name) <= 2
    }
}
