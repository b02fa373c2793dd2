import VRMBundle
import VRMModel

extension DataItem: Record {
    static var recordKind: RecordKind { .item }
    var title: String { name.description }

    var json: JSONObject {
        JSONObject([
            ("name", .string(name.description)), ("fact", .bool(isFact)),
            ("versions", .array(versions.map { $0.map { .string($0.description) } ?? .null })),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, name: try json.parse("name") { DataItemName($0) }, isFact: json["fact"]?.bool ?? false,
            versions: (json["versions"]?.array ?? []).map { $0.string.flatMap { RecordID($0) } })
    }
}

extension DataVersion: Record {
    static var recordKind: RecordKind { .version }
    var title: String { name.description }

    var json: JSONObject {
        JSONObject([
            ("item", .string(item.description)), ("name", .string(name.description)), ("number", .integer(number)),
            ("value", .string(value.revealed)), ("made", .integer(made.seconds)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, item: try json.record("item"), name: try json.parse("name") { DataItemName($0) },
            number: Int(try json.number("number")), value: Private(try json.text("value")), made: try json.instant("made"))
    }
}

extension Holding: Record {
    static var recordKind: RecordKind { .holding }
    var title: String { item.description }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("item", .string(item.description)),
            ("version", version.map { .integer($0) }), ("value", .optional(value?.revealed)), ("since", JSONValue(since)),
            ("evidence", evidence.json), ("state", .string(state.rawValue)),
            ("proof_for", JSONValue(proofFor)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        guard let evidence = json["evidence"]?.object else { throw .damaged(.row) }
        self.init(
            id: id, relationship: try json.record("relationship"), item: try json.parse("item") { DataItemName($0) },
            version: json["version"]?.integer.map { Int($0) }, value: json["value"]?.string.map { Private($0) },
            since: try json.optionalDay("since"), evidence: try Evidence(evidence),
            state: try json.parse("state") { State(rawValue: $0) },
            proofFor: try json.optionalRecord("proof_for"))
    }
}
