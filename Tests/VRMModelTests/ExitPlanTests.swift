import Testing
import VRMModel

@Suite struct ExitPlanTests {
    let now = Instant("2027-03-10T12:00:00Z")!
    var today: Day { now.day }
    static let id = RecordID([UInt8](repeating: 7, count: 16))!

    func plan(
        _ skipped: Set<ExitStep.Kind> = [], contract: Contract? = nil, grants: [Grant] = [], revocations: [Revocation] = [],
        _ requests: [RightsRequest] = []
    ) -> [ExitStep] {
        ExitPlan(begun: Day("2027-03-01")!, skipped: skipped).steps(
            contract: contract, grants: grants, revocations: revocations, requests: requests, at: now
        ) { $0.made.day.adding(months: 1) }
    }

    func request(_ kind: RequestKind, made: String = "2027-03-02", _ events: [(RequestEvent.Kind, String)] = []) throws
        -> RightsRequest
    {
        try RightsRequest(
            id: Self.id, relationship: Self.id, kind: kind, regime: "gdpr", language: .english, made: Day(made)!.start,
            identifiedBy: [], bundle: Self.id, letter: Self.id,
            events: events.map { RequestEvent($0.0, on: Day($0.1)!, recorded: now) })
    }

    func grant() -> Grant {
        Grant(
            id: Self.id, relationship: Self.id, offer: Self.id, items: [], purpose: .CustomerCare, basis: .consent,
            made: Day("2027-02-01")!.start, ends: Day("2027-04-01")!.start, bundle: Self.id)
    }

    static let done: [(RequestEvent.Kind, String)] = [(.sent, "2027-03-02"), (.fulfilled, "2027-03-05")]

    @Test func `the steps come in their order, and a copy comes before the erasure`() {
        let steps = plan()
        #expect(steps.map(\.kind) == [.cancel, .export, .revoke, .erase, .confirm])
        #expect(steps.map(\.state) == [.none, .todo, .none, .later, .later])
        #expect(steps[1].next == .request && steps[3].next == nil)
    }

    @Test func `the contract is cancelled by its day, and nothing is erased while it runs`() throws {
        var contract = try Contract(
            start: Day("2026-04-01")!, term: Term("1y")!, renewal: Term("1y")!, notice: nil, trialEnds: nil)
        let copied = try [request(.access, Self.done)]
        let running = plan(contract: contract, copied)
        #expect(running[0].state == .todo && running[0].on == Day("2027-03-31") && running[0].next == .cancel)
        #expect(running[3].state == .later && running[3].on == nil)
        try contract.cancel(on: today, today: today)
        let ended = plan(contract: contract, copied)
        #expect(ended[0].state == .done)
        #expect(ended[3].state == .later && ended[3].on == Day("2027-04-01"))
        #expect(
            plan([.cancel], contract: try Contract(start: today, term: nil, renewal: nil, notice: nil, trialEnds: nil), copied)[3]
                .state == .todo)
    }

    @Test func `a grant that stands is revoked, and its notice sent`() throws {
        #expect(plan(grants: [grant()])[2].next == .revoke)
        var notice = Revocation(id: Self.id, relationship: Self.id, grant: Self.id, at: now, bundle: Self.id)
        var ended = grant()
        ended.revocation = notice.id
        #expect(plan(grants: [ended], revocations: [notice])[2].next == .send)
        notice.sent = today
        #expect(plan(grants: [ended], revocations: [notice])[2].state == .done)
    }

    @Test(
        arguments: [
            ([], ExitStep.State.todo, ExitStep.Next.send), ([(.sent, "2027-03-02")], .waiting, .press),
            ([(.sent, "2027-03-02"), (.identityRequested, "2027-03-03")], .todo, .answer),
            ([(.sent, "2027-03-02"), (.refused, "2027-03-03")], .todo, .press),
            ([(.sent, "2027-03-02"), (.partial, "2027-03-03")], .todo, .press), (done, .done, nil),
            ([(.sent, "2027-03-02"), (.noData, "2027-03-03")], .done, nil),
            (done + [(.reopened, "2027-03-08")], .waiting, .press),
        ] as [([(RequestEvent.Kind, String)], ExitStep.State, ExitStep.Next?)])
    func `the erasure stands where its request stands`(
        _ events: [(RequestEvent.Kind, String)], _ state: ExitStep.State, _ next: ExitStep.Next?
    ) throws {
        let step = try plan([.export], [request(.erasure, events)])[3]
        #expect(step.state == state && step.next == next)
    }

    @Test func `it ends when the erasure was confirmed`() throws {
        let erased = try plan([.export], [request(.erasure, Self.done)])
        #expect(erased[4].state == .todo && erased[4].next == .confirm)
        let confirmed = try plan([.export], [request(.erasure, Self.done + [(.confirmed, "2027-03-09")])])
        #expect(confirmed.allSatisfy(\.isOver) && confirmed[4].on == Day("2027-03-09"))
        let back = try plan([.export], [request(.erasure, Self.done + [(.confirmed, "2027-03-09"), (.reopened, "2027-03-10")])])
        #expect(!back[3].isOver && back[4].state == .later)
    }

    @Test func `what was asked and answered before the plan does not count, nor what was withdrawn`() throws {
        let old = try request(.access, made: "2027-01-02", [(.sent, "2027-01-02"), (.fulfilled, "2027-01-20")])
        #expect(plan([], [old])[1].state == .todo)
        let open = try request(.access, made: "2027-01-02", [(.sent, "2027-01-02")])
        #expect(plan([], [open])[1].state == .waiting)
        #expect(try plan([], [request(.access, [(.sent, "2027-03-02"), (.withdrawn, "2027-03-03")])])[1].next == .request)
    }

    @Test func `a step left out is skipped, and one that was done is done`() throws {
        #expect(plan([.export, .erase]).map(\.state) == [.none, .skipped, .none, .skipped, .none])
        #expect(try plan([.export], [request(.access, Self.done)])[1].state == .done)
    }

    @Test func `the erasure of one grant is not the erasure of all`() throws {
        var some = try request(.erasure, Self.done)
        some.grants = [Self.id]
        #expect(plan([.export], [some])[3].next == .request)
    }
}
