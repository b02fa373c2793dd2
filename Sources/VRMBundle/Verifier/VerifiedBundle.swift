import VRMModel

/// A bundle that kept every rule. Only ``Verifier`` makes one.
public struct VerifiedBundle: Sendable {
    /// How the key came to be trusted. A first contact proves a pseudonym, not an account.
    public enum KeyStanding: String, Sendable { case pinned, first_contact }

    /// Whether the company recorded whose account the key belongs to.
    public enum Binding: String, Sendable { case none, account }

    public let type: TokenType
    public let signer: TokenType.Signer
    public let common: CommonClaims
    public let payload: Payload
    /// As it arrived.
    let bundle: Unverified
    let unpacked: DisclosedPayload?
    /// The key that signed it, under the name its owner gives it.
    public let key: PinnedKey
    public let standing: KeyStanding
    public let binding: Binding
    public let reference: BundleReference
    /// The key that continues this one, of a rotation or an award.
    public let successor: Successor?
    /// Whom its Key Binding JWT shows it to, and the nonce that answers.
    public let presentation: (audience: String, nonce: String)?
    /// It was seen before, the very same.
    public let isReplay: Bool
    /// What could not be checked, and why that matters is in docs/spec/bundle.md §1.
    public let notChecked: [String]

    public var envelope: Envelope { bundle.envelope }
    /// It arrived in a JWE.
    public var wasSealed: Bool { bundle.wasSealed }

    /// All claims with the Disclosures in place, without `_sd_alg`.
    public var claims: JSONObject { unpacked?.claims ?? bundle.payload ?? JSONObject() }

    /// The paths that came from Disclosures.
    public var disclosed: [(path: String, value: JSONValue)] { unpacked?.disclosed(of: bundle) ?? [] }

    /// The rules that were checked and have something to say about this type.
    public var checked: [String] {
        Rule.allCases.filter { rule in
            switch rule {
            case .encryption: wasSealed
            case .keyBinding: type == .intent
            case .termsText: !payload.termsTexts.isEmpty
            case .successor: successor != nil
            case .evidence: type == .evidence
            case .reference: !payload.references.isEmpty
            case .audience: type.hasAudience || presentation != nil
            default: true
            }
        }.map(\.title).filter { !notChecked.contains($0) }
    }
}
