/// The law a request is made under, as far as deadlines and articles go. Not legal advice.
public struct Regime: Hashable, Sendable {
    public let id: String
    public let name: String
    /// Which requests it knows, and the article of each.
    public let articles: [RequestKind: String]
    public let answer: AnswerRule

    /// How long a company has.
    public struct AnswerRule: Hashable, Sendable {
        /// Calendar months from the day of receipt, which is not counted.
        public let months: Int
        /// Where the rule stands.
        public let citation: String
        /// The sentence, as the law has it.
        public let quote: String
        public let source: String
        public let read: Day
    }

    /// The last day to answer what was received on `received`.
    ///
    /// The same-numbered day `months` later or the last of that month; a Saturday or Sunday rolls to Monday
    /// (Regulation (EEC, Euratom) 1182/71, Art. 3(2)(c) and 3(4)). Public holidays are not considered.
    public func answerBy(receivedOn received: Day) -> Day {
        var day = received.adding(months: answer.months)
        while day.weekday.isWeekend { day = day.adding(days: 1) }
        return day
    }

    public static func named(_ id: String) -> Regime? { all.first { $0.id == id } }

    /// The one a person in `country` has without saying so.
    public static func usual(for country: CountryCode?) -> Regime { country?.description == "GB" ? ukGDPR : gdpr }

    public static let all = [gdpr, ukGDPR]

    public static let gdpr = Regime(
        id: "gdpr", name: "EU General Data Protection Regulation",
        articles: [.access: "Art. 15 GDPR", .erasure: "Art. 17 GDPR"],
        answer: AnswerRule(
            months: 1, citation: "Art. 12(3) GDPR",
            quote: "The controller shall provide information on action taken on a request under Articles 15 to 22 to the data "
                + "subject without undue delay and in any event within one month of receipt of the request.",
            source: "https://eur-lex.europa.eu/eli/reg/2016/679/oj", read: Day(year: 2026, month: 11, day: 23)!))

    public static let ukGDPR = Regime(
        id: "uk-gdpr", name: "UK General Data Protection Regulation",
        articles: [.access: "Art. 15 UK GDPR", .erasure: "Art. 17 UK GDPR"],
        answer: AnswerRule(
            months: 1, citation: "Art. 12(3) and 12A UK GDPR",
            quote:
                "The controller shall provide information on action taken on a request made under or by virtue of Articles 15 to 22D "
                + "to the data subject without undue delay and in any event before the end of the applicable time period "
                + "(see Article 12A).",
            source: "https://www.legislation.gov.uk/eur/2016/679/chapter/III/section/1",
            read: Day(year: 2026, month: 11, day: 23)!))
}
