import Glibc

/// What the output may use: colour, and how wide it is.
public struct Style: Sendable {
    public let isTerminal: Bool
    public let hasColour: Bool
    public let width: Int
    /// Lines of the terminal.
    public let height: Int

    /// Colour only on a terminal that wants it (no-color.org).
    public init(descriptor: Int32, environment: [String: String]) {
        isTerminal = isatty(descriptor) == 1
        hasColour = isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        var size = winsize()
        let known = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        height = known && size.ws_row > 0 ? Int(size.ws_row) : 24
        width = known ? Int(size.ws_col) : environment["COLUMNS"].flatMap { Int($0) } ?? 100
    }

    public func strong(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    public func faint(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
    public func alarm(_ text: String) -> String { hasColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
}

/// A stranger's text made safe to print: controls, and the marks that turn the reading direction or hide, as visible escapes.
public func printable(_ text: String, keepingLines: Bool = false) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x0A where keepingLines: out.unicodeScalars.append(scalar)
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2060, 0x2066...0x2069,
            0xFEFF:
            out += "\\u{\(String(scalar.value, radix: 16))}"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}

/// A number with its noun: `1 entry`, `2 entries`.
public func counted(_ number: some BinaryInteger, _ noun: String) -> String {
    if number == 1 { return "1 \(noun)" }
    let isChanging = noun.hasSuffix("y") && !"aeiou".contains(noun.dropLast().last ?? "a")
    return "\(number) " + (isChanging ? noun.dropLast() + "ies" : noun.hasSuffix("s") ? noun + "es" : noun + "s")
}

/// Rows under a header, columns aligned, the widest free-text column shortened to fit.
public struct Table: Sendable {
    private let header: [String]
    private var rows: [[String]] = []

    public init(_ header: String...) { self.header = header }
    public init(_ header: [String]) { self.header = header }

    public mutating func add(_ cells: String...) { add(cells) }
    public mutating func add(_ cells: [String]) { rows.append(cells.map { printable($0) }) }

    public var isEmpty: Bool { rows.isEmpty }

    public func rendered(_ style: Style) -> String {
        var widths = header.map(\.count)
        for row in rows { for (i, cell) in row.enumerated() { widths[i] = max(widths[i], cell.count) } }
        let excess = widths.reduce(0, +) + 2 * (widths.count - 1) - style.width
        if excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
            widths[widest] = max(8, widths[widest] - excess)
        }
        func line(_ cells: [String]) -> String {
            var out = ""
            for (i, cell) in cells.enumerated() {
                let fitted = cell.count > widths[i] ? String(cell.prefix(widths[i] - 1)) + "…" : cell
                out += i == cells.count - 1 ? fitted : fitted + String(repeating: " ", count: widths[i] - fitted.count + 2)
            }
            while out.last == " " { out.removeLast() }
            return out
        }
        return ([style.faint(line(header))] + rows.map(line)).joined(separator: "\n")
    }
}
