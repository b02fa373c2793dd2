import ArgumentParser
import Glibc
import VRMBundle
import VRMTerminal
import VRMVault

struct Unlock: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Ask for the passphrase once; commands run without it until the vault is locked.",
        discussion: """
            Examples:
              vrm unlock
              vrm unlock --idle 5m --most 1h

            An agent keeps the keys in memory. It ends, and the vault is locked, with vrm lock, after 15 minutes without use,
            after 8 hours, when the machine sleeps, and with SIGHUP.
            """)

    @Option(help: "Lock after this long without use (30s, 10m); 15m at most.") var idle = "15m"
    @Option(help: "Lock after this long in any case (30m, 8h); 8h at most.") var most = "8h"
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let idle = try duration(idle, "--idle 15m", AgentCharge.longestIdle)
        let most = try duration(most, "--most 8h", AgentCharge.longestLife)
        let directory = try context.vaultDirectory
        try Vault.check(at: directory)
        let folder = try context.agentFolder()
        let agent = AgentClient(folder, vault: try Vault.identity(at: directory))
        if let left = try? agent.secondsLeft() { return try show(left, "unlocked already", context) }
        let vault = try context.openWithSecret(.reading)
        if context.isRehearsal { return try show(min(idle, most), "would be unlocked", context) }
        do {
            try AgentProcess.start(
                vault.charge(idle: idle, most: most), command: "agent",
                runtimeDirectory: context.console.environment["XDG_RUNTIME_DIR"] ?? "")
        } catch AgentFailure.alreadyRunning {
            return try show(try agent.secondsLeft(), "unlocked already", context)
        }
        try show(try agent.secondsLeft(), "unlocked", context)
    }

    private func show(_ left: Int64, _ fact: String, _ context: Context) throws {
        try context.console.show(
            Answer(.members(("locked", false), ("seconds_left", .integer(left)))) { _ in
                "\(fact); locks after \((left + 59) / 60) min without use, or with: vrm lock"
            })
    }

    private func duration(_ text: String, _ example: String, _ longest: Int64) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()), (1...longest).contains(number),
            number * unit <= longest
        else { throw Message("not a time an agent may stay", hint: example, status: .usage) }
        return number * unit
    }
}

struct Lock: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Lock the vault: the agent ends, its keys are gone.", discussion: "Example:\n  vrm lock")

    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let directory = try context.vaultDirectory
        try Vault.check(at: directory)
        var fact = "locked"
        if !context.isRehearsal {
            do {
                try AgentClient(try context.agentFolder(), vault: try Vault.identity(at: directory)).lock()
            } catch AgentFailure.notRunning {
                fact = "locked already"
            } catch AgentFailure.noRuntimeDirectory {
                fact = "locked already"
            }
        }
        let said = fact
        try context.console.show(Answer(.members(("locked", true))) { _ in said })
    }
}

/// What `vrm unlock` starts. Not for the command line: its keys come over a pipe.
struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Started by vrm unlock.", shouldDisplay: false)

    func run() throws {
        guard fcntl(AgentProcess.report, F_GETFD) >= 0, let charge = AgentCharge(reading: AgentProcess.charge) else {
            throw Message("the agent is started with the keys of a vault", hint: "vrm unlock", status: .usage)
        }
        close(AgentProcess.charge)
        AgentProcess.takeName()
        func report(_ report: AgentProcess.Report) {
            var byte = report.rawValue
            write(AgentProcess.report, &byte, 1)
            close(AgentProcess.report)
        }
        do {
            let runtime = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }
            var agent = try Agent(charge, in: AgentFolder(runtimeDirectory: runtime))
            report(.ready)
            agent.serve()
        } catch AgentFailure.alreadyRunning {
            report(.alreadyRunning)
        } catch {
            report(.failed)
        }
    }
}
