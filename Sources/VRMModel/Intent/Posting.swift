/// Something on its way to an address on the web: kept until it arrived or was given up, so that a crash loses nothing.
public struct Posting: Hashable, Sendable {
    public let id: RecordID
    public let intent: RecordID
    /// What is sent: an intent, or its withdrawal.
    public let bundle: RecordID
    public let address: String
    public let made: Instant
    public var attempts: Int
    public var last: Instant?
    public var delivered: Instant?

    public enum State: String, Sendable { case waiting, delivered, givenUp = "given-up" }

    /// A place that took nothing so often will not.
    public static let mostAttempts = 12

    public init(
        id: RecordID, intent: RecordID, bundle: RecordID, address: String, made: Instant, attempts: Int = 0,
        last: Instant? = nil, delivered: Instant? = nil
    ) {
        self.id = id
        self.intent = intent
        self.bundle = bundle
        self.address = address
        self.made = made
        self.attempts = attempts
        self.last = last
        self.delivered = delivered
    }

    public var state: State {
        if delivered != nil { return .delivered }
        return attempts < Posting.mostAttempts ? .waiting : .givenUp
    }
}

extension Posting {
    /// The address as a shell takes it for one word.
    public var typed: String {
        let plain = address.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-._~:/%+,=@".utf8.contains($0)
        }
        return plain ? address : address.shellWord
    }
}
