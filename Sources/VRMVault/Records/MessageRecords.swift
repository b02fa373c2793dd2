import VRMBundle
import VRMModel

extension Correspondence: Record {
    static var recordKind: RecordKind { .message }
    var title: String { kind.rawValue }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("kind", .string(kind.rawValue)), ("at", .integer(at.seconds)),
            ("bundle", .string(bundle.description)), ("received", .bool(isReceived)), ("answers", JSONValue(answers)),
            ("answer_wanted_by", JSONValue(answerWantedBy)), ("sent", JSONValue(sent)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, relationship: try json.record("relationship"), kind: try json.parse("kind") { MessageKind(rawValue: $0) },
            at: try json.instant("at"), bundle: try json.record("bundle"), isReceived: json["received"]?.bool ?? false,
            answers: try json.optionalRecord("answers"), answerWantedBy: try json.optionalDay("answer_wanted_by"),
            sent: try json.optionalDay("sent"))
    }
}
