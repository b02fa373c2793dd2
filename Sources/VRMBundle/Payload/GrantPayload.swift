public import VRMModel

/// Permission to use the values in `data`. `urn:vrm:bundle:grant/1`.
public struct GrantPayload: Hashable, Sendable, JSONMembers {
    public let purposes: [Purpose]
    public let basis: LegalBasis
    public let terms: BundleReference
    /// The last day the company may keep the values.
    public let retention: Day
    /// Who else may receive them: `none`.
    public let onward: String
    public let supersedes: BundleReference?
    /// Item names to values; empty when the Disclosures were left out.
    public internal(set) var data: JSONObject

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
        for entry in try claims.list("purpose") {
            guard let object = entry.object else { throw Rejection(.members, "a purpose is no object") }
            purposes.append(try object.purpose("id"))
            _ = try object.optionalText("text")
        }
        self.purposes = purposes
        basis = try claims.choice("basis", LegalBasis.self)
        terms = try BundleReference(json: claims["terms"])
        retention = try claims.day("retention")
        onward = try claims.token("onward")
        guard onward == "none" else { throw Rejection(.members, "onward sharing this version does not know") }
        supersedes = claims["supersedes"] == nil ? nil : try BundleReference(json: claims["supersedes"])
        data = try claims.object("data")
    }

    func members(_ json: inout JSONWriter) {
        json.member("purpose", purposes)
        json.member("basis", basis.rawValue)
        json.member("terms", terms)
        json.member("retention", retention.description)
        json.member("onward", onward)
        json.member("supersedes", supersedes)
    }
}

/// The end of grants. `vrm-revocation+jwt`.
public struct RevocationPayload: Hashable, Sendable, JSONMembers {
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
        all = try claims.flag("all")
        reason = try claims.optionalText("reason")
        guard revokes.isEmpty == all else { throw Rejection(.members, "either revokes or all") }
    }

    func members(_ json: inout JSONWriter) {
        json.member("toe", toe.seconds)
        if all {
            json.member("all", true)
        } else {
            json.member("revokes", revokes)
        }
        json.member("reason", reason)
    }
}
