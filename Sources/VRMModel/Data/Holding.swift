/// What a company already has of the person, with or without a grant.
public struct Holding: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    public let item: DataItemName
    /// Which version of the item, when the person said so.
    public var version: Int?
    /// The value itself, when it is known only from here (a login out of an import).
    public var value: Private<String>?
    public var since: Day?
    public var evidence: Evidence
    public var state: State
    /// The request it proved who the person is for: to be deleted once that is answered.
    public let proofFor: RecordID?

    public enum State: String, Sendable { case held, erased }

    public init(
        id: RecordID, relationship: RecordID, item: DataItemName, version: Int? = nil, value: Private<String>? = nil,
        since: Day? = nil, evidence: Evidence, state: State = .held, proofFor: RecordID? = nil
    ) {
        self.id = id
        self.relationship = relationship
        self.item = item
        self.version = version
        self.value = value
        self.since = since
        self.evidence = evidence
        self.state = state
        self.proofFor = proofFor
    }
}
