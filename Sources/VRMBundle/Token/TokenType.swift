/// What a token says, by its `typ` or `vct`. The table of docs/spec/bundle.md §5.
public enum TokenType: String, Sendable, CaseIterable {
    case terms = "vrm-terms+jwt"
    case acceptance = "vrm-terms-acceptance+jwt"
    case grant = "urn:vrm:bundle:grant/1"
    case revocation = "vrm-revocation+jwt"
    case request = "urn:vrm:bundle:request/1"
    case receipt = "vrm-receipt+jwt"
    case intent = "urn:vrm:bundle:intent/1"
    case offer = "vrm-offer+jwt"
    case award = "vrm-award+jwt"
    case withdrawal = "vrm-withdrawal+jwt"
    case message = "vrm-message+jwt"
    case evidence = "vrm-evidence+jwt"
    case rotation = "vrm-rotation+jwt"

    public enum Signer: Sendable { case person, company }

    static let selectiveDisclosure = "dc+sd-jwt"
    static let proofOfPossession = "vrm-rotation-pop+jwt"
    static let keyBinding = "kb+jwt"

    /// Who signs it. What either side may sign is a person's when its `iss` is a URN.
    public func signer(named iss: String) -> Signer {
        switch self {
        case .terms, .grant, .revocation, .request, .intent, .award, .withdrawal, .evidence: .person
        case .acceptance, .receipt, .offer: .company
        case .message, .rotation: iss.utf8.starts(with: "urn:".utf8) ? .person : .company
        }
    }

    /// It is for one reader. Intents and withdrawals are for everybody.
    public var hasAudience: Bool { self != .intent && self != .withdrawal }

    /// It may arrive inside a JWE.
    func maySeal(_ signer: Signer) -> Bool {
        switch self {
        case .terms, .grant, .revocation, .request, .award, .evidence: true
        case .offer: true
        case .message, .rotation: signer == .person
        case .acceptance, .receipt, .intent, .withdrawal: false
        }
    }

    /// It may be ended by its issuer (B-15).
    var canEnd: Bool { self == .grant || self == .terms || self == .intent }

    /// Values travel as Disclosures (RFC 9901) below these members.
    public var disclosable: [String] {
        switch self {
        case .grant: ["data"]
        case .request: ["subject", "changes"]
        case .intent: ["attributes"]
        default: []
        }
    }

    public var isSelectiveDisclosure: Bool { self == .grant || self == .request || self == .intent }

    /// The header's `typ`.
    public var typ: String { isSelectiveDisclosure ? TokenType.selectiveDisclosure : rawValue }

    /// The longest time from `iat` to `exp`, in seconds.
    public var longestLife: Int64 {
        let days: Int64 =
            switch self {
            case .terms, .acceptance: 731
            case .grant: 90
            case .revocation: 121
            case .request, .message, .evidence: 366
            case .receipt, .rotation: 1096
            case .intent: 14
            case .offer: 92
            case .award, .withdrawal: 45
            }
        return days * 86_400
    }
}
