/// Permission for one company to use some of the person's data, for one purpose, until a date.
///
/// A grant is never edited. It stops when it is revoked or when ``ends`` passes.
public struct Grant: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    /// The ``OfferedTerms`` it was made under.
    public let offer: RecordID
    public let items: [Item]
    public let purpose: Purpose
    public let basis: LegalBasis
    public let made: Instant
    /// The first moment the grant no longer holds: 00:00 UTC of the day after the last.
    public let ends: Instant
    public let bundle: RecordID
    /// The grant this one renews.
    public var supersedes: RecordID?
    public var supersededBy: RecordID?
    public var sent: Day?
    public var revocation: RecordID?
    /// When the intent closed under which it was shown.
    public var closed: Instant?

    /// Which value went out: an item and the version it had.
    public struct Item: Hashable, Sendable {
        public let name: DataItemName
        public let version: Int
        public let versionID: RecordID

        public init(name: DataItemName, version: Int, versionID: RecordID) {
            self.name = name
            self.version = version
            self.versionID = versionID
        }
    }

    public enum State: String, Sendable, CaseIterable { case made, sent, revoked, expired, superseded }

    /// 90 days (docs/spec/bundle.md, §5), less the two minutes by which a bundle's date may precede the clock.
    /// There is no status list: a grant whose revocation never arrived must soon die by itself.
    public static let longestLife: Int64 = 90 * 86_400 - 120

    public init(
        id: RecordID, relationship: RecordID, offer: RecordID, items: [Item], purpose: Purpose, basis: LegalBasis,
        made: Instant, ends: Instant, bundle: RecordID
    ) {
        self.id = id
        self.relationship = relationship
        self.offer = offer
        self.items = items
        self.purpose = purpose
        self.basis = basis
        self.made = made
        self.ends = ends
        self.bundle = bundle
    }

    public func state(at now: Instant) -> State {
        if revocation != nil || closed != nil { return .revoked }
        if now >= ends { return .expired }
        if supersededBy != nil { return .superseded }
        return sent == nil ? .made : .sent
    }

    public func isActive(at now: Instant) -> Bool { [.made, .sent].contains(state(at: now)) }

    /// The last day it holds.
    public var until: Day { ends.day.adding(days: -1) }
}

/// The end of a grant before its time.
public struct Revocation: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    public let grant: RecordID
    public let at: Instant
    public let bundle: RecordID
    public var sent: Day?

    public init(id: RecordID, relationship: RecordID, grant: RecordID, at: Instant, bundle: RecordID, sent: Day? = nil) {
        self.id = id
        self.relationship = relationship
        self.grant = grant
        self.at = at
        self.bundle = bundle
        self.sent = sent
    }
}
