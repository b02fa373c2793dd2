/// Why there is no agent to talk to. Carries no path and no key.
public enum AgentFailure: Error, Equatable {
    /// `$XDG_RUNTIME_DIR` is not set, or names nothing.
    case noRuntimeDirectory
    /// It is open to others, belongs to another user, or is a symbolic link.
    case unsafeRuntimeDirectory
    /// Nobody listens: the vault is locked.
    case notRunning
    /// An agent for this vault is there already.
    case alreadyRunning
    /// Another user listens there.
    case foreignPeer
    /// What came back is no answer.
    case noAnswer
    case system(errno: Int32)
}
