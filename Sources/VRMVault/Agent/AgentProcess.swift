import CVRMShim
import Glibc

/// The agent's process: this program again, apart from the terminal, with the keys over a pipe.
public enum AgentProcess {
    /// Where the agent reads its ``AgentCharge``.
    public static let charge: Int32 = 3
    /// Where it says, in one byte, how its start went.
    public static let report: Int32 = 4

    public enum Report: UInt8 {
        case ready = 0
        case alreadyRunning
        case failed
    }

    /// Gives this process the agent's name: it was started as `/proc/self/exe`, and would be called `exe`.
    public static func takeName() { _ = vrm_process_name("vrm-agent") }

    /// Starts an agent, and comes back once it can be asked.
    ///
    /// - Parameters:
    ///   - command: The word that makes this program an agent.
    ///   - runtimeDirectory: All of its environment.
    /// - Throws: ``AgentFailure``.
    public static func start(
        _ charge: borrowing AgentCharge, command: String, runtimeDirectory: String
    ) throws(AgentFailure) {
        let (keys, keysEnd) = try pipe()
        let (said, saidEnd) = try pipe()
        defer { for descriptor in [keys, keysEnd, said] { close(descriptor) } }
        var words = [strdup("vrm"), strdup(command), nil]
        var environment = [strdup("XDG_RUNTIME_DIR=" + runtimeDirectory), nil]
        defer { for text in words + environment { free(text) } }
        let isStarted = vrm_spawn_apart(&words, &environment, keys, saidEnd) == 0
        close(saidEnd)
        guard isStarted else { throw .system(errno: errno) }
        guard charge.write(to: keysEnd) else { throw .noAnswer }
        var answer: UInt8 = 0
        while true {
            let n = read(said, &answer, 1)
            if n < 0, errno == EINTR { continue }
            guard n == 1 else { throw .noAnswer }
            break
        }
        switch Report(rawValue: answer) {
        case .ready: return
        case .alreadyRunning: throw .alreadyRunning
        default: throw .noAnswer
        }
    }

    /// Both ends out of the way of the numbers the child gets.
    private static func pipe() throws(AgentFailure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw .system(errno: errno) }
        defer { for end in ends { close(end) } }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        guard !moved.contains(-1) else { throw .system(errno: errno) }
        return (moved[0], moved[1])
    }
}
