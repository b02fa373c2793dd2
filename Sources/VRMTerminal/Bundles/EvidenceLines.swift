import VRMBundle
import VRMModel

/// A line of a log as evidence shows it: whole, or only what its signer tells of it.
struct EvidenceLine {
    let number: Int64
    let link: EvidencePayload.Link

    var json: JSONValue {
        .members(
            ("seq", .integer(number)), ("entry", link.content.map { .object($0) }),
            (
                "said",
                link.said.map {
                    .members(
                        ("at", .integer($0.at.seconds)), ("event", .string($0.event)),
                        ("evidence", JSONValue($0.evidence.map { Base64URL.encode($0) })))
                }
            ))
    }

    /// A stranger's text, made safe to print.
    var words: String {
        let (at, event, rest): (Instant?, String, [String])
        if let said = link.said {
            (at, event, rest) = (said.at, said.event, ["(told, not shown)"])
        } else {
            let entry = link.content ?? JSONObject()
            at = entry["at"]?.integer.flatMap { (0...253_402_300_799).contains($0) ? Instant(seconds: $0) : nil }
            event = entry["event"]?.string ?? "?"
            rest = [entry["company"]?.string ?? ""] + (entry["detail"]?.array ?? []).compactMap(\.string)
        }
        return printable((["\(number)", at?.description ?? "?", event] + rest).filter { !$0.isEmpty }.joined(separator: "  "))
    }
}

extension EvidencePayload {
    /// The lines that are shown or told.
    var lines: [EvidenceLine] {
        links.enumerated().filter { $0.element.entry != nil || $0.element.said != nil }.map {
            EvidenceLine(number: sequence + Int64($0.offset), link: $0.element)
        }
    }
}
