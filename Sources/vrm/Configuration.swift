import VRMTerminal

/// `$XDG_CONFIG_HOME/vrm/config`: lines of `name = value`, `#` for remarks. No secrets.
///
/// Names: `vault` (its folder), `sendmail` (a command line that takes a mail on stdin and its receivers from it).
struct Configuration {
    private var values: [String: String] = [:]

    static let names = ["vault", "sendmail"]

    init(_ console: Console) throws {
        guard let folder = try? Context.folder(console, "XDG_CONFIG_HOME", ".config"),
            let bytes = try? console.read(file: folder + "/vrm/config", cap: 64 * 1024)
        else { return }
        for (number, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let text = line.drop { $0 == " " }
            if text.isEmpty || text.hasPrefix("#") { continue }
            let parts = text.split(separator: "=", maxSplits: 1).map { Configuration.trimmed($0) }
            guard parts.count == 2, Configuration.names.contains(parts[0]) else {
                throw Message(
                    "line \(number + 1) of the configuration is not understood",
                    hint: "names are: \(Configuration.names.joined(separator: ", "))",
                    status: .usage)
            }
            values[parts[0]] = parts[1]
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.last == " " || text.last == "\t" || text.last == "\r" { text.removeLast() }
        return String(text.drop { $0 == " " || $0 == "\t" })
    }
}
