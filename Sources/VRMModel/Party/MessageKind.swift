/// What a message between a person and a company is about.
public enum MessageKind: String, Sendable, CaseIterable {
    case complaint, idea, question
    case contactPreference = "contact_preference"
    /// An answer to another message.
    case reply

    /// In words a person reads.
    public var label: String {
        switch self {
        case .complaint, .question: "a \(noun)"
        case .idea, .reply: "an \(noun)"
        case .contactPreference: "how to be contacted"
        }
    }

    public var noun: String {
        switch self {
        case .complaint, .idea, .question: rawValue
        case .contactPreference: "contact preference"
        case .reply: "answer"
        }
    }
}
