import Glibc

/// A terminal that does not show what is typed, until ``end()`` or an interrupt.
struct Silence {
    init(_ terminal: Int32) {
        var mode = termios()
        guard tcgetattr(terminal, &mode) == 0 else { return }
        TerminalState.mode = (terminal, mode)
        TerminalState.guardFromSignals()
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(terminal, TCSAFLUSH, &mode)
    }

    func end() { TerminalState.restoreMode() }
}
