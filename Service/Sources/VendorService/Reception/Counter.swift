import VRMBundle
import VRMModel

/// Where a bundle is handed in, which decides what may be: never what arrived.
enum Counter: Sendable {
    /// For everybody who asks for offers: intents as they are published, and their withdrawals.
    case intents
    /// For what is addressed to this company, and intents shown to it in answer to its offer.
    case bundles

    var types: Set<TokenType> {
        switch self {
        case .intents: [.intent, .withdrawal]
        case .bundles: [.terms, .grant, .revocation, .request, .intent, .award, .message, .evidence, .rotation]
        }
    }

    /// The most one bundle may have.
    var cap: Int {
        switch self {
        case .intents: ServiceLimits.intentBytes
        case .bundles: Limits.fileBytes
        }
    }
}

/// What the service takes, beyond the caps of the format.
enum ServiceLimits {
    /// Twenty times an intent with a dozen items. Who shows one repeats it at the other counter.
    static let intentBytes = 64 * 1024
    /// A batch of intents.
    static let batchBytes = 4 * 1024 * 1024
    static let batchLines = 1000
    /// What a clerk sends: an offer, a receipt.
    static let clerkBytes = 64 * 1024
    /// Tokens that one bundle refers to and that are looked up; each costs a signature check.
    static let references = 64
    /// Bundles judged and not yet written: above that the service says that it is busy.
    static let waiting = 8192
    /// Bundles written by one change at most.
    static let change = 1024
    /// Intents and bundles in one answer.
    static let page = 500
    /// From the first byte of a request to its last, and from one request to the next.
    static let seconds: Int64 = 15
    static let connections = 1024
    /// All headers of a request.
    static let headerBytes = 16 * 1024
}
