import Testing
import VRMModel

@Suite struct RequestHistoryTests {
    let made = Day("2027-01-04")!

    func event(
        _ kind: RequestEvent.Kind, _ day: String, until: String? = nil, recorded: String = "2027-12-31T12:00:00Z"
    ) -> RequestEvent {
        RequestEvent(kind, on: Day(day)!, until: until.flatMap { Day($0) }, recorded: Instant(recorded)!)
    }

    func history(_ kinds: [RequestEvent.Kind]) throws -> RequestHistory {
        var history = RequestHistory(made: made)
        for kind in kinds { try history.add(event(kind, "2027-01-05")) }
        return history
    }

    /// What may follow what, written out by hand.
    static let allowed: [RequestState: Set<RequestEvent.Kind>] = [
        .made: [.sent, .withdrawn],
        .sent: open.union([.bounced, .acknowledged, .identityRequested, .reminded]),
        .bounced: [.sent, .withdrawn],
        .acknowledged: open.union([.identityRequested, .reminded]),
        .identityRequested: open.union([.identitySupplied, .reminded]),
        .identitySupplied: open.union([.identityRequested, .reminded]),
        .extended: open.union([.identityRequested, .reminded]),
        .reopened: open.union([.acknowledged, .identityRequested, .reminded]),
        .reminded: open.union([.bounced, .acknowledged, .identityRequested, .reminded]),
        .complained: open.subtracting([.extended, .complained]).union([.identityRequested, .reminded]),
        .fulfilled: answered,
        .partial: answered.union([.fulfilled, .refused, .reminded]),
        .noData: answered.union([.fulfilled, .partial]),
        .refused: answered.union([.fulfilled, .partial, .noData, .reminded]),
        .confirmed: [.reopened],
        .withdrawn: [],
    ]
    static let open: Set<RequestEvent.Kind> = [
        .received, .extended, .fulfilled, .partial, .noData, .refused, .complained, .withdrawn,
    ]
    static let answered: Set<RequestEvent.Kind> = [.received, .confirmed, .reopened, .complained, .withdrawn]

    @Test(arguments: RequestState.allCases)
    func `a state lets happen what it should, and nothing else`(_ state: RequestState) throws {
        let can = RequestEvent.Kind.allCases.filter { state.after($0) != nil }
        #expect(Set(can) == RequestHistoryTests.allowed[state])
    }

    @Test func `every state can be reached`() {
        var reached: Set<RequestState> = [.made]
        for _ in RequestState.allCases {
            reached.formUnion(reached.flatMap { state in RequestEvent.Kind.allCases.compactMap { state.after($0) } })
        }
        #expect(reached == Set(RequestState.allCases))
    }

    @Test func `what cannot follow is refused by name`() throws {
        var history = try history([.sent])
        #expect(throws: RequestRefusal.cannotFollow(.identitySupplied, after: .sent)) {
            try history.add(event(.identitySupplied, "2027-01-06"))
        }
        #expect(history.events.count == 1)
    }

    @Test func `a mail after a fulfilled erasure reopens the case`() throws {
        #expect(try history([.sent, .fulfilled, .confirmed, .reopened]).state == .reopened)
    }

    @Test func `what bounced can be sent again, what was withdrawn cannot`() throws {
        #expect(try history([.sent, .bounced, .sent]).state == .sent)
        #expect(throws: RequestRefusal.cannotFollow(.sent, after: .withdrawn)) { try history([.sent, .withdrawn, .sent]) }
    }

    @Test func `nothing happened before the request`() throws {
        var history = RequestHistory(made: made)
        #expect(throws: RequestRefusal.beforeRequest(made: made)) { try history.add(event(.sent, "2027-01-03")) }
    }

    @Test func `a day to come is refused, but for the one that time zones make`() throws {
        var history = RequestHistory(made: made)
        #expect(throws: RequestRefusal.inFuture(today: made)) {
            try history.add(event(.sent, "2027-01-06", recorded: "2027-01-04T12:00:00Z"))
        }
        try history.add(event(.sent, "2027-01-05", recorded: "2027-01-04T12:00:00Z"))
    }

    @Test func `a clock set back is marked, and nothing else is`() throws {
        var history = RequestHistory(made: made)
        try history.add(event(.sent, "2027-01-05", recorded: "2027-01-05T10:00:00Z"))
        try history.add(event(.acknowledged, "2027-01-06", recorded: "2027-01-06T10:00:00Z"))
        #expect(history.clockSetBack.isEmpty)
        let early = event(.extended, "2027-01-06", recorded: "2027-01-06T09:59:59Z")
        try history.add(early)
        try history.add(event(.fulfilled, "2027-01-07", recorded: "2027-01-07T10:00:00Z"))
        #expect(history.clockSetBack == [early])
    }

    @Test func `what is written down late takes its place by its day`() throws {
        var history = RequestHistory(made: made)
        try history.add(event(.sent, "2027-01-05", recorded: "2027-02-01T10:00:00Z"))
        try history.add(event(.fulfilled, "2027-01-20", recorded: "2027-02-01T11:00:00Z"))
        try history.add(event(.acknowledged, "2027-01-07", recorded: "2027-02-01T12:00:00Z"))
        #expect(history.events.map(\.kind) == [.sent, .acknowledged, .fulfilled])
        #expect(history.clockSetBack.isEmpty)
        #expect(throws: RequestRefusal.cannotFollow(.acknowledged, after: .bounced)) {
            try history.add(event(.bounced, "2027-01-06"))
        }
    }

    @Test func `receipt is proved once for each sending`() throws {
        #expect(throws: RequestRefusal.receivedTwice(Day("2027-01-05")!)) { try history([.sent, .received, .received]) }
        #expect(try history([.sent, .received, .bounced, .sent, .received]).state == .sent)
    }

    @Test func `an extension ends after it is announced`() throws {
        var history = try history([.sent])
        #expect(throws: RequestRefusal.untilBeforeEvent) { try history.add(event(.extended, "2027-01-20", until: "2027-01-20")) }
    }

    @Test func `an override needs a reason`() {
        #expect(DeadlineOverride(made, reason: Private(" \n")) == nil)
        #expect(DeadlineOverride(made, reason: Private("they promised"))?.day == made)
    }
}
