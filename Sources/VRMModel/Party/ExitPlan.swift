/// The way out of a relationship. Kept are the day it was begun and what the person left out; how far it has come is read
/// off the contract, the grants and the requests, each time.
public struct ExitPlan: Hashable, Sendable {
    public let begun: Day
    public var skipped: Set<ExitStep.Kind>

    public init(begun: Day, skipped: Set<ExitStep.Kind> = []) {
        self.begun = begun
        self.skipped = skipped
    }

    /// The steps in their order, as they stand.
    ///
    /// - Parameter answerBy: The last day for the answer to a request.
    public func steps(
        contract: Contract?, grants: [Grant], revocations: [Revocation], requests: [RightsRequest], at now: Instant,
        answerBy: (RightsRequest) -> Day?
    ) -> [ExitStep] {
        let today = now.day
        let cancel = skipping(ExitStep(cancelling: contract, on: today))
        let export = skipping(
            step(.export, requests.filter { $0.kind == .access || $0.kind == .portability }, answerBy, or: .request))
        let revoke = skipping(ExitStep(revoking: grants, revocations, at: now))
        var erase = step(.erase, requests.filter { $0.kind == .erasure && $0.grants.isEmpty }, answerBy, or: .request)
        if erase.state == .todo, erase.next == .request {
            // First the copy: nothing can be got of what was erased. And a company needs the data while the contract runs.
            if !export.isOver {
                erase.state = .later
                erase.next = nil
            } else if let ends = contract?.standing(on: today).ends, cancel.state == .done, ends >= today {
                (erase.state, erase.on, erase.next) = (.later, ends.adding(days: 1), nil)
            } else if !cancel.isOver {
                (erase.state, erase.next) = (.later, nil)
            }
        }
        erase = skipping(erase)
        let erasure = erase.id.flatMap { id in requests.first { $0.id == id } }
        return [cancel, export, revoke, erase, skipping(ExitStep(confirming: erasure, after: erase))]
    }

    private func skipping(_ step: ExitStep) -> ExitStep {
        guard skipped.contains(step.kind), !step.isOver else { return step }
        return ExitStep(step.kind, .skipped)
    }

    /// Where the newest request of a step stands, of those since the plan was begun or still open then.
    private func step(
        _ kind: ExitStep.Kind, _ requests: [RightsRequest], _ answerBy: (RightsRequest) -> Day?, or next: ExitStep.Next
    ) -> ExitStep {
        let ours = requests.filter {
            $0.history.state != .withdrawn && ($0.made.day >= begun || ($0.answered.map { $0 >= begun } ?? true))
        }
        guard let request = ours.max(by: { ($0.made, $0.id) < ($1.made, $1.id) }) else {
            return ExitStep(kind, .todo, next: next)
        }
        switch request.history.state {
        case .made, .bounced: return ExitStep(kind, .todo, on: answerBy(request), request.id, next: .send)
        case .fulfilled, .noData, .confirmed: return ExitStep(kind, .done, on: request.answered, request.id)
        // A copy that lacks something is one; what was not erased is still there.
        case .partial where kind == .export: return ExitStep(kind, .done, on: request.answered, request.id)
        case .partial, .refused: return ExitStep(kind, .todo, on: request.answered, request.id, next: .press)
        case .identityRequested: return ExitStep(kind, .todo, on: answerBy(request), request.id, next: .answer)
        default: return ExitStep(kind, .waiting, on: answerBy(request), request.id, next: .press)
        }
    }
}

/// One step of the way out.
public struct ExitStep: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable { case cancel, export, revoke, erase, confirm }

    public enum State: String, Sendable, CaseIterable {
        /// The person's turn.
        case todo
        /// The company's turn.
        case waiting
        /// Another step, or a day, comes first.
        case later
        case done, skipped
        /// There is nothing to do.
        case none
    }

    /// What the person does next.
    public enum Next: Hashable, Sendable {
        /// End the contract and note it.
        case cancel
        case request
        case revoke
        /// Hand over what was made, and note it.
        case send
        /// Answer the company's question.
        case answer
        /// Remind, or contest a refusal.
        case press
        /// Look whether it is so, and note it.
        case confirm
    }

    public let kind: Kind
    public internal(set) var state: State
    /// By when, since when, or from when on.
    public internal(set) var on: Day?
    /// The grant, notice or request it is about.
    public let id: RecordID?
    public internal(set) var next: Next?

    init(_ kind: Kind, _ state: State, on: Day? = nil, _ id: RecordID? = nil, next: Next? = nil) {
        self.kind = kind
        self.state = state
        self.on = on
        self.id = id
        self.next = next
    }

    /// Nothing is left to do for it.
    public var isOver: Bool { [.done, .skipped, .none].contains(state) }

    init(cancelling contract: Contract?, on today: Day) {
        switch contract?.standing(on: today) {
        case nil: self.init(.cancel, .none)
        case .trial(let day)?, .running(let day, _)?: self.init(.cancel, .todo, on: day, next: .cancel)
        case .endless?: self.init(.cancel, .todo, on: today, next: .cancel)
        case .ending(let day)?, .cancelled(let day)?, .over(let day)?: self.init(.cancel, .done, on: day)
        }
    }

    init(revoking grants: [Grant], _ revocations: [Revocation], at now: Instant) {
        if let grant = grants.filter({ $0.isActive(at: now) }).min(by: { ($0.made, $0.id) < ($1.made, $1.id) }) {
            self.init(.revoke, .todo, on: now.day, grant.id, next: .revoke)
        } else if let notice = revocations.first(where: { $0.sent == nil }) {
            self.init(.revoke, .todo, on: now.day, notice.id, next: .send)
        } else if let last = revocations.map(\.at.day).max() {
            self.init(.revoke, .done, on: last)
        } else {
            self.init(.revoke, .none)
        }
    }

    init(confirming erasure: RightsRequest?, after erase: ExitStep) {
        switch (erasure?.history.state, erase.state) {
        case (.confirmed?, .done): self.init(.confirm, .done, on: erasure?.history.events.last?.day, erasure?.id)
        case (_, .done): self.init(.confirm, .todo, on: erase.on, erasure?.id, next: .confirm)
        case (_, .skipped): self.init(.confirm, .none)
        default: self.init(.confirm, .later)
        }
    }
}
