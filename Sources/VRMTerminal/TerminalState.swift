import Glibc

/// How the terminal was before it was changed, so that an interrupt puts it back. Handlers can reach nothing but globals.
enum TerminalState {
    nonisolated(unsafe) static var mode: (terminal: Int32, mode: termios)?
    /// Where the second screen is shown.
    nonisolated(unsafe) static var screen: Int32?

    static func guardFromSignals() {
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            signal(number) { number in
                TerminalState.restoreMode()
                TerminalState.restoreScreen()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    static func restoreMode() {
        guard var before = mode else { return }
        tcsetattr(before.terminal, TCSANOW, &before.mode)
        mode = nil
    }

    /// Empties the second screen before it goes: some terminals keep it.
    static func restoreScreen() {
        guard let terminal = screen else { return }
        let leave: StaticString = "\u{1B}[2J\u{1B}[H\u{1B}[?1049l"
        _ = write(terminal, leave.utf8Start, leave.utf8CodeUnitCount)
        screen = nil
    }
}

extension Console {
    /// Runs `body` on the terminal's second screen, as a pager does: what it shows is in no scrollback afterwards.
    public func apart<Result>(_ body: () throws -> Result) throws -> Result {
        guard err.isTerminal, environment["TERM", default: "dumb"] != "dumb" else { return try body() }
        TerminalState.screen = 2
        TerminalState.guardFromSignals()
        defer { TerminalState.restoreScreen() }
        try Console.write("\u{1B}[?1049h\u{1B}[2J\u{1B}[H", to: 2)
        return try body()
    }
}
