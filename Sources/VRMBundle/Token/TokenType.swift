/// What a token says, by its `typ` or `vct`. The table of docs/spec/bundle.md §5.
public enum TokenType: String, Sendable, CaseIterable {
    case terms = "vrm-terms+jwt"
    case acceptance = "vrm-terms-acceptance+jwt"
    case grant = "urn:vrm:bundle:grant/1"
    case revocation = "vrm-revocation+jwt"
    case request = "urn:vrm:bundle:request/1"
    case receipt = "vrm-receipt+jwt"

    public enum Signer: Sendable { case person, company }

    static let selectiveDisclosure = "dc+sd-jwt"

    public var signer: Signer {
        switch self {
        case .terms, .grant, .revocation, .request: .person
        case .acceptance, .receipt: .company
        }
    }

    /// Values travel as Disclosures (RFC 9901) below this member.
    public var disclosable: [String] {
        switch self {
        case .grant: ["data"]
        case .request: ["subject", "changes"]
        default: []
        }
    }

    public var isSelectiveDisclosure: Bool { !disclosable.isEmpty }

    /// The header's `typ`.
    public var typ: String { isSelectiveDisclosure ? TokenType.selectiveDisclosure : rawValue }

    /// The longest time from `iat` to `exp`, in seconds.
    public var longestLife: Int64 {
        let days: Int64 =
            switch self {
            case .terms, .acceptance: 731
            case .grant: 90
            case .revocation: 121
            case .request: 366
            case .receipt: 1096
            }
        return days * 86_400
    }
}
