import VRMBundle
import VRMModel

extension Note: Record {
    static var recordKind: RecordKind { .note }
    var title: String { kind.rawValue }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("kind", .string(kind.rawValue)),
            ("text", .string(text.revealed)), ("at", .integer(at.seconds)), ("on", .string(on.description)),
            ("owed_by", .optional(owed?.by.rawValue)), ("owed_until", JSONValue(owed?.until)),
            (
                "outcome",
                outcome.map {
                    .object(
                        JSONObject(present: [
                            ("kept", .bool($0.isKept)), ("on", .string($0.on.description)),
                            ("text", .optional($0.text?.revealed)),
                        ]))
                }
            ),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var owed: Owed?
        if json["owed_by"] != nil {
            owed = Owed(by: try json.parse("owed_by") { Side(rawValue: $0) }, until: try json.optionalDay("owed_until"))
        }
        var outcome: Outcome?
        if let kept = json["outcome"]?.object {
            outcome = Outcome(
                isKept: kept["kept"]?.bool ?? false, on: try kept.parse("on") { Day($0) },
                text: kept["text"]?.string.map { Private($0) })
        }
        self.init(
            id: id, relationship: try json.record("relationship"), kind: try json.parse("kind") { Kind(rawValue: $0) },
            text: Private(try json.text("text")), at: try json.instant("at"), on: try json.parse("on") { Day($0) }, owed: owed,
            outcome: outcome)
    }

    var ties: RecordTies { RecordTies(.note, of: relationship) }
}
