public import VRMMail

/// Finds which host stamps a person's mail: the one whose Authentication-Results stands on top most often.
///
/// A guess to be confirmed: where the own host stamps nothing, the topmost field is a stranger's.
public struct OwnMailHost: MailReader {
    private var counts: [String: Int] = [:]
    /// Messages with such a field.
    public private(set) var stamped = 0

    /// Names kept apart; a mailbox knows a handful of its own hosts.
    static let mostNames = 256

    public init() {}

    /// The name, and on how many messages it stands on top; nil when none does on half of those that have any.
    public var likeliest: (host: String, messages: Int)? {
        counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.flatMap { $0.value * 2 >= stamped ? ($0.key, $0.value) : nil }
    }

    public func wants(_ header: MessageHeader) -> Bool { false }
    public mutating func passOver(_ fault: MailFault) {}

    public mutating func take(_ header: MessageHeader, message: [UInt8]?, file: String?) {
        guard let host = AuthenticationResults.topmost(in: header)?.host else { return }
        stamped += 1
        if counts[host] != nil || counts.count < OwnMailHost.mostNames { counts[host, default: 0] += 1 }
    }
}
