import VRMBundle
import VRMModel

/// ``Terms`` with the id they are kept under. Only the person's own texts are kept; shipped ones come with the program.
struct KeptTerms: Record {
    let id: RecordID
    let terms: Terms

    static var recordKind: RecordKind { .terms }
    var title: String { terms.id.description }

    init(id: RecordID, terms: Terms) {
        self.id = id
        self.terms = terms
    }

    var json: JSONObject {
        JSONObject(present: [
            ("terms", .string(terms.id.description)), ("lang", .string(terms.language.description)),
            ("uri", .optional(terms.uri)),
            ("text", .string(terms.text)), ("sha256", JSONValue(terms.sha256)),
            ("purposes", .texts(terms.purposes.map(\.rawValue).sorted())), ("source", .string(terms.source.rawValue)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id,
            terms: Terms(
                id: try json.parse("terms") { TermsID($0) }, language: try json.parse("lang") { LanguageCode($0) },
                uri: json["uri"]?.string, text: try json.text("text"), sha256: try json.bytes("sha256"),
                purposes: Set(json.texts("purposes").compactMap { Purpose(rawValue: $0) }),
                source: try json.parse("source") { Terms.Source(rawValue: $0) }))
    }
}

extension OfferedTerms: Record {
    static var recordKind: RecordKind { .offer }
    var title: String { terms.description }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("terms", .string(terms.description)),
            ("lang", .string(language.description)), ("sha256", JSONValue(sha256)),
            ("purposes", .texts(purposes.map(\.rawValue).sorted())), ("made", .integer(made.seconds)),
            ("ends", .integer(ends.seconds)), ("bundle", .string(bundle.description)), ("sent", JSONValue(sent)),
            (
                "answer",
                answer.map {
                    [
                        "decision": .string($0.decision.rawValue), "at": .integer($0.at.seconds),
                        "bundle": .string($0.bundle.description),
                    ]
                }
            ),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var answer: Answer?
        if let object = json["answer"]?.object {
            answer = Answer(
                decision: try object.parse("decision") { Decision(rawValue: $0) }, at: try object.instant("at"),
                bundle: try object.record("bundle"))
        }
        self.init(
            id: id, relationship: try json.record("relationship"), terms: try json.parse("terms") { TermsID($0) },
            language: try json.parse("lang") { LanguageCode($0) }, sha256: try json.bytes("sha256"),
            purposes: Set(json.texts("purposes").compactMap { Purpose(rawValue: $0) }), made: try json.instant("made"),
            ends: try json.instant("ends"), bundle: try json.record("bundle"), sent: try json.optionalDay("sent"), answer: answer)
    }
}

extension Grant: Record {
    static var recordKind: RecordKind { .grant }
    var title: String { purpose.rawValue }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("offer", .string(offer.description)),
            (
                "items",
                .array(
                    items.map {
                        [
                            "name": .string($0.name.description), "version": .integer($0.version),
                            "record": .string($0.versionID.description),
                        ]
                    })
            ),
            ("purpose", .string(purpose.rawValue)), ("basis", .string(basis.rawValue)), ("made", .integer(made.seconds)),
            ("ends", .integer(ends.seconds)), ("bundle", .string(bundle.description)), ("supersedes", JSONValue(supersedes)),
            ("superseded_by", JSONValue(supersededBy)), ("sent", JSONValue(sent)), ("revocation", JSONValue(revocation)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var items: [Item] = []
        for entry in try json.objects("items") {
            items.append(
                Item(
                    name: try entry.parse("name") { DataItemName($0) }, version: Int(try entry.number("version")),
                    versionID: try entry.record("record")))
        }
        self.init(
            id: id, relationship: try json.record("relationship"), offer: try json.record("offer"), items: items,
            purpose: try json.parse("purpose") { Purpose(rawValue: $0) },
            basis: try json.parse("basis") { LegalBasis(rawValue: $0) },
            made: try json.instant("made"), ends: try json.instant("ends"), bundle: try json.record("bundle"))
        supersedes = try json.optionalRecord("supersedes")
        supersededBy = try json.optionalRecord("superseded_by")
        sent = try json.optionalDay("sent")
        revocation = try json.optionalRecord("revocation")
    }
}

extension Revocation: Record {
    static var recordKind: RecordKind { .revocation }
    var title: String { "" }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("grant", .string(grant.description)),
            ("at", .integer(at.seconds)), ("bundle", .string(bundle.description)), ("sent", JSONValue(sent)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, relationship: try json.record("relationship"), grant: try json.record("grant"), at: try json.instant("at"),
            bundle: try json.record("bundle"), sent: try json.optionalDay("sent"))
    }
}
