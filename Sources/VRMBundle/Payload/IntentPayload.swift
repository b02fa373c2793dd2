public import VRMModel

/// An invitation to make offers, by somebody who does not say who they are. `urn:vrm:bundle:intent/1`.
public struct IntentPayload: Hashable, Sendable, JSONMembers {
    public let category: String
    public let region: String
    public let want: Want
    /// The key to seal offers to.
    public let offersKey: AgreementJWK
    /// What was revealed; empty until it is.
    public internal(set) var attributes: JSONObject
    /// A text that others use as well, without its wording.
    public let terms: TermsText
    /// What is promised beside the terms' text.
    public let riders: [Rider]
    /// Whom it is meant for; nil for everybody.
    public let audience: Audience?
    /// Used once: `https://…` or `mailto:…`.
    public let replyTo: String

    /// What holds beside the text of the terms, whose digest others share.
    public enum Rider: String, Sendable, CaseIterable {
        /// What was shown is deleted when the intent closes without this company.
        case deleteOnClose = "delete-on-close"
    }

    /// `mailto:` without an address (RFC 6068 §2 allows none): answer where this was found.
    public static let whereFound = "mailto:"

    /// It binds nobody to buy.
    static let nature = "invitation"

    public init(
        category: String, region: String, want: Want, offersKey: AgreementJWK, terms: TermsText, riders: [Rider] = [],
        audience: Audience? = nil, replyTo: String = IntentPayload.whereFound
    ) {
        self.category = category
        self.region = region
        self.want = want
        self.offersKey = offersKey
        attributes = JSONObject()
        self.terms = terms
        self.riders = riders
        self.audience = audience
        self.replyTo = replyTo
    }

    init(_ claims: JSONObject) throws(Rejection) {
        guard try claims.token("nature") == IntentPayload.nature else { throw Rejection(.members, "nature is not invitation") }
        category = try claims.token("category")
        region = try claims.token("region")
        want = try Want(json: try claims.object("want"))
        let keys = try claims.object("jwks").list("keys")
        guard keys.count == 1, let json = keys[0].object, let key = AgreementJWK(checked: json), key.kid == key.thumbprint,
            JSONObject(key.json.members.map { ($0.name, json[$0.name] ?? .null) }) == key.json
        else { throw Rejection(.members, "jwks is not exactly one usable X25519 key") }
        offersKey = key
        attributes = try claims.object("attributes")
        terms = try TermsText(try claims.object("terms"))
        guard terms.text == nil else { throw Rejection(.members, "the terms of an intent come without their text") }
        var riders: [Rider] = []
        for entry in try claims.optionalTexts("riders") {
            guard let rider = Rider(rawValue: entry) else { throw Rejection(.members, "a rider is none of the words") }
            riders.append(rider)
        }
        self.riders = riders
        audience = claims["audience"] == nil ? nil : try Audience(try claims.object("audience"))
        replyTo = try claims.token("reply_to")
        guard replyTo.utf8.starts(with: "https://".utf8) || replyTo.utf8.starts(with: "mailto:".utf8) else {
            throw Rejection(.members, "reply_to is neither https: nor mailto:")
        }
    }

    func members(_ json: inout JSONWriter) {
        json.member("nature", IntentPayload.nature)
        json.member("category", category)
        json.member("region", region)
        json.member("want", .object(want.json))
        json.member("jwks", ["keys": [.object(offersKey.json)]])
        json.member("terms", terms)
        if !riders.isEmpty { json.member("riders", .array(riders.map { .string($0.rawValue) })) }
        json.member("audience", audience.map { .object($0.json) })
        json.member("reply_to", replyTo)
    }
}

/// Which companies an intent asks, or does not want to hear from. Everybody can read the list.
public struct Audience: Hashable, Sendable {
    /// Only these, when there are any.
    public let allow: [Domain]
    public let block: [Domain]

    public init?(allow: [Domain], block: [Domain]) {
        guard !(allow.isEmpty && block.isEmpty) else { return nil }
        self.allow = allow
        self.block = block
    }

    init(_ json: JSONObject) throws(Rejection) {
        func domains(_ name: String) throws(Rejection) -> [Domain] {
            var domains: [Domain] = []
            for entry in try json.optionalTexts(name) {
                guard let domain = Domain(entry), domain.description.utf8.elementsEqual(entry.utf8) else {
                    throw Rejection(.members, "the audience names something that is no domain")
                }
                domains.append(domain)
            }
            return domains
        }
        allow = try domains("allow")
        block = try domains("block")
    }

    var json: JSONObject {
        var object = JSONObject()
        if !allow.isEmpty { object["allow"] = .array(allow.map { .string($0.description) }) }
        if !block.isEmpty { object["block"] = .array(block.map { .string($0.description) }) }
        return object
    }

    /// Whether a company may answer: its host is a domain of the list, or below one.
    public func admits(_ company: Origin) -> Bool {
        func names(_ domain: Domain) -> Bool {
            company.host == domain || company.host.description.hasSuffix("." + domain.description)
        }
        return !block.contains(where: names) && (allow.isEmpty || allow.contains(where: names))
    }
}

/// What an intent looks for, in words a shop understands.
public struct Want: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
        public let name: String?
        /// GS1 trade item number: 8 or 12 to 14 digits.
        public let gtin: String?
        public let sku: String?
        public let quantity: Int64?

        public init(name: String? = nil, gtin: String? = nil, sku: String? = nil, quantity: Int64? = nil) {
            self.name = name
            self.gtin = gtin
            self.sku = sku
            self.quantity = quantity
        }
    }

    /// Something that would be welcome, and how much.
    public struct Wish: Hashable, Sendable {
        public let text: String
        public let weight: Int64

        public init(text: String, weight: Int64) {
            self.text = text
            self.weight = weight
        }
    }

    public let title: String
    public var description: String?
    public var items: [Item] = []
    public var needBy: Day?
    public var budget: Amount?
    public var must: [String] = []
    public var nice: [Wish] = []

    public init(title: String) { self.title = title }

    /// Reads a wish as a token has it.
    ///
    /// - Throws: A ``Rejection`` of B-09.
    public init(json: JSONObject) throws(Rejection) {
        title = try json.text("title")
        description = try json.optionalText("description")
        for entry in try json.optionalList("items") {
            guard let item = entry.object else { throw Rejection(.members, "an item is no object") }
            let gtin = try item.optionalText("gtin")
            if let gtin {
                guard [8, 12, 13, 14].contains(gtin.utf8.count), gtin.utf8.allSatisfy({ (48...57).contains($0) }) else {
                    throw Rejection(.members, "gtin is no GTIN")
                }
            }
            items.append(
                Item(
                    name: try item.optionalText("name"), gtin: gtin, sku: try item.optionalText("sku"),
                    quantity: item["quantity"] == nil ? nil : try item.count("quantity")))
        }
        needBy = try json.optionalDay("need_by")
        if json["budget"] != nil {
            let object = try json.object("budget")
            budget = try Amount(object, value: "amount")
        }
        must = try json.optionalTexts("must")
        for entry in try json.optionalList("nice") {
            guard let wish = entry.object else { throw Rejection(.members, "a wish is no object") }
            nice.append(Wish(text: try wish.text("text"), weight: try wish.count("weight")))
        }
    }

    var json: JSONObject {
        var object = JSONObject([("title", .string(title))])
        object["description"] = description.map { .string($0) }
        if !items.isEmpty {
            object["items"] = .array(
                items.map { item in
                    var json = JSONObject()
                    json["name"] = item.name.map { .string($0) }
                    json["gtin"] = item.gtin.map { .string($0) }
                    json["sku"] = item.sku.map { .string($0) }
                    json["quantity"] = item.quantity.map { .integer($0) }
                    return .object(json)
                })
        }
        object["need_by"] = needBy.map { .string($0.description) }
        object["budget"] = budget.map { ["amount": .string($0.value), "currency": .string($0.currency)] }
        if !must.isEmpty { object["must"] = .array(must.map { .string($0) }) }
        if !nice.isEmpty { object["nice"] = .array(nice.map { ["text": .string($0.text), "weight": .integer($0.weight)] }) }
        return object
    }
}

extension Amount {
    init(_ json: JSONObject, value name: String) throws(Rejection) {
        guard let amount = Amount(try json.token(name), try json.token("currency")) else {
            throw Rejection(.members, "\(name) or currency is malformed")
        }
        self = amount
    }
}

/// The end of an intent before its time. `vrm-withdrawal+jwt`.
public struct WithdrawalPayload: Hashable, Sendable, JSONMembers {
    public let ref: BundleReference
    public let reason: String?

    public init(ref: BundleReference, reason: String? = nil) {
        self.ref = ref
        self.reason = reason
    }

    init(_ claims: JSONObject) throws(Rejection) {
        ref = try BundleReference(json: claims["ref"])
        reason = try claims.optionalText("reason")
    }

    func members(_ json: inout JSONWriter) {
        json.member("ref", ref)
        json.member("reason", reason)
    }
}
