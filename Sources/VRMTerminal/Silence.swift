import Glibc

/// A terminal that does not show what is typed, until ``end()`` or an interrupt.
struct Silence {
    private let terminal: Int32

    /// What a signal handler has to put back; handlers can reach nothing but globals.
    nonisolated(unsafe) private static var before: (terminal: Int32, mode: termios)?
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    init(_ terminal: Int32) {
        self.terminal = terminal
        var mode = termios()
        guard tcgetattr(terminal, &mode) == 0 else { return }
        Silence.before = (terminal, mode)
        for number in Silence.signals {
            signal(number) { number in
                Silence.restore()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(terminal, TCSAFLUSH, &mode)
    }

    func end() {
        Silence.restore()
        for number in Silence.signals { signal(number, SIG_DFL) }
    }

    private static func restore() {
        guard var before else { return }
        tcsetattr(before.terminal, TCSANOW, &before.mode)
        Silence.before = nil
    }
}
