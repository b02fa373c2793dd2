import Testing
import VRMExchange
import VRMModel

/// One request, from its sending on.
struct Asked {
    var regime = "gdpr"
    var kind = RequestKind.access
    var place: String? = "IE"
    var events: [RequestEvent] = []
    var override: DeadlineOverride?

    init(_ regime: String = "gdpr", _ kind: RequestKind = .access, in place: String? = "IE", sent: String) {
        self.regime = regime
        self.kind = kind
        self.place = place
        events = [Asked.event(.sent, sent)]
    }

    static func event(
        _ kind: RequestEvent.Kind, _ day: String, until: String? = nil, reason: String? = nil,
        about: Clarification = .identity, isContested: Bool = false
    ) -> RequestEvent {
        RequestEvent(
            kind, on: Day(day)!, until: until.map { Day($0)! }, reason: reason.map { Private($0) }, about: about,
            isContested: isContested, recorded: Instant("2040-01-01T00:00:00Z")!)
    }

    func then(
        _ kind: RequestEvent.Kind, _ day: String, until: String? = nil, reason: String? = nil,
        about: Clarification = .identity, isContested: Bool = false
    ) -> Asked {
        var more = self
        more.events.append(
            Asked.event(kind, day, until: until, reason: reason, about: about, isContested: isContested))
        return more
    }

    var deadline: Deadline {
        get throws {
            let history = try RequestHistory(made: events[0].day, events)
            let parts = place?.split(separator: "-").map(String.init)
            let place = parts.map { Place(country: CountryCode($0[0])!, region: $0.count > 1 ? $0[1] : nil) }
            let law = try #require(LawBook.shipped.regime(regime))
            return try #require(
                law.deadline(for: kind, history, holidays: LawBook.shipped.holidays, at: place, override: override))
        }
    }

    var answerBy: String { get throws { try deadline.answerBy.description } }
}

@Suite struct DeadlineTests {
    @Test(arguments: [
        ("2027-03-05", "2027-04-05"),  // the same day of the next month, as the EDPB's example of 5 March
        ("2027-08-31", "2027-09-30"),  // its example of a month without a 31st
        ("2027-03-16", "2027-04-16"),
        ("2027-01-31", "2027-03-01"),  // 28 February is a Sunday
        ("2028-01-31", "2028-02-29"),  // a leap year
        ("2028-01-29", "2028-02-29"),
        ("2027-01-29", "2027-03-01"),
        ("2026-12-31", "2027-02-02"),  // 31 January is a Sunday, 1 February St Brigid's Day
        ("2027-11-25", "2027-12-27"),  // Christmas is a Saturday
        ("2026-11-25", "2026-12-28"),  // Christmas is a Friday
        ("2026-11-26", "2026-12-28"),  // a Saturday
        ("2027-02-17", "2027-03-18"),  // St Patrick's Day
    ])
    func `an answer is due a calendar month after receipt, on a working day`(_ sent: String, _ due: String) throws {
        let deadline = try Asked(in: "IE", sent: sent).deadline
        #expect(deadline.answerBy == Day(due))
        #expect(deadline.caveats.isEmpty && deadline.isBinding && deadline.acknowledgeBy == nil)
    }

    @Test func `a company's region decides its holidays, and not to know it is said`() throws {
        // Corpus Christi, 27 May 2027: a holiday in Bavaria, none in Berlin.
        #expect(try Asked(in: "DE-BY", sent: "2027-04-27").answerBy == "2027-05-28")
        #expect(try Asked(in: "DE-BE", sent: "2027-04-27").answerBy == "2027-05-27")
        let unknown = try Asked(in: "DE", sent: "2027-04-27").deadline
        #expect(unknown.answerBy == Day("2027-05-27") && unknown.caveats == [.regionUnknown(CountryCode("DE")!)])
        #expect(try Asked(in: "DE", sent: "2027-04-28").deadline.caveats.isEmpty)
    }

    @Test func `a deadline beyond the table of holidays says so`() throws {
        let years = LawBook.shipped.holidays.years
        let beyond = try Asked(in: "IE", sent: "\(years.upperBound)-12-02").deadline
        #expect(beyond.answerBy == Day("\(years.upperBound + 1)-01-03"))  // 2 January is a Sunday
        #expect(beyond.caveats == [.beyondHolidays(years: years)])
        #expect(try Asked(in: nil, sent: "2027-03-16").deadline.caveats == [.countryUnknown])
        #expect(try Asked(in: "JP", sent: "2027-03-16").deadline.caveats == [.countryNotCovered(CountryCode("JP")!)])
    }

    @Test func `receipt is presumed on the day of sending until it is proved`() throws {
        let sent = Asked(sent: "2027-03-16")
        #expect(try sent.deadline.steps.contains(.started(Day("2027-03-16")!, .presumedReceived)))
        let proved = sent.then(.received, "2027-03-18")
        #expect(try proved.answerBy == "2027-04-19")  // 18 April is a Sunday
        #expect(try proved.deadline.steps.contains(.started(Day("2027-03-18")!, .received)))
    }

    @Test func `what bounced counts from when it was sent again`() throws {
        let again = Asked(sent: "2027-03-02").then(.received, "2027-03-02").then(.bounced, "2027-03-03").then(.sent, "2027-03-16")
        #expect(try again.answerBy == "2027-04-16")
    }

    // MARK: Extensions

    @Test func `an extension counts when it is announced in time and with reasons`() throws {
        let extended = Asked(sent: "2027-01-31").then(.extended, "2027-03-01", reason: "many requests")
        #expect(try extended.answerBy == "2027-04-30")  // three months from receipt, not from the first deadline
        #expect(
            try extended.deadline.steps.contains(
                .extended(announced: Day("2027-03-01")!, to: Day("2027-04-30")!, isShortened: false)))
    }

    @Test(arguments: [
        ("2027-03-02", "many requests" as String?, false, DeadlineStep.NotExtended.tooLate),
        ("2027-02-20", nil, false, .noReasons), ("2027-02-20", "  ", false, .noReasons),
        ("2027-02-20", "many requests", true, .contested),
    ])
    func `an extension that breaks a rule changes nothing`(
        _ day: String, _ reason: String?, _ isContested: Bool, _ why: DeadlineStep.NotExtended
    ) throws {
        let asked = Asked(sent: "2027-01-31").then(.extended, day, reason: reason, isContested: isContested)
        #expect(try asked.answerBy == "2027-03-01")
        #expect(try asked.deadline.steps.contains(.notExtended(announced: Day(day)!, why)))
    }

    @Test func `a company can extend once, and not beyond what the law gives`() throws {
        let extended = Asked(sent: "2027-03-16").then(.extended, "2027-03-20", until: "2027-12-31", reason: "x")
        #expect(try extended.answerBy == "2027-06-16")
        #expect(try extended.then(.extended, "2027-06-01", reason: "y").answerBy == "2027-06-16")
        let sooner = Asked(sent: "2027-03-16").then(.extended, "2027-03-20", until: "2027-05-02", reason: "x")
        #expect(try sooner.answerBy == "2027-05-02")  // a Sunday, but promised
    }

    // MARK: The clock

    @Test func `a question about identity stops the clock until it is answered`() throws {
        let asked = Asked(sent: "2027-03-01").then(.identityRequested, "2027-03-03")
        #expect(try asked.deadline.stoppedSince == Day("2027-03-03"))
        let supplied = asked.then(.identitySupplied, "2027-03-10")
        #expect(try supplied.answerBy == "2027-04-08")  // seven days more than 1 April
        let twice = supplied.then(.identityRequested, "2027-03-12", about: .scope).then(.identitySupplied, "2027-03-15")
        #expect(try twice.answerBy == "2027-04-12")  // 11 April is a Sunday
        #expect(try twice.deadline.stoppedSince == nil)
        #expect(try twice.then(.extended, "2027-04-12", reason: "x").answerBy == "2027-06-11")
    }

    @Test func `a question that comes too late, or for nothing, does not stop it`() throws {
        let late = Asked(sent: "2027-03-01").then(.identityRequested, "2027-04-02").then(.identitySupplied, "2027-04-20")
        #expect(try late.answerBy == "2027-04-01")
        #expect(try late.deadline.steps.contains(.keptRunning(asked: Day("2027-04-02")!, .askedTooLate)))
        let contested = Asked(sent: "2027-03-01").then(.identityRequested, "2027-03-20", isContested: true)
            .then(.identitySupplied, "2027-03-25")
        #expect(try contested.answerBy == "2027-04-01")
    }

    @Test func `in the United Kingdom identity starts the month anew, scope adds its days to an access with both ends`() throws {
        let asked = Asked("uk-gdpr", in: "GB-ENG", sent: "2027-03-01")
        #expect(try asked.then(.identityRequested, "2027-03-03").then(.identitySupplied, "2027-03-10").answerBy == "2027-04-12")
        #expect(
            try asked.then(.identityRequested, "2027-03-03", about: .scope).then(.identitySupplied, "2027-03-10").answerBy
                == "2027-04-09")
        let erasure = Asked("uk-gdpr", .erasure, in: "GB-ENG", sent: "2027-03-01")
            .then(.identityRequested, "2027-03-03", about: .scope).then(.identitySupplied, "2027-03-10")
        #expect(try erasure.answerBy == "2027-04-01")  // only a request for access stands still
        // The ICO's own example: 3 September to 3 October.
        #expect(try Asked("uk-gdpr", in: "GB-ENG", sent: "2029-09-03").answerBy == "2029-10-03")
    }

    @Test func `in California the clock runs on while identity is checked`() throws {
        let asked = Asked("us-ca", in: "US-CA", sent: "2027-03-01").then(.identityRequested, "2027-03-03")
        #expect(try asked.then(.identitySupplied, "2027-03-20").answerBy == "2027-04-15")
        #expect(try asked.deadline.stoppedSince == nil)
    }

    // MARK: Other laws

    @Test func `California wants a receipt in ten business days and an opt-out done in fifteen`() throws {
        let access = try Asked("us-ca", sent: "2027-11-19").deadline
        // From Friday 19 November; Thanksgiving is the 25th, and California keeps the day after.
        #expect(access.acknowledgeBy == Day("2027-12-07"))
        #expect(access.answerBy == Day("2028-01-03"))
        let optOut = Asked("us-ca", .optOutOfSale, sent: "2027-11-19")
        #expect(try optOut.answerBy == "2027-12-14")
        #expect(try optOut.deadline.acknowledgeBy == nil)
        #expect(try optOut.then(.extended, "2027-12-01", reason: "x").answerBy == "2027-12-14")
        #expect(try Asked("us-ca", sent: "2027-11-19").then(.extended, "2027-12-01", reason: "x").answerBy == "2028-02-17")
    }

    @Test(arguments: [
        ("us-va", "US-VA", RequestKind.access, "2027-04-15", "2027-05-30"),  // a Sunday: Virginia's rule is for offices
        ("us-co", "US-CO", .erasure, "2027-04-15", "2027-06-01"),  // Sunday, then Memorial Day
        ("us-ct", "US-CT", .portability, "2027-03-01", "2027-04-15"),
        ("us-tx", "US-TX", .optOutOfSale, "2027-03-01", "2027-04-15"),
        ("lgpd", "BR", .access, "2027-03-01", "2027-03-16"),
        ("lgpd", "BR", .access, "2027-04-06", "2027-04-22"),  // 21 April is Tiradentes
        ("ch-fadp", "CH-ZH", .access, "2027-04-06", "2027-05-07"),  // 6 May is Ascension
        ("pipeda", "CA-ON", .access, "2027-06-01", "2027-07-02"),  // 1 July is Canada Day
        ("pipeda", "CA-ON", .rectification, "2027-04-01", "2027-05-01"),  // a Saturday counts
        ("kr-pipa", "KR", .erasure, "2027-04-25", "2027-05-06"),  // 5 May is Children's Day
    ])
    func `each law counts in its own way`(
        _ regime: String, _ place: String, _ kind: RequestKind, _ sent: String, _ due: String
    ) throws {
        #expect(try Asked(regime, kind, in: place, sent: sent).answerBy == due)
    }

    @Test func `Brazil counts from the request, whenever it arrived`() throws {
        #expect(try Asked("lgpd", in: "BR", sent: "2027-03-01").then(.received, "2027-03-05").answerBy == "2027-03-16")
    }

    @Test func `a law that names no period makes no binding day`() throws {
        #expect(try !Asked("lgpd", .erasure, in: "BR", sent: "2027-03-01").deadline.isBinding)
        #expect(try !Asked("ch-fadp", .erasure, in: "CH-ZH", sent: "2027-03-01").deadline.isBinding)
    }

    @Test func `in Switzerland a company names the day itself`() throws {
        let asked = Asked("ch-fadp", in: "CH-ZH", sent: "2027-03-01")
        #expect(try asked.then(.extended, "2027-03-20").answerBy == "2027-03-31")
        #expect(try asked.then(.extended, "2027-03-20", until: "2027-06-01").answerBy == "2027-06-01")
    }

    @Test func `a Canadian notice counts from the request, however late it arrived`() throws {
        let asked = Asked("pipeda", in: "CA-ON", sent: "2027-03-01").then(.received, "2027-03-10")
        #expect(try asked.answerBy == "2027-04-09")
        #expect(try asked.then(.extended, "2027-04-05", reason: "x").answerBy == "2027-04-09")
        #expect(try asked.then(.extended, "2027-03-31", reason: "x").answerBy == "2027-05-10")  // the 9th is a Sunday
    }

    @Test func `a person may set another day, with a reason`() throws {
        var asked = Asked(sent: "2027-03-16")
        asked.override = DeadlineOverride(Day("2027-05-01")!, reason: Private("they were ill"))
        #expect(try asked.answerBy == "2027-05-01")
        #expect(
            try asked.deadline.steps.last
                == .overridden(from: Day("2027-04-16")!, to: Day("2027-05-01")!, reason: Private("they were ill")))
    }

    @Test func `every step is told`() throws {
        let asked = Asked(in: "IE", sent: "2026-11-25")
        let rule = try #require(LawBook.shipped.regime("gdpr")?.answer(to: .access))
        #expect(
            try asked.deadline.steps == [
                .rule(rule), .started(Day("2026-11-25")!, .presumedReceived), .counted(.months(1), to: Day("2026-12-25")!),
                .rolled(
                    from: Day("2026-12-25")!, to: Day("2026-12-28")!,
                    over: [.publicHoliday, .weekend(.saturday), .weekend(.sunday)]),
            ])
    }
}

@Suite struct LawBookTests {
    let book = LawBook.shipped

    @Test func `eleven laws are shipped, each with a name of its own`() {
        #expect(Set(book.regimes.map(\.id)).count == 11 && Set(book.regimes.map(\.name)).count == 11)
    }

    @Test func `a law knows only some requests`() {
        #expect(book.regime("gdpr")?.answer(to: .optOutOfSale) == nil)
        #expect(book.regime("us-ca")?.answer(to: .objection) == nil)
        #expect(book.regime("gdpr")?.kinds == RequestKind.allCases.filter { $0 != .optOutOfSale })
    }

    @Test(arguments: [
        ("GB" as String?, nil as String?, "uk-gdpr" as String?), ("DE", nil, "gdpr"), (nil, nil, "gdpr"), ("NO", "US", "gdpr"),
        ("US", "DE", "gdpr"), ("US", "US", nil), ("DE", "GB", "gdpr"), ("CH", "DE", "ch-fadp"), (nil, "BR", "lgpd"),
        ("JP", "KR", "kr-pipa"),
    ])
    func `the usual law is the person's, else the company's`(_ person: String?, _ company: String?, _ id: String?) {
        let usual = book.usual(person: person.flatMap { CountryCode($0) }, company: company.flatMap { CountryCode($0) })
        #expect(usual?.id == id)
    }

    @Test func `a law that is not in the book gives no deadline`() {
        let id = RecordID([UInt8](repeating: 7, count: 16))!
        let request = try! RightsRequest(
            id: id, relationship: id, kind: .access, regime: "lex", language: .english, made: Instant(seconds: 0),
            identifiedBy: [], bundle: id, letter: id)
        #expect(book.deadline(of: request, at: nil) == nil)
    }
}
