import VRMBundle
import VRMModel

/// A signed bundle, made or received, without its Disclosures: each is a row of its own under the key of the value in it,
/// so that removing a value reaches every bundle it went out in.
struct KeptBundle: Record {
    let id: RecordID
    let owner: Owner
    /// A ``TokenType``.
    let type: String
    let protected: String
    let payload: String
    let signature: String
    let jti: String
    /// In the order they travel; nil for a token without Disclosures. An id may point nowhere once its value was removed.
    let disclosures: [RecordID]?
    let isReceived: Bool
    /// The JWE it went out in, which only its reader can open.
    let sealed: String?
    /// When a rotation left; what else is made has a record of its own that says so.
    var sent: Day?
    /// The Key Binding JWT of an intent that was shown to a company.
    let keyBinding: String?

    /// What it belongs to, and whose key it lies under.
    enum Owner: Hashable {
        case relationship(RecordID)
        case intent(RecordID)
    }

    /// The relationship it went out or came in under; nil for what belongs to an intent.
    var relationship: RecordID? { if case .relationship(let id) = owner { id } else { nil } }

    static var recordKind: RecordKind { .bundle }
    var title: String { type }

    init(id: RecordID, owner: Owner, type: TokenType, signed: SignedBundle, disclosures: [RecordID]?, isReceived: Bool) {
        self.id = id
        self.owner = owner
        self.type = type.rawValue
        protected = signed.protected
        payload = signed.payload
        signature = signed.signature
        jti = signed.jti
        self.disclosures = disclosures
        self.isReceived = isReceived
        sealed = signed.sealed.map { String(decoding: $0, as: UTF8.self) }
        keyBinding = signed.keyBinding
    }

    var reference: BundleReference {
        SignedBundle(protected: protected, payload: payload, signature: signature, disclosures: nil, jti: jti).reference
    }

    /// What it says. It was verified, or made here, before it was kept.
    var claims: JSONObject {
        get throws(VaultFailure) {
            guard let bytes = Base64URL.decode(payload.utf8) else { throw .damaged(.row) }
            return try Vault.object(bytes)
        }
    }

    var json: JSONObject {
        JSONObject(present: [
            owner.member, ("type", .string(type)), ("protected", .string(protected)),
            ("payload", .string(payload)), ("signature", .string(signature)), ("jti", .string(jti)),
            ("disclosures", disclosures.map { .texts($0.map(\.description)) }), ("received", .bool(isReceived)),
            ("sealed", .optional(sealed)), ("kb_jwt", .optional(keyBinding)), ("sent", JSONValue(sent)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.id = id
        owner = try Owner(json)
        type = try json.text("type")
        protected = try json.text("protected")
        payload = try json.text("payload")
        signature = try json.text("signature")
        jti = try json.text("jti")
        disclosures = json["disclosures"] == nil ? nil : json.texts("disclosures").compactMap { RecordID($0) }
        isReceived = json["received"]?.bool ?? false
        sealed = json["sealed"]?.string
        sent = try json.optionalDay("sent")
        keyBinding = json["kb_jwt"]?.string
    }
}

extension KeptBundle.Owner {
    fileprivate var member: (String, JSONValue?) {
        switch self {
        case .relationship(let id): ("relationship", .string(id.description))
        case .intent(let id): ("intent", .string(id.description))
        }
    }

    fileprivate init(_ json: JSONObject) throws(VaultFailure) {
        self =
            if json["intent"] == nil { .relationship(try json.record("relationship")) } else {
                .intent(try json.record("intent"))
            }
    }
}

/// One Disclosure of a bundle, as its exact text.
struct KeptDisclosure: Record {
    let id: RecordID
    let encoded: String

    static var recordKind: RecordKind { .disclosure }
    var title: String { "" }

    init(id: RecordID, encoded: String) {
        self.id = id
        self.encoded = encoded
    }

    var json: JSONObject { JSONObject([("encoded", .string(encoded))]) }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.id = id
        encoded = try json.text("encoded")
    }
}

/// The random seed of the pairwise key towards one company.
struct KeptSigningKey: Record {
    let id: RecordID
    let relationship: RecordID
    let seed: [UInt8]

    static var recordKind: RecordKind { .signingKey }
    var title: String { "" }

    init(id: RecordID, relationship: RecordID, seed: [UInt8]) {
        self.id = id
        self.relationship = relationship
        self.seed = seed
    }

    var json: JSONObject { JSONObject([("relationship", .string(relationship.description)), ("seed", JSONValue(seed))]) }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.id = id
        relationship = try json.record("relationship")
        seed = try json.bytes("seed")
    }
}

/// A letter as template output with holes: every value of the person is a reference to the version it came from. (A login
/// stands in the text: it belongs to the relationship, as the letter does, and goes with it.)
struct KeptLetter: Record {
    let id: RecordID
    let relationship: RecordID
    let draft: LetterDraft

    static var recordKind: RecordKind { .letter }
    var title: String { draft.subject }

    init(id: RecordID, relationship: RecordID, draft: LetterDraft) {
        self.id = id
        self.relationship = relationship
        self.draft = draft
    }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("subject", .string(draft.subject)), ("to", .optional(draft.to)),
            ("message_id", .string(draft.messageID)), ("in_reply_to", .optional(draft.inReplyTo)),
            ("references", draft.references.isEmpty ? JSONValue?.none : .texts(draft.references)),
            ("date", .integer(draft.date.seconds)), ("bundle_file", .string(draft.bundleFile)),
            (
                "segments",
                .array(
                    draft.segments.map {
                        switch $0 {
                        case .text(let text): ["text": .string(text)]
                        case .version(let id): ["version": .string(id.description)]
                        }
                    })
            ),
            ("from_name", JSONValue(draft.fromName)), ("from_address", JSONValue(draft.fromAddress)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.id = id
        relationship = try json.record("relationship")
        var segments: [LetterDraft.Segment] = []
        for entry in try json.objects("segments") {
            if let text = entry["text"]?.string {
                segments.append(.text(text))
            } else {
                segments.append(.version(try entry.record("version")))
            }
        }
        draft = LetterDraft(
            subject: try json.text("subject"), to: json["to"]?.string, messageID: try json.text("message_id"),
            inReplyTo: json["in_reply_to"]?.string, references: json.texts("references"),
            date: try json.instant("date"), bundleFile: try json.text("bundle_file"), segments: segments,
            fromName: try json.optionalRecord("from_name"), fromAddress: try json.optionalRecord("from_address"))
    }
}
