public import ArgumentParser
import Glibc
import VRMBundle

/// Runs a command tree: parses, runs, and turns whatever went wrong into our two lines and an exit status.
public enum Program {
    public static func run<Root: ParsableCommand>(
        _ root: Root.Type, name: String, later: [[String]], topics: [String: String],
        explain: (any Error) -> Message?
    ) -> Never {
        keepMemoryIn()
        // A closed pipe and a file over its limit are errors to be told, not deaths.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        let isJSON = arguments.contains("--json")
        let words = arguments.prefix { !$0.hasPrefix("-") }
        if words.first == "help", words.count == 2, let text = topics[words[1]] {
            try? Console.write(text + "\n", to: 1)
            exit(0)
        }
        // Not ArgumentParser's: that stands in the help of every command, beside the --version some have.
        if arguments == ["--version"] {
            try? Console.write(Release.version + "\n", to: 1)
            exit(0)
        }
        if later.contains(where: { words.starts(with: $0) }) { fail(.notBuilt, name, isJSON) }
        do {
            var command = try Root.parseAsRoot(arguments)
            try command.run()
            exit(0)
        } catch let message as Message {
            fail(message, name, isJSON)
        } catch let failure as any UserFacing {
            fail(failure.message, name, isJSON)
        } catch {
            if let message = explain(error) { fail(message, name, isJSON) }
            let code = Root.exitCode(for: error)
            guard code != .success else {
                let text = Root.message(for: error)
                let footer = text.contains("USAGE:") ? "\n\nEXIT CODES: \(name) help exit-codes\n" : "\n"
                try? Console.write(text + footer, to: 1)
                exit(0)
            }
            if let problem = CommandTree(root: root).problem(Array(words), program: name) { fail(problem, name, isJSON) }
            // ArgumentParser's own words, made one line.
            let fact = Root.message(for: error).split(separator: "\n").first.map(String.init) ?? "not understood"
            let typed = words.joined(separator: " ")
            fail(
                Message(
                    lowered(fact), hint: typed.isEmpty ? "\(name) --help" : "\(name) help \(printable(typed))", status: .usage),
                name, isJSON)
        }
    }

    /// Both programs hold keys: no core file, and no crash report of the language's runtime, which prints memory.
    private static func keepMemoryIn() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        for crash in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT, SIGSYS] { signal(crash, SIG_DFL) }
    }

    private static func lowered(_ fact: String) -> String {
        var text = fact.hasPrefix("Error: ") ? String(fact.dropFirst(7)) : fact
        if text.hasSuffix(".") { text.removeLast() }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    static func fail(_ message: Message, _ name: String, _ isJSON: Bool) -> Never {
        if isJSON {
            try? Console.write(message.json.text + "\n", to: 2)
        } else {
            try? Console.write("\(name): error: \(printable(message.fact))\n", to: 2)
            if let hint = message.hint { try? Console.write("\(name): hint: \(printable(hint))\n", to: 2) }
        }
        exit(message.status.rawValue)
    }
}
