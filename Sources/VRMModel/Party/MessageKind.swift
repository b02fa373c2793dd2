/// What a message between a person and a company is about.
public enum MessageKind: String, Sendable, CaseIterable {
    case complaint, idea, question
    case contactPreference = "contact_preference"
    /// An answer to another message.
    case reply

    /// In words a person reads.
    public var label: String {
        switch self {
        case .complaint: "a complaint"
        case .idea: "an idea"
        case .question: "a question"
        case .contactPreference: "how to be contacted"
        case .reply: "an answer"
        }
    }
}
