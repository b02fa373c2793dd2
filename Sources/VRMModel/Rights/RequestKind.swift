/// A right a person can exercise against a company.
public enum RequestKind: String, Sendable, CaseIterable {
    case access, erasure, rectification, objection, restriction, portability
    case optOutOfSale = "opt-out-of-sale"

    /// The word of the Data Rights Protocol where it has one; rectification, objection, restriction and
    /// portability are ours.
    public var exercise: String {
        switch self {
        case .access: "access"
        case .erasure: "deletion"
        case .optOutOfSale: "sale:opt-out"
        case .rectification, .objection, .restriction, .portability: rawValue
        }
    }
}
