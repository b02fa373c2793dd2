/// What a company wants to know before it answers.
public enum Clarification: String, Sendable, CaseIterable { case identity, scope }

/// Something that happened to a request.
public struct RequestEvent: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case sent, bounced, received, acknowledged
        case identityRequested = "identity_requested"
        case identitySupplied = "identity_supplied"
        case extended, fulfilled, partial
        case noData = "no_data"
        case refused, confirmed, reopened, reminded, complained, withdrawn

        /// Whether it ends the wait for an answer.
        public var isAnswer: Bool { [.fulfilled, .partial, .noData, .refused].contains(self) }

        /// Who does such a thing, unless it is known to be somebody else.
        public var usualActor: Actor {
            switch self {
            case .sent, .identitySupplied, .confirmed, .reopened, .reminded, .complained, .withdrawn: .me
            case .bounced, .received, .acknowledged, .identityRequested, .extended, .fulfilled, .partial, .noData, .refused:
                .company
            }
        }
    }

    public enum Actor: String, Sendable, CaseIterable { case me, company, authority }

    public let kind: Kind
    public let day: Day
    /// The day the company named, for an extension.
    public var until: Day?
    /// What was given as reasons, in whoever's words.
    public var reason: Private<String>?
    /// What the company asked for, when it asked.
    public var about: Clarification = .identity
    /// The person says that it came too late or for nothing, so that it does not move the deadline.
    public var isContested = false
    public var actor: Actor
    /// SHA-256 of the file that shows it: a signed receipt, a mail.
    public var evidence: [UInt8]?
    /// The ``FollowUp`` it is the sending of.
    public var followUp: RecordID?
    /// The kept receipt the company signed.
    public var receipt: RecordID?
    /// When it was written down; the clock of that machine.
    public let recorded: Instant

    public init(
        _ kind: Kind, on day: Day, until: Day? = nil, reason: Private<String>? = nil, about: Clarification = .identity,
        isContested: Bool = false, actor: Actor? = nil, evidence: [UInt8]? = nil, followUp: RecordID? = nil,
        receipt: RecordID? = nil, recorded: Instant
    ) {
        self.kind = kind
        self.day = day
        self.until = until
        self.reason = reason
        self.about = about
        self.isContested = isContested
        self.actor = actor ?? kind.usualActor
        self.evidence = evidence
        self.followUp = followUp
        self.receipt = receipt
        self.recorded = recorded
    }
}
