/// A rule of docs/spec/bundle.md §6. Every refusal names one.
public enum Rule: String, Sendable, CaseIterable {
    /// Size, character set, and one of the known shapes. What breaks only this is no bundle at all.
    case shape = "B-01"
    case base64url = "B-02"
    case json = "B-03"
    case header = "B-04"
    case algorithm = "B-05"
    case type = "B-06"
    case key = "B-07"
    case signature = "B-08"
    case members = "B-09"
    case times = "B-10"
    case audience = "B-11"
    case disclosures = "B-12"
    case keyBinding = "B-13"
    case reference = "B-14"
    /// Revoked, superseded, replaced or withdrawn by its issuer.
    case ended = "B-15"
    case replay = "B-16"
    case encryption = "B-17"
    case termsText = "B-18"
    case successor = "B-19"
    case evidence = "B-20"

    /// What the rule is about, as the verdict lists it.
    public var title: String {
        switch self {
        case .shape: "shape"
        case .base64url: "base64url"
        case .json: "JSON"
        case .header: "header"
        case .algorithm: "algorithm"
        case .type: "type"
        case .key: "key"
        case .signature: "signature"
        case .members: "members"
        case .times: "times"
        case .audience: "audience"
        case .disclosures: "disclosures"
        case .keyBinding: "key binding"
        case .reference: "references"
        case .ended: "revocation"
        case .replay: "replay"
        case .encryption: "encryption"
        case .termsText: "terms text"
        case .successor: "successor"
        case .evidence: "evidence"
        }
    }
}

/// Why a bundle is refused. The reason is in our words alone: it never quotes the bundle, which is a stranger's text.
public struct Rejection: Error, Equatable, Sendable {
    public let rule: Rule
    public let reason: String

    /// What a reader of streams says of a piece it did not keep.
    public static let tooLong = Rejection(.shape, "more than \(Limits.fileBytes) bytes")

    /// Its time is over: nothing else is said to be wrong with it.
    public var isExpiry: Bool { self == Rejection.expired }
    static let expired = Rejection(.times, "expired")

    init(_ rule: Rule, _ reason: String) {
        self.rule = rule
        self.reason = reason
    }
}
