/// What a person's mailbox says of one company.
public struct MailContact: Hashable, Sendable {
    /// The registrable domain it writes from.
    public let domain: Domain
    public private(set) var first: Day
    public private(set) var last: Day
    /// The person's own mail host found at least one message genuine. Otherwise a signature was claimed that nobody checked.
    public private(set) var isChecked: Bool
    /// The person's addresses it wrote to, each with the first and the last day. Lower case.
    public private(set) var aliases: [Private<String>: ClosedRange<Day>] = [:]
    public private(set) var unsubscribe: Unsubscribe?

    /// A company that writes to more addresses of one person than this gets no more noted.
    public static let mostAliases = 64

    public init(domain: Domain, on day: Day, isChecked: Bool) {
        self.domain = domain
        first = day
        last = day
        self.isChecked = isChecked
    }

    /// Adds one message. The same messages in another order give the same.
    public mutating func note(on day: Day, isChecked: Bool, aliases new: [Private<String>], unsubscribe offered: Unsubscribe?) {
        first = min(first, day)
        last = max(last, day)
        self.isChecked = self.isChecked || isChecked
        for alias in new where aliases[alias] != nil || aliases.count < MailContact.mostAliases {
            let days = aliases[alias] ?? day...day
            aliases[alias] = min(days.lowerBound, day)...max(days.upperBound, day)
        }
        unsubscribe = Unsubscribe.newer(unsubscribe, offered)
    }
}

/// Where a company takes no for an answer, by its own mail (RFC 2369, RFC 8058). Kept, never fetched.
public struct Unsubscribe: Hashable, Sendable {
    /// `https:`, `http:` or `mailto:`, at most four.
    public let uris: [String]
    /// One POST does it, without a page to read (RFC 8058).
    public let isOneClick: Bool
    /// The day of the mail that said so.
    public let seen: Day

    public init(uris: [String], isOneClick: Bool, seen: Day) {
        self.uris = uris
        self.isOneClick = isOneClick
        self.seen = seen
    }

    /// The one of the later mail; of one day the one that sorts last, so that the order of reading does not matter.
    public static func newer(_ a: Unsubscribe?, _ b: Unsubscribe?) -> Unsubscribe? {
        guard let a, let b else { return a ?? b }
        return (a.seen, a.uris.joined(separator: " ")) < (b.seen, b.uris.joined(separator: " ")) ? b : a
    }
}
