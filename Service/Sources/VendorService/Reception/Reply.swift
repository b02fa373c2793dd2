import VRMBundle
import VRMModel

/// What became of a bundle that was handed in.
enum Reply: Sendable {
    case taken(Taken)
    case refused(Rejection)

    /// A bundle that kept every rule and is on record.
    struct Taken: Sendable {
        let id: String
        let type: TokenType
        let isReplay: Bool
        let standing: VerifiedBundle.KeyStanding
        let binding: VerifiedBundle.Binding
        let ends: Instant
        /// The signed answer to a request or revocation: the last one there is.
        let receipt: String?
    }
}
