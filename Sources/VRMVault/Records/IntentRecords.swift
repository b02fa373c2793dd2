import VRMBundle
import VRMModel

extension Intent: Record {
    static var recordKind: RecordKind { .intent }
    var title: String { category.description }

    var json: JSONObject {
        JSONObject(present: [
            ("bundle", .string(bundle.description)), ("made", .integer(made.seconds)), ("ends", .integer(ends.seconds)),
            ("category", .string(category.description)), ("region", .string(region.description)), ("want", .string(want)),
            ("terms", .string(terms.description)), ("lang", .string(language.description)),
            ("reserve", reserve.map { ["amount": .string($0.value), "currency": .string($0.currency)] }),
            (
                "attributes",
                .array(
                    attributes.map {
                        [
                            "name": .string($0.item.name.description), "version": .integer($0.item.version),
                            "record": .string($0.item.versionID.description), "disclosure": .string($0.disclosure.description),
                        ]
                    })
            ),
            (
                "channels",
                .array(
                    channels.map {
                        ["kind": .string($0.kind.rawValue), "place": .string($0.place), "at": .integer($0.at.seconds)]
                    })
            ),
            ("awarded", JSONValue(awarded)), ("award", JSONValue(award)),
            ("withdrawn", withdrawn.map { .integer($0.seconds) }), ("withdrawal", JSONValue(withdrawal)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var attributes: [Attribute] = []
        for entry in try json.objects("attributes") {
            let item = Grant.Item(
                name: try entry.parse("name") { DataItemName($0) }, version: Int(try entry.number("version")),
                versionID: try entry.record("record"))
            attributes.append(Attribute(item: item, disclosure: try entry.record("disclosure")))
        }
        var reserve: Amount?
        if let object = json["reserve"]?.object {
            guard let amount = Amount(try object.text("amount"), try object.text("currency")) else { throw .damaged(.row) }
            reserve = amount
        }
        self.init(
            id: id, bundle: try json.record("bundle"), made: try json.instant("made"), ends: try json.instant("ends"),
            category: try json.parse("category") { IntentCategory($0) }, region: try json.parse("region") { Region($0) },
            want: try json.text("want"), terms: try json.parse("terms") { TermsID($0) },
            language: try json.parse("lang") { LanguageCode($0) }, reserve: reserve, attributes: attributes)
        for entry in try json.objects("channels") {
            channels.append(
                Channel(
                    kind: try entry.parse("kind") { Channel.Kind(rawValue: $0) }, place: try entry.text("place"),
                    at: try entry.instant("at")))
        }
        awarded = try json.optionalRecord("awarded")
        award = try json.optionalRecord("award")
        withdrawn = json["withdrawn"] == nil ? nil : try json.instant("withdrawn")
        withdrawal = try json.optionalRecord("withdrawal")
    }
}

/// A key of one intent: what signs for it, or what opens offers to it. It goes as soon as it is of no more use.
struct IntentKey: Record {
    let id: RecordID
    let intent: RecordID
    let use: Use
    let seed: [UInt8]

    enum Use: String { case sign, open }

    static var recordKind: RecordKind { .intentKey }
    var title: String { use.rawValue }

    init(id: RecordID, intent: RecordID, use: Use, seed: [UInt8]) {
        self.id = id
        self.intent = intent
        self.use = use
        self.seed = seed
    }

    var json: JSONObject {
        JSONObject([("intent", .string(intent.description)), ("use", .string(use.rawValue)), ("seed", JSONValue(seed))])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, intent: try json.record("intent"), use: try json.parse("use") { Use(rawValue: $0) },
            seed: try json.bytes("seed"))
    }
}

/// A ``Bid`` with the keys it was checked with, which are the company's once the person deals with it.
struct KeptBid: Record {
    var bid: Bid
    let keys: [PinnedKey]
    let encryptionKeys: [AgreementJWK]

    var id: RecordID { bid.id }
    static var recordKind: RecordKind { .bid }
    var title: String { bid.company.host.description }

    init(_ bid: Bid, keys: [PinnedKey], encryptionKeys: [AgreementJWK]) {
        self.bid = bid
        self.keys = keys
        self.encryptionKeys = encryptionKeys
    }

    var json: JSONObject {
        JSONObject(present: [
            ("intent", .string(bid.intent.description)), ("company", .string(bid.company.description)),
            ("made", .integer(bid.made.seconds)), ("at", .integer(bid.received.seconds)),
            ("bundle", .string(bid.bundle.description)), ("verified", .bool(bid.isTrusted)),
            ("keys", CompanyKeys.json(keys)),
            ("encryption", encryptionKeys.isEmpty ? JSONValue?.none : .array(encryptionKeys.map { .object($0.json) })),
            ("declined", JSONValue(bid.declined)), ("relationship", JSONValue(bid.relationship)),
            ("shown", .texts(bid.shown.map(\.description))),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            Bid(
                id: id, intent: try json.record("intent"), company: try json.parse("company") { Origin($0) },
                made: try json.instant("made"), received: try json.instant("at"), bundle: try json.record("bundle"),
                isTrusted: json["verified"]?.bool ?? false, declined: try json.optionalDay("declined"),
                relationship: try json.optionalRecord("relationship"),
                shown: json.texts("shown").compactMap { RecordID($0) }),
            keys: try CompanyKeys.keys(json, "keys"), encryptionKeys: try CompanyKeys.encryptionKeys(json))
    }
}

extension Posting: Record {
    static var recordKind: RecordKind { .posting }
    var title: String { "" }

    var json: JSONObject {
        JSONObject(present: [
            ("intent", .string(intent.description)), ("bundle", .string(bundle.description)), ("address", .string(address)),
            ("made", .integer(made.seconds)), ("attempts", .integer(attempts)), ("tried", last.map { .integer($0.seconds) }),
            ("delivered", delivered.map { .integer($0.seconds) }),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, intent: try json.record("intent"), bundle: try json.record("bundle"), address: try json.text("address"),
            made: try json.instant("made"), attempts: Int(try json.number("attempts")),
            last: json["tried"] == nil ? nil : try json.instant("tried"),
            delivered: json["delivered"] == nil ? nil : try json.instant("delivered"))
    }
}
