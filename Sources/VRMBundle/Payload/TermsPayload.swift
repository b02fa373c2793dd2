public import VRMModel

/// Terms proffered to a company. `vrm-terms+jwt`.
public struct TermsPayload: Hashable, Sendable, JSONMembers {
    public let terms: TermsText
    public let replaces: [BundleReference]

    public init(terms: TermsText, replaces: [BundleReference] = []) {
        self.terms = terms
        self.replaces = replaces
    }

    init(_ claims: JSONObject) throws(Rejection) {
        terms = try TermsText(try claims.object("terms"))
        replaces = try claims.references("replaces")
    }

    func members(_ json: inout JSONWriter) {
        json.member("terms", terms)
        if !replaces.isEmpty { json.member("replaces", replaces) }
    }
}

/// A company's answer to proffered terms. `vrm-terms-acceptance+jwt`.
public struct AcceptancePayload: Hashable, Sendable, JSONMembers {
    public let decision: OfferedTerms.Decision
    public let ref: BundleReference
    /// The terms decided upon, repeated without their text.
    public let terms: TermsText
    /// What the company wants instead.
    public let counter: TermsText?

    public init(decision: OfferedTerms.Decision, ref: BundleReference, terms: TermsText, counter: TermsText?) {
        self.decision = decision
        self.ref = ref
        self.terms = terms
        self.counter = counter
    }

    init(_ claims: JSONObject) throws(Rejection) {
        decision = try claims.choice("decision", OfferedTerms.Decision.self)
        ref = try BundleReference(json: claims["ref"])
        terms = try TermsText(try claims.object("terms"))
        counter = claims["counter"] == nil ? nil : try TermsText(try claims.object("counter"))
        guard (decision == .counter) == (counter != nil) else {
            throw Rejection(.members, "counter terms belong to a counter, and only to it")
        }
        guard counter == nil || counter?.text != nil else { throw Rejection(.members, "counter terms need their text") }
        guard terms.text == nil else { throw Rejection(.members, "the terms are repeated without their text") }
    }

    func members(_ json: inout JSONWriter) {
        json.member("decision", decision.rawValue)
        json.member("ref", ref)
        json.member("terms", terms)
        json.member("counter", counter)
    }
}
