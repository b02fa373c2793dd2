public import VRMModel

/// What an access reply holds, gathered while it streams by: which fields, how often, and which of our values in them.
public struct ReplySurvey: Sendable {
    /// One field, all its values together.
    public struct Field: Sendable {
        public internal(set) var values = 0
        /// Our values found in it, and how often.
        public internal(set) var known: [KnownValue: Int] = [:]
        /// How many values are none of ours.
        public internal(set) var foreign = 0
        /// The first of them that differ, cut at ``ReplyLimits/sampleBytes``.
        public internal(set) var samples: [Private<String>] = []
        public internal(set) var isCut = false
        /// There are more that differ.
        public internal(set) var hasMore = false
    }

    public private(set) var fields: [String: Field] = [:]
    public internal(set) var files = 0
    /// Files that are neither JSON nor CSV, links, and what cannot be opened.
    public internal(set) var unread = 0
    public internal(set) var bytes: Int64 = 0
    private let known: [[UInt8]: [KnownValue]]

    /// - Parameter known: What to recognise, under ``KnownValue/folded(_:)``.
    public init(known: [[UInt8]: [KnownValue]]) { self.known = known }

    /// Takes in one value; an empty one counts for nothing.
    ///
    /// - Throws: ``ReplyFailure/tooManyFields``.
    mutating func take(_ value: String, at path: String) throws(ReplyFailure) {
        let path = path.utf8.count > ReplyLimits.pathBytes ? path.capped(toBytes: ReplyLimits.pathBytes) + "…" : path
        guard fields[path] != nil || fields.count < ReplyLimits.fields else { throw .tooManyFields }
        let folded = KnownValue.folded(value)
        guard !folded.isEmpty else {
            if fields[path] == nil { fields[path] = Field() }
            return
        }
        fields[path, default: Field()].take(value, known[folded] ?? [])
    }
}

extension ReplySurvey.Field {
    fileprivate mutating func take(_ value: String, _ matches: [KnownValue]) {
        values += 1
        for match in matches { known[match, default: 0] += 1 }
        guard matches.isEmpty else { return }
        foreign += 1
        guard !hasMore else { return }
        let sample = value.capped(toBytes: ReplyLimits.sampleBytes)
        guard !samples.contains(where: { $0.revealed.utf8.elementsEqual(sample.utf8) }) else { return }
        guard samples.count < ReplyLimits.samples else { return hasMore = true }
        samples.append(Private(sample))
        if sample.utf8.count < value.utf8.count { isCut = true }
    }
}
