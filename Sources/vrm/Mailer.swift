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
        // sendmail takes a message with the line ends of the system.
        guard let status = ChildProcess.run(words, input: message.filter { $0 != 13 }, isSilent: true) else {
            throw Message(
                "the mail command cannot be started", hint: "check 'sendmail' in ~/.config/vrm/config", status: .unavailable)
        }
        guard status == 0 else {
            throw Message(
                "the mail command failed; the request is made and not sent", hint: "send the .eml yourself, then: vrm sent ID",
                status: .unavailable)
        }
    }
}
