/// What a person wants to buy, said without saying who they are, under keys used for it alone.
public struct Intent: Hashable, Sendable {
    public let id: RecordID
    /// The signed token as everybody reads it.
    public let bundle: RecordID
    public let made: Instant
    /// The first moment no offer is taken any more.
    public let ends: Instant
    public let category: IntentCategory
    public let region: Region
    public let want: String
    public let terms: TermsID
    public let language: LanguageCode
    /// More than this is too much. Never leaves the vault.
    public let reserve: Amount?
    /// What was committed to and can be shown later.
    public let attributes: [Attribute]
    /// Where it was handed over.
    public var channels: [Channel] = []
    /// The ``Bid`` that won.
    public var awarded: RecordID?
    public var withdrawn: Instant?
    /// The signed word, for everybody, that it is over.
    public var withdrawal: RecordID?
    /// The choice, signed for the winner.
    public var award: RecordID?

    /// A value behind one of the intent's digests.
    public struct Attribute: Hashable, Sendable {
        public let item: Grant.Item
        /// What opens the digest. Gone when the value was removed.
        public let disclosure: RecordID

        public init(item: Grant.Item, disclosure: RecordID) {
            self.item = item
            self.disclosure = disclosure
        }
    }

    /// A place where readers find it.
    public struct Channel: Hashable, Sendable {
        public enum Kind: String, Sendable { case feed, post, hand }
        public let kind: Kind
        /// A whole path, or an address. Empty for what was handed over.
        public let place: String
        public let at: Instant

        public init(kind: Kind, place: String, at: Instant) {
            self.kind = kind
            self.place = place
            self.at = at
        }
    }

    public enum State: String, Sendable, CaseIterable { case draft, open, shortlisting, awarded, withdrawn, expired }

    /// From the end of an intent until the key to its offers is destroyed: mail takes a while.
    public static let grace: Int64 = 3 * 86_400

    public init(
        id: RecordID, bundle: RecordID, made: Instant, ends: Instant, category: IntentCategory, region: Region, want: String,
        terms: TermsID, language: LanguageCode, reserve: Amount?, attributes: [Attribute]
    ) {
        self.id = id
        self.bundle = bundle
        self.made = made
        self.ends = ends
        self.category = category
        self.region = region
        self.want = want
        self.terms = terms
        self.language = language
        self.reserve = reserve
        self.attributes = attributes
    }

    /// - Parameter hasShown: A company was shown some of the attributes.
    public func state(at now: Instant, hasShown: Bool) -> State {
        if awarded != nil { return .awarded }
        if withdrawn != nil { return .withdrawn }
        if now >= ends { return .expired }
        if hasShown { return .shortlisting }
        return channels.isEmpty ? .draft : .open
    }

    /// The last day offers are taken.
    public var until: Day { ends.day.adding(days: -1) }

    /// When the key to its offers goes.
    public var sealedUntil: Instant { min(ends, withdrawn ?? ends).adding(seconds: Intent.grace) }
}
