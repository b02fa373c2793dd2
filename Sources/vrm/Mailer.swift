import Glibc
import VRMTerminal

/// The user's own mail command: takes a whole message on stdin and reads the receivers from it (`sendmail -t`).
struct Mailer {
    private let words: [String]

    /// - Throws: A ``Message`` when none is configured.
    init(_ context: Context) throws {
        guard let line = context.configuration["sendmail"], !line.isEmpty else {
            throw Message(
                "no mail command is configured", hint: "write 'sendmail = /usr/sbin/sendmail -t' into ~/.config/vrm/config",
                status: .usage)
        }
        words = line.split(separator: " ").map(String.init)
    }

    /// Hands a message over. Nothing of it stands in the command's arguments or environment.
    ///
    /// - Throws: A ``Message`` of ``ExitStatus/unavailable`` when the command fails.
    func send(_ message: [UInt8]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Message("cannot start the mail command") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addclose(&actions, ends[1])
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let started = posix_spawnp(&child, words[0], &actions, nil, &arguments, environ)
        close(ends[0])
        guard started == 0 else {
            close(ends[1])
            throw Message(
                "the mail command cannot be started", hint: "check 'sendmail' in ~/.config/vrm/config", status: .unavailable)
        }
        // The mail command has only its own, unwritten copy of the message: LF ends, as sendmail takes them.
        let local = message.filter { $0 != 13 }
        let isWritten = (try? Console.write(local, to: ends[1])) != nil
        close(ends[1])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        guard isWritten, status == 0 else {
            throw Message(
                "the mail command failed; the request is made and not sent", hint: "send the .eml yourself, then: vrm sent ID",
                status: .unavailable)
        }
    }
}
