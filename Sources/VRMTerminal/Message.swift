import VRMBundle

/// How a command ends, as `vrm help exit-codes` lists it.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    case done = 0
    case failed = 1
    case cancelled = 2
    case refused = 3
    case locked = 4
    case notFound = 5
    case ambiguous = 6
    case conflict = 7
    case damaged = 8
    case usage = 64
    case malformed = 65
    case unavailable = 69
    case tryLater = 75

    public var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .cancelled: "cancelled, or a confirmation is needed"
        case .refused: "a bundle was refused"
        case .locked: "the vault is locked, or the passphrase is wrong"
        case .notFound: "not found"
        case .ambiguous: "more than one matches"
        case .conflict: "in the way of something that is there"
        case .damaged: "the vault is damaged, rolled back, or newer than the program"
        case .usage: "the command line is not understood"
        case .malformed: "a file has none of the shapes it should have"
        case .unavailable: "the other side is unavailable"
        case .tryLater: "busy, try later"
        }
    }
}

/// What a person reads when something did not work: one fact, and a hint that can be typed.
public struct Message: Error, Sendable {
    public let fact: String
    public let hint: String?
    public let status: ExitStatus
    /// The rule of docs/spec/bundle.md that was broken.
    public let rule: String?

    public init(_ fact: String, hint: String? = nil, status: ExitStatus = .failed, rule: String? = nil) {
        self.fact = fact
        self.hint = hint
        self.status = status
        self.rule = rule
    }

    var json: JSONValue {
        var object = JSONObject([("error", .string(fact)), ("exit", .integer(status.rawValue))])
        object["hint"] = hint.map { .string($0) }
        object["rule"] = rule.map { .string($0) }
        return .object(object)
    }
}

/// A failure that knows what to tell the person.
public protocol UserFacing: Error {
    var message: Message { get }
}

extension Message {
    /// A command of a later version.
    public static let notBuilt = Message("not built yet", hint: "see what there is with: vrm --help", status: .usage)
}
