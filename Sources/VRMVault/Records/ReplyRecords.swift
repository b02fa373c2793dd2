import VRMBundle
import VRMModel

extension FieldMapping: Record {
    static var recordKind: RecordKind { .fieldMapping }
    var title: String { "" }

    var json: JSONObject {
        JSONObject([
            ("relationship", .string(relationship.description)),
            (
                "fields",
                .array(
                    uses.sorted { $0.key < $1.key }.map {
                        ["field": .string($0.key), "use": .string($0.value.description)]
                    })
            ),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var uses: [String: FieldUse] = [:]
        for entry in try json.objects("fields") { uses[try entry.text("field")] = try entry.parse("use") { FieldUse($0) } }
        self.init(id: id, relationship: try json.record("relationship"), uses: uses)
    }

    var ties: RecordTies { RecordTies(.fieldMapping, of: relationship) }
}

extension Contradiction: Record {
    static var recordKind: RecordKind { .contradiction }
    var title: String { source.rawValue }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("request", .string(request.description)),
            ("source", .string(source.rawValue)), ("on", .string(on.description)), ("at", .integer(at.seconds)),
            ("dismissed", JSONValue(dismissed)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, relationship: try json.record("relationship"), request: try json.record("request"),
            source: try json.parse("source") { Source(rawValue: $0) }, on: try json.parse("on") { Day($0) },
            at: try json.instant("at"), dismissed: try json.optionalDay("dismissed"))
    }

    var ties: RecordTies {
        RecordTies(.contradiction, of: relationship, references: [RecordTies.Reference(request, .request)])
    }
}
