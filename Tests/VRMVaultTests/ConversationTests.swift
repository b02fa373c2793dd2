import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@testable import VRMVault

@Suite struct ConversationTests {
    let vault: TestVault

    init() throws {
        vault = try TestVault()
        try vault.change { _, change in
            _ = try change.addCompany(shop, name: "Shop", privacyEmail: nil, origin: nil, country: nil)
        }
    }

    private func note(_ kind: Note.Kind, owed: Note.Owed? = nil) throws -> Note {
        try vault.change { vault, change in
            try change.note(kind, value("what was said"), about: try vault.company("shop"), on: Day("2026-12-30")!, owed: owed)
        }
    }

    private func settle(_ note: Note, _ isKept: Bool, _ day: String) throws {
        try vault.change { _, change in _ = try change.settle(note, Note.Outcome(isKept: isKept, on: Day(day)!)) }
    }

    private func card() throws -> Scorecard {
        let open = try vault.open(.reading)
        return try open.scorecards(of: nil, under: .plain, at: vault.now)[0]
    }

    private func counts(_ measure: Scorecard.Measure) throws -> [Int] {
        let card = try card()
        return [card.count(measure, .good), card.count(measure, .bad), card.count(measure, .open)]
    }

    @Test func `a promise is kept, kept late, broken, overdue or open`() throws {
        let owed = Note.Owed(by: .them, until: Day("2026-12-31")!)
        try settle(try note(.promise, owed: owed), true, "2026-12-31")
        try settle(try note(.promise, owed: owed), true, "2027-01-01")
        try settle(try note(.promise, owed: owed), false, "2026-12-31")
        _ = try note(.promise, owed: owed)
        _ = try note(.promise, owed: Note.Owed(by: .them, until: Day("2027-01-01")!))
        #expect(try counts(.promises) == [1, 3, 1])
    }

    @Test func `what the person owes is no merit of the company`() throws {
        try settle(try note(.call, owed: Note.Owed(by: .me, until: nil)), true, "2027-01-01")
        #expect(try card().reasons.isEmpty)
    }

    @Test func `answers are counted by the day they were due`() throws {
        vault.now = Instant("2027-06-01T12:00:00Z")!
        for (sent, answered) in [
            ("2027-01-05", "2027-02-05"), ("2027-01-05", "2027-02-06"), ("2027-01-05", nil), ("2027-05-20", nil),
        ] {
            vault.now = Day(sent)!.start
            let request = try vault.makeRequest(.access)
            vault.now = Instant("2027-06-01T12:00:00Z")!
            try vault.record(.sent, sent, on: request)
            guard let answered else { continue }
            let open = try vault.open(.reading).requests().first { $0.id == request.id }!
            try vault.record(.fulfilled, answered, on: open)
        }
        #expect(try counts(.answers) == [1, 2, 1])
    }

    @Test func `an erasure that is done raises an alarm when they write again, once, and not within the grace`() throws {
        vault.now = Instant("2027-06-01T12:00:00Z")!
        let made = try vault.makeRequest(.erasure)
        try vault.record(.sent, "2027-06-01", on: made)
        func request() throws -> RightsRequest { try vault.open(.reading).requests()[0] }
        func alarms(_ day: String, _ source: Contradiction.Source = .mail) throws -> Int {
            try vault.change { vault, change in
                let shop = try vault.company("shop")
                let new = try change.contradict(shop, by: source, on: Day(day)!)
                if new.isEmpty { _ = try change.note(.call, value("x"), about: shop, on: Day(day)!, owed: nil) }
                return new.count
            }
        }
        vault.now = Instant("2027-07-01T12:00:00Z")!
        #expect(try alarms("2027-07-01") == 0, "nothing was said to be erased")
        try vault.record(.fulfilled, "2027-06-10", on: try request())
        #expect(try alarms("2027-06-12") == 0)
        #expect(try alarms("2027-06-13") == 1)
        #expect(try alarms("2027-06-20") == 0)
        #expect(try alarms("2027-06-11", .reply) == 1)
        #expect(try vault.open(.reading).openContradictions().count == 2)
        #expect(try counts(.again) == [0, 2, 0])

        let dismissed = try vault.change { vault, change in try change.dismissContradictions(of: try vault.requests()[0]) }
        #expect(dismissed == 2)
        #expect(try vault.open(.reading).openContradictions().isEmpty)
        #expect(try alarms("2027-06-13") == 0, "what was dismissed stays so")
        #expect(try alarms("2027-06-25") == 1)
        try vault.record(.reopened, "2027-06-25", on: try request())
        #expect(try vault.open(.reading).openContradictions().isEmpty, "the person acted on it")
        #expect(try vault.open(.reading).verify().fault == nil)
    }

    @Test func `what a company is found with after it erased everything raises an alarm, what was known before does not`() throws
    {
        vault.now = Instant("2027-07-01T12:00:00Z")!
        let made = try vault.makeRequest(.erasure)
        vault.now = Instant("2027-08-01T12:00:00Z")!
        func find(_ item: String, since: String? = nil, on: String? = nil, at place: String = "phone book") throws -> Int {
            try vault.change { vault, change in
                let find = on.map { (place, Day($0)!) }
                let held = try change.hold(
                    [DataItemName(item)!], by: vault.company("shop"), since: since.flatMap { Day($0) }, version: nil, find: find)
                return held.alarms.count
            }
        }
        #expect(try find("address", on: "2027-07-20") == 0, "nothing was said to be erased")
        try vault.record(.sent, "2027-07-01", on: made)
        try vault.record(.fulfilled, "2027-07-10", on: made)
        #expect(try find("phone_number") == 0, "it may be old knowledge")
        #expect(try find("phone_number", since: "2027-07-10") == 0)
        #expect(try find("phone_number", on: "2027-07-10") == 0)
        #expect(try find("phone_number", on: "2027-07-11") == 1)
        #expect(try find("birthdate", on: "2027-07-12") == 0, "one alarm for each kind of sign")
        #expect(try vault.open(.reading).openContradictions().map(\.source) == [.find])
        #expect(try counts(.again) == [0, 1, 0])
        _ = try vault.change { vault, change in try change.dismissContradictions(of: try vault.requests()[0]) }
        #expect(try find("birthdate", on: "2027-07-13", at: "register") == 1)
        #expect(try find("birthdate", on: "2027-07-13", at: "register") == 0, "the same again")
        let holdings = try vault.open(.reading).overview(try vault.open(.reading).company("shop"), at: vault.now).holdings
        let places = holdings.filter { $0.evidence.days != nil }.map {
            "\($0.item) \($0.evidence.source) \($0.evidence.days!.lowerBound)"
        }
        #expect(
            places == [
                "address phone book 2027-07-20", "phone_number phone book 2027-07-10", "phone_number phone book 2027-07-11",
                "birthdate phone book 2027-07-12", "birthdate register 2027-07-13",
            ])
        #expect(try vault.open(.reading).verify().fault == nil)
    }

    @Test func `what is handed over to prove who the person is is no find`() throws {
        vault.now = Instant("2027-07-01T12:00:00Z")!
        let made = try vault.makeRequest(.erasure)
        vault.now = Instant("2027-08-01T12:00:00Z")!
        try vault.record(.sent, "2027-07-01", on: made)
        try vault.record(.fulfilled, "2027-07-10", on: made)
        let access = try vault.makeRequest(.access)
        try vault.record(.sent, "2027-08-01", on: access)
        try vault.record(.identityRequested, "2027-08-01", on: access)
        try vault.change { vault, change in
            _ = try change.record(
                RequestEvent(.identitySupplied, on: Day("2027-08-01")!, recorded: self.vault.now),
                on: vault.request(access.id.description), handing: [DataItemName("birthdate")!])
        }
        #expect(try vault.open(.reading).openContradictions().isEmpty)
    }

    @Test func `an erasure counts from the day they said it, not from the day it was confirmed`() throws {
        vault.now = Instant("2027-06-01T12:00:00Z")!
        let made = try vault.makeRequest(.erasure)
        vault.now = Instant("2027-07-01T12:00:00Z")!
        for (event, day) in [(RequestEvent.Kind.sent, "2027-06-01"), (.fulfilled, "2027-06-10"), (.confirmed, "2027-06-20")] {
            try vault.record(event, day, on: made)
        }
        let new = try vault.change { vault, change in
            try change.contradict(try vault.company("shop"), by: .mail, on: Day("2027-06-15")!)
        }
        #expect(new.count == 1)
    }

    @Test func `a thread holds together, shows the company's lines and hides the others`() throws {
        _ = try note(.idea)
        try vault.change { _, change in _ = try change.set(email, value("mara@muster.example")) }
        _ = try note(.call)
        for isRedacted in [false, true] {
            let thread = try vault.open(.reading).thread(
                of: try vault.open(.reading).company("shop"), since: nil, until: nil, isRedacted: isRedacted)
            #expect(thread.lines.map(\.entry?.event) == [.companyAdded, .noteMade, .noteMade])
            #expect(thread.hidden == 1 && thread.payload.links.count == 4)
            #expect(thread.payload.links.count { $0.entry != nil } == (isRedacted ? 0 : 3))
            #expect(thread.payload.links.count { $0.said != nil } == (isRedacted ? 3 : 0))
        }
    }

    @Test func `a thread can be narrowed to days`() throws {
        vault.now = Instant("2027-02-01T12:00:00Z")!
        _ = try note(.idea)
        vault.now = Instant("2027-03-01T12:00:00Z")!
        _ = try note(.call)
        let open = try vault.open(.reading)
        let company = try open.company("shop")
        func lines(_ since: String?, _ until: String?) throws -> (Int, Int) {
            let thread = try open.thread(
                of: company, since: since.flatMap { Day($0) }, until: until.flatMap { Day($0) }, isRedacted: false)
            return (thread.lines.count, thread.payload.links.count)
        }
        #expect(try lines("2027-02-01", nil) == (2, 2))
        #expect(try lines("2027-02-01", "2027-02-01") == (1, 1))
        #expect(try lines(nil, "2027-02-28") == (2, 2))
        #expect(throws: VaultFailure.noThread(shop)) { _ = try lines("2027-03-02", nil) }
    }
}
