public import VRMModel

/// A right exercised. `urn:vrm:bundle:request/1`.
public struct RequestPayload: Hashable, Sendable, JSONMembers {
    public let exercise: String
    public let regime: String
    /// The article invoked.
    public let basis: String
    /// The grants concerned; empty means everything the company holds.
    public let grants: [BundleReference]
    public let respondBy: Day
    /// What to find the person by.
    public internal(set) var subject: JSONObject
    /// For a rectification: item names to `{"old", "new"}`; nil when a grant carries the new values, and for other rights.
    public internal(set) var changes: JSONObject?
    /// The grant that carries the new values.
    public let replacement: BundleReference?

    /// Words beside those of ``RequestKind``.
    static let specificAccess = "access:specific"

    public init(
        exercise: String, regime: String, basis: String, grants: [BundleReference], respondBy: Day, subject: JSONObject,
        changes: JSONObject? = nil, replacement: BundleReference? = nil
    ) {
        self.exercise = exercise
        self.regime = regime
        self.basis = basis
        self.grants = grants
        self.respondBy = respondBy
        self.subject = subject
        self.changes = changes
        self.replacement = replacement
    }

    init(_ claims: JSONObject) throws(Rejection) {
        let exercise = try claims.token("exercise")
        guard exercise == RequestPayload.specificAccess || RequestKind.allCases.contains(where: { $0.exercise == exercise })
        else {
            throw Rejection(.members, "exercise is not one of its words")
        }
        self.exercise = exercise
        regime = try claims.token("regime")
        basis = try claims.text("basis")
        let scope = try claims.object("scope")
        grants = try scope.references("grants")
        guard grants.isEmpty == (try scope.flag("all")) else { throw Rejection(.members, "scope is either grants or all") }
        respondBy = try claims.day("respond_by")
        subject = try claims.object("subject")
        changes = claims["changes"] == nil ? nil : try claims.object("changes")
        replacement = claims["replacement"] == nil ? nil : try BundleReference(json: claims["replacement"])
        let news = (changes == nil ? 0 : 1) + (replacement == nil ? 0 : 1)
        guard news == (exercise == RequestKind.rectification.exercise ? 1 : 0) else {
            throw Rejection(.members, "a rectification has either changes or replacement, and nothing else has")
        }
    }

    /// Each change says what is to stand there, and perhaps what stood there.
    func checkChanges() throws(Rejection) {
        for member in changes?.members ?? [] {
            guard let change = member.value.object, change["new"] != nil,
                change.members.allSatisfy({ $0.name.utf8.elementsEqual("new".utf8) || $0.name.utf8.elementsEqual("old".utf8) })
            else { throw Rejection(.members, "a change is {old, new}") }
        }
    }

    func members(_ json: inout JSONWriter) {
        json.member("exercise", exercise)
        json.member("regime", regime)
        json.member("basis", basis)
        json.member("scope") { json in
            if grants.isEmpty { json.member("all", true) } else { json.member("grants", grants) }
        }
        json.member("respond_by", respondBy.description)
        json.member("replacement", replacement)
    }
}

/// A company's answer to a request or revocation. `vrm-receipt+jwt`. It proves what the company said, not what it did.
public struct ReceiptPayload: Hashable, Sendable, JSONMembers {
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

    /// Reads the claims of a receipt, verified or kept.
    public init(_ claims: JSONObject) throws(Rejection) {
        ref = try BundleReference(json: claims["ref"])
        seq = try claims.count("seq")
        outcome = try claims.choice("outcome", Outcome.self)
        reason = claims["reason"] == nil ? nil : try claims.choice("reason", Reason.self)
        receivedAt = try claims.instant("received_at")
        expectedBy = claims["expected_by"] == nil ? nil : try claims.day("expected_by")
        completedAt = claims["completed_at"] == nil ? nil : try claims.instant("completed_at")
        var retained: [Retained] = []
        for entry in try claims.optionalList("retained") {
            guard let object = entry.object else { throw Rejection(.members, "retained is a list of objects") }
            retained.append(Retained(what: try object.text("what"), basis: try object.text("basis")))
        }
        self.retained = retained
        guard outcome != .denied || reason != nil else { throw Rejection(.members, "a denial needs its reason") }
    }

    func members(_ json: inout JSONWriter) {
        json.member("ref", ref)
        json.member("seq", seq)
        json.member("outcome", outcome.rawValue)
        json.member("received_at", receivedAt.seconds)
        json.member("reason", reason?.rawValue)
        json.member("expected_by", expectedBy?.description)
        json.member("completed_at", completedAt?.seconds)
        if !retained.isEmpty {
            json.member("retained", .array(retained.map { ["what": .string($0.what), "basis": .string($0.basis)] }))
        }
    }
}
