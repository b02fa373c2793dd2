/// A further letter about a request: it presses for the answer, contests a refusal, or complains.
///
/// Made is not sent: the request moves on when it leaves.
public struct FollowUp: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    public let request: RecordID
    public let kind: Kind
    public let made: Instant
    public let letter: RecordID
    /// The request as it was signed, which goes along.
    public let bundle: RecordID
    public var sent: Day?

    public enum Kind: String, Sendable, CaseIterable {
        case reminder
        /// The last warning before the complaint.
        case admonition
        case identityDispute = "identity-dispute"
        case channelDispute = "channel-dispute"
        case excessiveDispute = "excessive-dispute"
        case languageDispute = "language-dispute"
        /// To the company, against its refusal, where the law has that step.
        case appeal
        /// To the company, where the law wants it to be asked first.
        case companyComplaint = "company-complaint"
        /// To the supervisory authority.
        case complaint

        /// What its sending is in the life of the request.
        public var event: RequestEvent.Kind { self == .complaint ? .complained : .reminded }

        /// It says that a question of the company does not stop the period.
        public var contestsQuestion: Bool { self == .identityDispute }
    }

    public init(
        id: RecordID, relationship: RecordID, request: RecordID, kind: Kind, made: Instant, letter: RecordID,
        bundle: RecordID, sent: Day? = nil
    ) {
        self.id = id
        self.relationship = relationship
        self.request = request
        self.kind = kind
        self.made = made
        self.letter = letter
        self.bundle = bundle
        self.sent = sent
    }
}

extension Regime.ComplaintRoute {
    /// The next letter on the way to a complaint.
    ///
    /// An appeal is against a refusal, in whole or in part, whatever was written about it since.
    ///
    /// - Parameter letters: Those about the request so far. What was made and not sent has not been said yet.
    public func next(after letters: [FollowUp], _ history: RequestHistory) -> FollowUp.Kind {
        let said = letters.filter { $0.sent != nil }.map(\.kind)
        let answer = history.events.last { $0.kind.isAnswer }?.kind
        for step in steps {
            switch step {
            case .company where !said.contains(.companyComplaint): return .companyComplaint
            case .appeal where !said.contains(.appeal) && (answer == .refused || answer == .partial): return .appeal
            default: continue
            }
        }
        return .complaint
    }
}
