/// One value a rectification puts right. `changes` holds its digest, and it those of the old and the new value, each a
/// Disclosure of its own (RFC 9901 §4.2.6): the old value can be erased and what was asked still be shown.
public struct DisclosedChange: Hashable, Sendable {
    /// Under the name of the data item; it holds digests alone.
    public let outer: Disclosure
    public let old: Disclosure?
    public let new: Disclosure

    /// - Parameter old: Nil when it is not known what the company holds.
    public init(name: String, old: JSONValue?, new: JSONValue) {
        let old = old.map { Disclosure(name: "old", value: $0) }
        let new = Disclosure(name: "new", value: new)
        let digests = DisclosureDigest.listed([old?.digest, new.digest].compactMap(\.self))
        outer = Disclosure(name: name, value: ["_sd": .array(digests.map { .string($0) })])
        self.old = old
        self.new = new
    }

    /// In the order they travel.
    public var disclosures: [Disclosure] { [outer] + (old.map { [$0] } ?? []) + [new] }
}
