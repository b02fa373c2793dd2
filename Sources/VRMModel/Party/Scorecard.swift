/// How one company has dealt with the person, out of the person's own evidence: counts, each with what is counted.
///
/// There is no total. What a kept promise weighs against a late answer is the person's to say.
public struct Scorecard: Hashable, Sendable {
    /// What is counted.
    public enum Measure: String, Sendable, CaseIterable {
        /// Answers to rights requests, in time or not.
        case answers
        /// The person's terms, taken or not.
        case terms
        case promises
        /// Ideas told, acted on or not.
        case ideas
        /// Erasures asked for and said to be done, or not.
        case deletions
        /// The person turned up again: data after an erasure, mail to an address only this company had.
        case again
        /// Others the person sent there, and whether something came of it.
        case referrals

        public var label: String {
            switch self {
            case .answers: "answered in time"
            case .terms: "took my terms"
            case .promises: "kept promises"
            case .ideas: "acted on ideas"
            case .deletions: "deleted when asked"
            case .again: "listed me again"
            case .referrals: "referrals that brought something"
            }
        }
    }

    public enum Verdict: String, Sendable { case good, bad, open }

    /// One thing that happened.
    public struct Reason: Hashable, Sendable {
        public let measure: Measure
        public let verdict: Verdict
        public let on: Day
        /// What it was, in few words; no value.
        public let what: String
        public let record: RecordID

        public init(_ measure: Measure, _ verdict: Verdict, on: Day, _ what: String, record: RecordID) {
            self.measure = measure
            self.verdict = verdict
            self.on = on
            self.what = what
            self.record = record
        }
    }

    public let company: Domain
    public let name: String
    /// The oldest first.
    public let reasons: [Reason]

    public init(company: Domain, name: String, reasons: [Reason]) {
        self.company = company
        self.name = name
        self.reasons = reasons.sorted { ($0.on, $0.measure.rawValue, $0.record) < ($1.on, $1.measure.rawValue, $1.record) }
    }

    public func count(_ measure: Measure, _ verdict: Verdict) -> Int {
        reasons.count { $0.measure == measure && $0.verdict == verdict }
    }
}
