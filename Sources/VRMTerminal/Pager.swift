/// Shows what is longer than the terminal through the user's pager.
struct Pager {
    private let words: [String]

    init(_ environment: [String: String]) {
        let named = environment["PAGER"].flatMap { $0.isEmpty ? nil : $0 }
        words = named.map { ["/bin/sh", "-c", $0] } ?? ["less", "-FRX"]
    }

    static func isWanted(for text: String, _ style: Style) -> Bool {
        style.isTerminal && text.utf8.count { $0 == 10 } >= style.height
    }

    /// - Returns: Whether there was one to show it.
    func show(_ text: String) throws -> Bool { ChildProcess.run(words, input: Array(text.utf8)) != nil }
}
