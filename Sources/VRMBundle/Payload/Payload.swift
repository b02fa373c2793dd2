public import VRMModel

/// What a token says beyond ``CommonClaims``, read by the same rules it is made by.
public enum Payload: Hashable, Sendable {
    case terms(TermsPayload)
    case acceptance(AcceptancePayload)
    case grant(GrantPayload)
    case revocation(RevocationPayload)
    case request(RequestPayload)
    case receipt(ReceiptPayload)

    /// - Parameter claims: After the Disclosures were put in place.
    /// - Throws: A ``Rejection`` of B-09 or B-18.
    init(_ type: TokenType, _ claims: JSONObject) throws(Rejection) {
        self =
            switch type {
            case .terms: .terms(try TermsPayload(claims))
            case .acceptance: .acceptance(try AcceptancePayload(claims))
            case .grant: .grant(try GrantPayload(claims))
            case .revocation: .revocation(try RevocationPayload(claims))
            case .request: .request(try RequestPayload(claims))
            case .receipt: .receipt(try ReceiptPayload(claims))
            }
    }

    /// The tokens it names, with the type each must have.
    var references: [(reference: BundleReference, types: [TokenType])] {
        switch self {
        case .terms(let payload): payload.replaces.map { ($0, [.terms]) }
        case .acceptance(let payload): [(payload.ref, [.terms])]
        case .grant(let payload):
            [(payload.terms, [.terms])] + (payload.supersedes.map { [($0, [.grant])] } ?? [])
        case .revocation(let payload): payload.revokes.map { ($0, [.grant, .terms]) }
        case .request(let payload): payload.grants.map { ($0, [.grant]) }
        case .receipt(let payload): [(payload.ref, [.request, .revocation])]
        }
    }
}

/// Terms proffered to a company. `vrm-terms+jwt`.
public struct TermsPayload: Hashable, Sendable {
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

    var members: [(String, JSONValue)] {
        [("terms", terms.json)] + (replaces.isEmpty ? [] : [("replaces", .array(replaces.map(\.json)))])
    }
}

/// A company's answer to proffered terms. `vrm-terms-acceptance+jwt`.
public struct AcceptancePayload: Hashable, Sendable {
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
    }

    var members: [(String, JSONValue)] {
        [("decision", .string(decision.rawValue)), ("ref", ref.json), ("terms", terms.json)]
            + (counter.map { [("counter", $0.json)] } ?? [])
    }
}

/// Permission to use the values in `data`. `urn:vrm:bundle:grant/1`.
public struct GrantPayload: Hashable, Sendable {
    public let purposes: [Purpose]
    public let basis: LegalBasis
    public let terms: BundleReference
    /// The last day the company may keep the values.
    public let retention: Day
    /// Who else may receive them: `none`.
    public let onward: String
    public let supersedes: BundleReference?
    /// Item names to values; empty when the Disclosures were left out.
    public let data: JSONObject

    public init(
        purposes: [Purpose], basis: LegalBasis, terms: BundleReference, retention: Day, supersedes: BundleReference?,
        data: JSONObject
    ) {
        self.purposes = purposes
        self.basis = basis
        self.terms = terms
        self.retention = retention
        onward = "none"
        self.supersedes = supersedes
        self.data = data
    }

    init(_ claims: JSONObject) throws(Rejection) {
        var purposes: [Purpose] = []
        for entry in claims["purpose"]?.array ?? [] {
            guard let id = entry.object?["id"]?.string, let purpose = Purpose(named: id) else {
                throw Rejection(.members, "a purpose is no concept of the vocabulary")
            }
            purposes.append(purpose)
        }
        guard !purposes.isEmpty else { throw Rejection(.members, "no purpose") }
        self.purposes = purposes
        basis = try claims.choice("basis", LegalBasis.self)
        terms = try BundleReference(json: claims["terms"])
        retention = try claims.day("retention")
        onward = try claims.token("onward")
        guard onward == "none" else { throw Rejection(.members, "onward sharing this version does not know") }
        supersedes = claims["supersedes"] == nil ? nil : try BundleReference(json: claims["supersedes"])
        data = try claims.object("data")
    }

    var members: [(String, JSONValue)] {
        [
            (
                "purpose",
                .array(purposes.map { ["id": .string($0.iri), "text": .string($0.label)] })
            ),
            ("basis", .string(basis.rawValue)), ("terms", terms.json), ("retention", .string(retention.description)),
            ("onward", .string(onward)),
        ] + (supersedes.map { [("supersedes", $0.json)] } ?? [])
    }
}

/// The end of grants. `vrm-revocation+jwt`.
public struct RevocationPayload: Hashable, Sendable {
    /// When it happened (RFC 8417 §2.2).
    public let toe: Instant
    /// The grants it ends; empty when it ends all.
    public let revokes: [BundleReference]
    /// It ends everything this issuer sent up to its `iat`.
    public let all: Bool
    public let reason: String?

    public init(toe: Instant, revokes: [BundleReference], all: Bool = false, reason: String? = nil) {
        self.toe = toe
        self.revokes = revokes
        self.all = all
        self.reason = reason
    }

    init(_ claims: JSONObject) throws(Rejection) {
        toe = try claims.instant("toe")
        revokes = try claims.references("revokes")
        all = claims["all"]?.bool ?? false
        reason = try claims.optionalText("reason")
        guard revokes.isEmpty == all else { throw Rejection(.members, "either revokes or all") }
    }

    var members: [(String, JSONValue)] {
        [("toe", .integer(toe.seconds))] + (all ? [("all", true)] : [("revokes", .array(revokes.map(\.json)))])
            + (reason.map { [("reason", .string($0))] } ?? [])
    }
}

/// A right exercised. `urn:vrm:bundle:request/1`.
public struct RequestPayload: Hashable, Sendable {
    public let exercise: String
    public let regime: String
    /// The article invoked.
    public let basis: String
    /// The grants concerned; empty means everything the company holds.
    public let grants: [BundleReference]
    public let respondBy: Day
    /// What to find the person by.
    public let subject: JSONObject

    public init(
        exercise: String, regime: String, basis: String, grants: [BundleReference], respondBy: Day, subject: JSONObject
    ) {
        self.exercise = exercise
        self.regime = regime
        self.basis = basis
        self.grants = grants
        self.respondBy = respondBy
        self.subject = subject
    }

    init(_ claims: JSONObject) throws(Rejection) {
        let exercise = try claims.token("exercise")
        guard RequestKind.allCases.contains(where: { $0.exercise == exercise }) else {
            throw Rejection(.members, "exercise is not one of its words")
        }
        self.exercise = exercise
        regime = try claims.token("regime")
        basis = try claims.text("basis")
        let scope = try claims.object("scope")
        grants = try scope.references("grants")
        guard grants.isEmpty == (scope["all"]?.bool ?? false) else { throw Rejection(.members, "scope is either grants or all") }
        respondBy = try claims.day("respond_by")
        subject = try claims.object("subject")
    }

    var members: [(String, JSONValue)] {
        [
            ("exercise", .string(exercise)), ("regime", .string(regime)), ("basis", .string(basis)),
            ("scope", grants.isEmpty ? ["all": true] : ["grants": .array(grants.map(\.json))]),
            ("respond_by", .string(respondBy.description)),
        ]
    }
}

/// A company's answer to a request or revocation. `vrm-receipt+jwt`. It proves what the company said, not what it did.
public struct ReceiptPayload: Hashable, Sendable {
    public enum Outcome: String, Sendable, CaseIterable { case open, in_progress, fulfilled, denied, expired }

    /// Data Rights Protocol 0.9 denial reasons, and `need_user_verification`.
    public enum Reason: String, Sendable, CaseIterable {
        case need_user_verification, suspected_fraud, insuf_verification, no_match, claim_not_covered, outside_jurisdiction
        case too_many_requests, other
    }

    public struct Retained: Hashable, Sendable {
        public let what: String
        public let basis: String
        public init(what: String, basis: String) {
            self.what = what
            self.basis = basis
        }
    }

    public let ref: BundleReference
    /// The highest wins.
    public let seq: Int64
    public let outcome: Outcome
    public let reason: Reason?
    public let receivedAt: Instant
    public let expectedBy: Day?
    public let completedAt: Instant?
    public let retained: [Retained]

    public init(
        ref: BundleReference, seq: Int64, outcome: Outcome, reason: Reason?, receivedAt: Instant, expectedBy: Day?,
        completedAt: Instant?, retained: [Retained]
    ) {
        self.ref = ref
        self.seq = seq
        self.outcome = outcome
        self.reason = reason
        self.receivedAt = receivedAt
        self.expectedBy = expectedBy
        self.completedAt = completedAt
        self.retained = retained
    }

    init(_ claims: JSONObject) throws(Rejection) {
        ref = try BundleReference(json: claims["ref"])
        guard let seq = claims["seq"]?.integer, seq >= 0 else { throw Rejection(.members, "seq is missing or no count") }
        self.seq = seq
        outcome = try claims.choice("outcome", Outcome.self)
        reason = claims["reason"] == nil ? nil : try claims.choice("reason", Reason.self)
        receivedAt = try claims.instant("received_at")
        expectedBy = claims["expected_by"] == nil ? nil : try claims.day("expected_by")
        completedAt = claims["completed_at"] == nil ? nil : try claims.instant("completed_at")
        var retained: [Retained] = []
        for entry in claims["retained"]?.array ?? [] {
            guard let object = entry.object else { throw Rejection(.members, "retained is a list of objects") }
            retained.append(Retained(what: try object.text("what"), basis: try object.text("basis")))
        }
        self.retained = retained
        guard outcome != .denied || reason != nil else { throw Rejection(.members, "a denial needs its reason") }
    }

    var members: [(String, JSONValue)] {
        var members: [(String, JSONValue)] = [
            ("ref", ref.json), ("seq", .integer(seq)), ("outcome", .string(outcome.rawValue)),
            ("received_at", .integer(receivedAt.seconds)),
        ]
        if let reason { members.append(("reason", .string(reason.rawValue))) }
        if let expectedBy { members.append(("expected_by", .string(expectedBy.description))) }
        if let completedAt { members.append(("completed_at", .integer(completedAt.seconds))) }
        if !retained.isEmpty {
            members.append(
                ("retained", .array(retained.map { ["what": .string($0.what), "basis": .string($0.basis)] })))
        }
        return members
    }
}

extension JSONObject {
    func references(_ name: String) throws(Rejection) -> [BundleReference] {
        guard let value = self[name] else { return [] }
        guard let entries = value.array, !entries.isEmpty else { throw Rejection(.members, "\(name) is no list of references") }
        var references: [BundleReference] = []
        for entry in entries { references.append(try BundleReference(json: entry)) }
        return references
    }
}
