extension String {
    /// In quotes a shell takes for one word whatever stands in it (POSIX, Shell Command Language, 2.2.2).
    public var shellWord: String { "'" + replacing("'", with: "'\\''") + "'" }
}
