import Foundation
import Testing
import VRMModel

@Suite struct ContractTests {
    static func contract(
        _ start: String, _ term: String? = nil, renews: String? = nil, notice: String? = nil, trial: String? = nil
    ) throws -> Contract {
        try Contract(
            start: Day(start)!, term: term.map { Term($0)! }, renewal: renews.map { Term($0)! }, notice: notice.map { Term($0)! },
            trialEnds: trial.map { Day($0)! })
    }

    static func running(_ by: String, _ ends: String) -> Contract.Standing { .running(cancelBy: Day(by)!, ends: Day(ends)!) }

    // MARK: Lengths

    @Test(arguments: ["1d", "30d", "36525d", "24m", "1200m", "1y", "100y"])
    func `a length reads back as it was written`(_ text: String) {
        #expect(Term(text)?.description == text)
    }

    @Test(arguments: [
        "", "d", "0d", "00m", "-1m", "+1m", "13x", "13", "1 m", "1M", "1.5y", "36526d", "1201m", "101y", "99999999999999999999m",
        "٣m", "1d ", "012m",
    ])
    func `a length is a plain number of days, months or years, a hundred years at most`(_ text: String) {
        #expect(Term(text) == nil)
    }

    // MARK: When it can be ended

    @Test(arguments: [
        ("2026-11-25", running("2027-10-14", "2028-01-14")), ("2027-10-14", running("2027-10-14", "2028-01-14")),
        ("2027-10-15", running("2028-10-14", "2029-01-14")), ("2025-01-01", running("2027-10-14", "2028-01-14")),
    ])
    func `it goes on to the next term once the day to cancel has passed`(_ today: String, _ expected: Contract.Standing) throws {
        let contract = try Self.contract("2026-01-15", "24m", renews: "12m", notice: "3m")
        #expect(contract.standing(on: Day(today)!) == expected)
    }

    @Test(arguments: [
        // From 31 January, month by month: never drifting to the 28th for good.
        ("2027-01-31", "1m", "1m", nil as String?, "2027-02-01", running("2027-02-27", "2027-02-27")),
        ("2027-01-31", "1m", "1m", nil, "2027-03-01", running("2027-03-30", "2027-03-30")),
        ("2028-02-29", "1y", "1y", "1m", "2028-03-01", running("2029-01-27", "2029-02-27")),
        // The month of the notice has no such day: the last it has.
        ("2026-06-01", "1y", "1y", "3m", "2026-06-01", running("2027-02-28", "2027-05-31")),
        ("2026-01-01", "1y", "1y", "30d", "2026-06-01", running("2026-12-01", "2026-12-31")),
        ("2026-01-01", "90d", "30d", "14d", "2026-01-01", running("2026-03-17", "2026-03-31")),
        // Longer than a term: the first end that still can be reached.
        ("2026-01-01", "1m", "1m", "3m", "2026-01-10", running("2026-01-30", "2026-04-30")),
        ("1930-01-01", "1d", "1d", nil, "2026-11-25", running("2026-11-25", "2026-11-25")),
    ])
    func `worked examples`(
        _ start: String, _ term: String, _ renews: String, _ notice: String?, _ today: String, _ expected: Contract.Standing
    ) throws {
        #expect(try Self.contract(start, term, renews: renews, notice: notice).standing(on: Day(today)!) == expected)
    }

    @Test func `without a term any day can be the last, without renewal it ends by itself`() throws {
        let today = Day("2026-11-25")!
        #expect(try Self.contract("2020-01-01", notice: "1m").standing(on: today) == .endless(ends: Day("2026-12-25")!))
        #expect(try Self.contract("2020-01-01").standing(on: today) == .endless(ends: today))
        #expect(try Self.contract("2026-01-01", "1y").standing(on: today) == .ending(Day("2026-12-31")!))
        #expect(try Self.contract("2020-01-01", "1y").standing(on: today) == .over(Day("2020-12-31")!))
    }

    @Test func `on trial it can be ended until the trial does`() throws {
        let contract = try Self.contract("2026-11-01", "1y", renews: "1y", notice: "1m", trial: "2026-11-30")
        #expect(contract.standing(on: Day("2026-11-30")!) == .trial(cancelBy: Day("2026-11-30")!))
        #expect(contract.standing(on: Day("2026-12-01")!) == Self.running("2027-09-30", "2027-10-31"))
    }

    @Test func `once cancelled it ends where the day of the notice leads`() throws {
        var contract = try Self.contract("2026-01-15", "24m", renews: "12m", notice: "3m")
        let today = Day("2027-12-01")!
        try contract.cancel(on: Day("2027-10-15")!, today: today)
        #expect(contract.standing(on: today) == .cancelled(ends: Day("2029-01-14")!))
        try contract.cancel(on: Day("2027-10-14")!, today: today)
        #expect(contract.standing(on: today) == .cancelled(ends: Day("2028-01-14")!))
        #expect(contract.standing(on: Day("2028-01-15")!) == .over(Day("2028-01-14")!))
        #expect(contract.standing(on: today).cancelBy == nil)
    }

    @Test func `what cannot be is refused`() throws {
        let today = Day("2026-11-25")!
        func make(_ start: String) throws -> Contract {
            try Contract(start: Day(start)!, term: nil, renewal: nil, notice: nil, trialEnds: nil, today: today)
        }
        #expect(throws: ContractRefusal.startOutOfReach) { try make("0206-01-15") }
        #expect(throws: ContractRefusal.startOutOfReach) { try make("9999-12-31") }
        #expect(try make("1927-01-01").start == Day("1927-01-01"))
        #expect(throws: ContractRefusal.renewalWithoutTerm) { try Self.contract("2026-01-01", renews: "1y") }
        #expect(throws: ContractRefusal.trialBeforeStart(Day("2026-01-02")!)) {
            try Self.contract("2026-01-02", trial: "2026-01-01")
        }
        var contract = try Self.contract("2020-01-01", "1y")
        #expect(throws: ContractRefusal.inFuture(today: today)) { try contract.cancel(on: Day("2026-11-26")!, today: today) }
        #expect(throws: ContractRefusal.overAlready(Day("2020-12-31")!)) { try contract.cancel(on: today, today: today) }
    }

    @Test func `what can be cancelled this month`() throws {
        let (today, last) = (Day("2026-11-25")!, Day("2026-11-30")!)
        #expect(today.monthsEnd == last && Day("2028-02-01")!.monthsEnd == Day("2028-02-29")!)
        #expect(try Self.contract("2025-12-01", "1y", renews: "1y", notice: "1d").canBeCancelled(from: today, through: last))
        #expect(try !Self.contract("2025-12-02", "1y", renews: "1y").canBeCancelled(from: today, through: last))
        #expect(try Self.contract("2025-12-02").canBeCancelled(from: today, through: last))
        #expect(try !Self.contract("2025-12-01", "1y").canBeCancelled(from: today, through: last))
    }

    // MARK: Against another calendar

    /// Foundation's calendar, counting every term from the first.
    private struct Almanac {
        let calendar: Calendar = {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = TimeZone(identifier: "UTC")!
            return calendar
        }()

        func add(_ day: Day, _ terms: [(Term?, Int)], days: Int = 0) -> Day {
            var date = Date(timeIntervalSince1970: Double(day.number) * 86_400)
            let months = terms.map { ($0.0?.unit == .months ? 1 : $0.0?.unit == .years ? 12 : 0) * ($0.0?.count ?? 0) * $0.1 }
            let more = terms.map { ($0.0?.unit == .days ? 1 : 0) * ($0.0?.count ?? 0) * $0.1 }
            date = calendar.date(byAdding: .month, value: months.reduce(0, +), to: date)!
            date = calendar.date(byAdding: .day, value: more.reduce(0, +) + days, to: date)!
            return Day(number: Int((date.timeIntervalSince1970 / 86_400).rounded(.down)))
        }

        func standing(_ contract: Contract, _ today: Day) -> Contract.Standing {
            for renewals in 0... {
                let ends = add(contract.start, [(contract.term, 1), (contract.renewal, renewals)], days: -1)
                let by = add(ends, [(contract.notice, -1)])
                if by >= today { return .running(cancelBy: by, ends: ends) }
            }
            fatalError()
        }
    }

    @Test(arguments: 0..<40)
    func `the same day as by another calendar, for whatever contract`(_ seed: UInt64) throws {
        var random = Sequence(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        let almanac = Almanac()
        func term(_ most: Int) -> Term {
            let unit = Term.Unit.allCases.randomElement(using: &random)!
            return Term(
                Int.random(in: 1...(unit == .years ? max(1, most / 12) : unit == .days ? 15 * most : most), using: &random), unit)!
        }
        for _ in 0..<25 {
            let start = Day(number: Int.random(in: 14_000...22_000, using: &random))
            let contract = try Contract(
                start: start, term: term(36), renewal: term(24), notice: Bool.random(using: &random) ? term(6) : nil,
                trialEnds: nil)
            let today = start.adding(days: Int.random(in: -400...5000, using: &random))
            let found = contract.standing(on: today)
            #expect(found == almanac.standing(contract, today), "\(contract) on \(today)")
        }
    }

    private struct Sequence: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
