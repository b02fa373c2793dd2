public import VRMModel

/// A company's offer to an intent. `vrm-offer+jwt`, sent sealed to the intent's key.
public struct OfferPayload: Hashable, Sendable, JSONMembers {
    /// What is needed to fulfil it, and what for.
    public struct Ask: Hashable, Sendable {
        public let field: String
        public let purpose: Purpose

        public init(field: String, purpose: Purpose) {
            self.field = field
            self.purpose = purpose
        }
    }

    public let ref: BundleReference
    /// A presentation of the intent to this company must repeat it.
    public let nonce: String
    public let items: [String]
    public let price: Amount
    public let validUntil: Day
    public let conditions: String?
    /// Which of the intent's wishes it says it meets, word for word.
    public let meets: [String]
    public let acceptsTerms: Bool
    public let asks: [Ask]

    public init(
        ref: BundleReference, nonce: String, items: [String], price: Amount, validUntil: Day, conditions: String? = nil,
        meets: [String] = [], acceptsTerms: Bool, asks: [Ask] = []
    ) {
        self.ref = ref
        self.nonce = nonce
        self.items = items
        self.price = price
        self.validUntil = validUntil
        self.conditions = conditions
        self.meets = meets
        self.acceptsTerms = acceptsTerms
        self.asks = asks
    }

    init(_ claims: JSONObject) throws(Rejection) {
        ref = try BundleReference(json: claims["ref"])
        nonce = try claims.token("nonce")
        guard (16...64).contains(nonce.utf8.count) else { throw Rejection(.members, "nonce is guessable") }
        let offer = try claims.object("offer")
        items = try offer.texts("items")
        price = try Amount(offer, value: "price")
        validUntil = try offer.day("valid_until")
        conditions = try offer.optionalText("conditions")
        meets = try offer.optionalTexts("meets")
        guard claims["accepts_terms"] != nil else { throw Rejection(.members, "accepts_terms is missing") }
        acceptsTerms = try claims.flag("accepts_terms")
        var asks: [Ask] = []
        for entry in try claims.optionalList("asks") {
            guard let ask = entry.object else { throw Rejection(.members, "asks is a list of objects") }
            asks.append(Ask(field: try ask.token("field"), purpose: try ask.purpose("purpose")))
        }
        self.asks = asks
    }

    func members(_ json: inout JSONWriter) {
        json.member("ref", ref)
        json.member("nonce", nonce)
        json.member("offer") { json in
            json.member("items", .array(items.map { .string($0) }))
            json.member("price", price.value)
            json.member("currency", price.currency)
            json.member("valid_until", validUntil.description)
            json.member("conditions", conditions)
            if !meets.isEmpty { json.member("meets", .array(meets.map { .string($0) })) }
        }
        json.member("accepts_terms", .bool(acceptsTerms))
        if !asks.isEmpty {
            json.member("asks", .array(asks.map { ["field": .string($0.field), "purpose": .string($0.purpose.iri)] }))
        }
    }
}

extension Unverified {
    /// What an offer says whose key is not known, to show that it is there. UNVERIFIED.
    ///
    /// - Throws: A ``Rejection`` of B-06 when it is no offer, of B-09 when it is malformed.
    public var offer: OfferPayload {
        get throws(Rejection) {
            guard let payload, header?["typ"]?.string == TokenType.offer.rawValue else {
                throw Rejection(.type, "not the type that is wanted here")
            }
            return try OfferPayload(payload)
        }
    }
}

/// The choice of an offer, which names the key under which the winner hears from the person. `vrm-award+jwt`.
public struct AwardPayload: Hashable, Sendable, JSONMembers {
    public let ref: BundleReference
    let new: JSONObject
    let pop: String

    init(ref: BundleReference, new: JSONObject, pop: String) {
        self.ref = ref
        self.new = new
        self.pop = pop
    }

    init(_ claims: JSONObject) throws(Rejection) {
        ref = try BundleReference(json: claims["ref"])
        new = try claims.object("new")
        pop = try claims.token("pop")
    }

    func members(_ json: inout JSONWriter) {
        json.member("ref", ref)
        json.member("new", .object(new))
        json.member("pop", pop)
    }
}
