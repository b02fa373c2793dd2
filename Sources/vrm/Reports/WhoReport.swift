import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

/// Who has what, and why.
enum WhoReport {
    static func json(_ line: WhoLine) -> JSONValue {
        let why = line.why
        return .members(
            ("company", .string(line.company.description)), ("item", .string(line.item.description)),
            ("grant", JSONValue(line.grant?.description)), ("version", line.version.map { .integer($0) }),
            ("got", (line.got ?? line.version).map { .integer($0) }), ("current", .bool(line.isCurrent)),
            ("since", JSONValue(line.since?.description)), ("until", JSONValue(line.until?.description)),
            ("state", .string(line.state)), ("purpose", JSONValue(why.purpose?.rawValue)),
            (
                "why",
                .members(
                    ("kind", .string(why.kind.rawValue)), ("id", .string(why.id.description)), ("source", .string(why.source)),
                    ("at", .string(why.at.description)), ("terms", JSONValue(why.terms?.description)),
                    ("basis", JSONValue(why.basis?.rawValue)), ("right", JSONValue(why.right?.rawValue)))
            ), ("rectified_by", JSONValue(line.rectified?.description)))
    }

    static func list(_ lines: [WhoLine]) -> Answer {
        Answer(list: lines.map(json)) { style in
            lines.isEmpty ? "nobody, as far as the vault knows" : table(lines, style)
        }
    }

    static func table(_ lines: [WhoLine], _ style: Style) -> String {
        var table = Table("company", "item", "version", "since", "until", "for", "state", "why")
        for line in lines {
            table.add(
                line.company.description, line.item.description, version(line), line.since?.description ?? "?",
                line.until?.description ?? "–", line.why.purpose?.rawValue ?? "no grant", line.state, words(line.why))
        }
        return table.rendered(style)
    }

    static func version(_ line: WhoLine) -> String {
        guard let version = line.version else { return "?" }
        if let got = line.got { return "\(version), was \(got)" }
        return line.isCurrent ? "\(version)" : "\(version) (old)"
    }

    /// How the company came by it, in words: the command, the record, the terms.
    static func words(_ why: WhoLine.Why) -> String {
        switch why.kind {
        case .holding: (why.proofFor == nil ? why.source : "proof of who you are, to be deleted") + ", \(why.at.day)"
        case .grant: "\(why.source) \(why.id.short)" + (why.terms.map { " under \($0)" } ?? "")
        case .request: "told in request \(why.id.short)"
        }
    }
}
