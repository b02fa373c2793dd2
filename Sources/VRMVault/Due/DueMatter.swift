public import VRMModel

/// Something that is to be done by a day: by the person, or by a company while the person waits.
public struct DueMatter: Sendable {
    public let what: What
    /// Nil when it concerns none.
    public let company: Domain?
    /// The last day for it; past once it is overdue. For what can be done from now on, the first one.
    public let on: Day
    /// The record it is about; `vrm show` or a command of its noun takes it.
    public let id: RecordID
    /// Why it is due then.
    public let ground: Ground

    public init(_ what: What, _ company: Domain?, on: Day, id: RecordID, because ground: Ground) {
        self.what = what
        self.company = company
        self.on = on
        self.id = id
        self.ground = ground
    }

    /// What is due. A new kind of matter adds a case, its words, and a source in ``Vault/dueSources``.
    public enum What: Hashable, Sendable, CustomStringConvertible {
        case answer(RequestKind)
        case acknowledgement(RequestKind)
        case identity(RequestKind)
        case scope(RequestKind)
        case decision(RequestKind)
        case reminder(RequestKind)
        case complaint(RequestKind)
        case grantEnds
        /// Else the contract goes on.
        case cancelBy
        case trialEnds
        /// What was handed over to prove who the person is, and is needed no longer.
        case proof(DataItemName)
        /// An answer the company asked for with a message.
        case answerToThem(MessageKind)
        /// An answer the person asked for with a message; nobody owes it.
        case answerFromThem(MessageKind)
        /// What a note says that somebody does.
        case owed(Note.Kind, by: Note.Side)
        case contradiction(Contradiction.Source)
        /// Made and not handed over: `grant`, `revocation`, `erasure request` …
        case send(String)

        /// As lists show it.
        public var description: String {
            switch self {
            case .answer(let kind): "answer to \(kind.rawValue) request"
            case .acknowledgement(let kind): "acknowledgement of \(kind.rawValue) request"
            case .identity(let kind): "your identity for \(kind.rawValue) request"
            case .scope(let kind): "what you ask for in \(kind.rawValue) request"
            case .decision(let kind): "your word on the answer to \(kind.rawValue) request"
            case .reminder(let kind): "remind of \(kind.rawValue) request"
            case .complaint(let kind): "complain about \(kind.rawValue) request"
            case .grantEnds: "grant ends"
            case .cancelBy: "cancel the contract, or it goes on"
            case .trialEnds: "trial ends"
            case .proof(let item): "have \(item) deleted, given as proof"
            case .answerToThem(let kind): "answer their \(kind.noun)"
            case .answerFromThem(let kind): "answer to \(kind.noun)"
            case .owed(let kind, let side): "\(kind.rawValue) owed by \(side == .me ? "you" : "them")"
            case .contradiction(let source): "erasure contradicted by \(source.rawValue)"
            case .send(let what): "send \(what)"
            }
        }

        public var isUnsent: Bool { if case .send = self { true } else { false } }

        public var isAnswer: Bool { if case .answer = self { true } else { false } }

        /// The company owes it, not the person.
        public var isTheirs: Bool {
            switch self {
            case .acknowledgement, .owed(_, by: .them): true
            default: isAnswer
            }
        }
    }

    public enum Ground: Sendable {
        /// Computed by a rule of law.
        case rule(Deadline, RightsRequest)
        /// Sentences for the person, each without a full stop.
        case words([String])
    }
}

/// Where due matters come from: one noun, everything of it that is due.
protocol DueSource {
    static func matters(in vault: Vault, at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter]
}

extension Vault {
    private static var dueSources: [any DueSource.Type] {
        [RequestsDue.self, GrantsDue.self, MessagesDue.self, NotesDue.self, ContradictionsDue.self, ContractsDue.self]
    }

    /// Everything that is due or will be, the earliest first.
    public func due(at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter] {
        var matters: [DueMatter] = []
        for source in Vault.dueSources { matters += try source.matters(in: self, at: now, under: law) }
        return matters.sorted {
            ($0.on, $0.company?.description ?? "", "\($0.what)") < ($1.on, $1.company?.description ?? "", "\($1.what)")
        }
    }

    /// The domain of each relationship, from what lists show alone.
    func domains() throws(VaultFailure) -> [RecordID: Domain] {
        var domains: [RecordID: Domain] = [:]
        for (id, title) in try store.titles(of: .relationship) { domains[id] = Domain(title) }
        return domains
    }
}
