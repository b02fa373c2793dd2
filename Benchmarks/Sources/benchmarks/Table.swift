import Glibc

/// What was measured, as a Markdown table: the ratio first, then what it is made of.
struct Table {
    private var rows: [[String]] = []

    /// - Parameters:
    ///   - ratio: Of what was measured to its peer of the same run.
    ///   - used: How much of the bound was used; above 1 it was missed.
    mutating func add(
        _ what: String, _ size: String, ratio: Double, to peer: String, measured: String, bound: String, used: Double
    ) {
        let row = [what, size, Table.text(ratio), peer, measured, bound, used <= 1 ? "yes" : "missed, \(Table.text(used)) ×"]
        rows.append(row)
        print("| " + row.joined(separator: " | ") + " |")
        fflush(nil)
    }

    /// Something to compare by eye, without a bound.
    mutating func mention(_ what: String, _ size: String, ratio: Double, to peer: String, measured: String) {
        print("| \(what) | \(size) | \(Table.text(ratio)) | \(peer) | \(measured) | – | – |")
    }

    init() {
        print("| what | records | ratio | to | measured | at most | held |")
        print("|---|---|---|---|---|---|---|")
    }

    static func text(_ number: Double) -> String {
        let scale: Double = number < 10 ? 100 : 10
        let rounded = (number * scale).rounded() / scale
        return "\(rounded)"
    }

    /// To whoever started the program, beside the table.
    static func say(_ text: String) { write(2, text, text.utf8.count) }

    static func ms(_ number: Double) -> String { text(number) + " ms" }
    static func mib(_ number: Double) -> String { text(number) + " MiB" }
}
