import VRMModel

/// What a token says beyond ``CommonClaims``, read by the same rules it is made by.
public enum Payload: Hashable, Sendable {
    case terms(TermsPayload)
    case acceptance(AcceptancePayload)
    case grant(GrantPayload)
    case revocation(RevocationPayload)
    case request(RequestPayload)
    case receipt(ReceiptPayload)
    case intent(IntentPayload)
    case offer(OfferPayload)
    case award(AwardPayload)
    case withdrawal(WithdrawalPayload)
    case message(MessagePayload)
    case evidence(EvidencePayload)
    case rotation(RotationPayload)

    /// - Parameter claims: As they were signed, digests where Disclosures belong.
    /// - Throws: A ``Rejection`` of B-09.
    init(_ type: TokenType, _ claims: JSONObject) throws(Rejection) {
        self =
            switch type {
            case .terms: .terms(try TermsPayload(claims))
            case .acceptance: .acceptance(try AcceptancePayload(claims))
            case .grant: .grant(try GrantPayload(claims))
            case .revocation: .revocation(try RevocationPayload(claims))
            case .request: .request(try RequestPayload(claims))
            case .receipt: .receipt(try ReceiptPayload(claims))
            case .intent: .intent(try IntentPayload(claims))
            case .offer: .offer(try OfferPayload(claims))
            case .award: .award(try AwardPayload(claims))
            case .withdrawal: .withdrawal(try WithdrawalPayload(claims))
            case .message: .message(try MessagePayload(claims))
            case .evidence: .evidence(try EvidencePayload(claims))
            case .rotation: .rotation(try RotationPayload(claims))
            }
    }

    /// Takes in what the Disclosures supplied.
    ///
    /// - Throws: A ``Rejection`` of B-09 when a disclosed change is none.
    mutating func disclose(_ unpacked: DisclosedPayload) throws(Rejection) {
        switch self {
        case .grant(var payload):
            payload.data = unpacked["data"] ?? payload.data
            self = .grant(payload)
        case .request(var payload):
            payload.subject = unpacked["subject"] ?? payload.subject
            payload.changes = unpacked["changes"]
            try payload.checkChanges()
            self = .request(payload)
        case .intent(var payload):
            payload.attributes = unpacked["attributes"] ?? payload.attributes
            self = .intent(payload)
        default: break
        }
    }

    /// The terms text it holds, whose own text is checked with B-18.
    var termsTexts: [TermsText] {
        switch self {
        case .terms(let payload): [payload.terms]
        case .acceptance(let payload): [payload.terms] + (payload.counter.map { [$0] } ?? [])
        case .intent(let payload): [payload.terms]
        default: []
        }
    }
}

extension JSONObject {
    func references(_ name: String) throws(Rejection) -> [BundleReference] {
        var references: [BundleReference] = []
        for entry in try optionalList(name) { references.append(try BundleReference(json: entry)) }
        return references
    }

    func purpose(_ name: String) throws(Rejection) -> Purpose {
        guard let purpose = Purpose(iri: try token(name)) else {
            throw Rejection(.members, "a purpose is no concept of the vocabulary")
        }
        return purpose
    }
}

extension Purpose: JSONMembers {
    func members(_ json: inout JSONWriter) {
        json.member("id", iri)
        json.member("text", label)
    }
}
