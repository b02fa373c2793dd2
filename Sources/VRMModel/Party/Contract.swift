/// What binds the person to a company, and when it can be ended.
///
/// Where counting forward and counting back disagree (the last day of February), the earlier day is taken: notice that
/// comes too early still counts.
public struct Contract: Hashable, Sendable {
    /// The first day.
    public let start: Day
    /// How long it lasts at least; nil: it has no term, and any day can be its last.
    public let term: Term?
    /// By how much it goes on when nobody ended it; nil: it ends with its term.
    public let renewal: Term?
    /// How long before its end the company must have been told; nil: not at all.
    public let notice: Term?
    /// The last day on which it can be ended as if it had never been.
    public let trialEnds: Day?
    /// The day the person ended it.
    public private(set) var cancelled: Day?

    /// - Parameter today: A start a hundred years before or after it was mistyped.
    /// - Throws: ``ContractRefusal``.
    public init(
        start: Day, term: Term?, renewal: Term?, notice: Term?, trialEnds: Day?, today: Day
    ) throws(ContractRefusal) {
        guard abs(start.number - today.number) <= 36_525 else { throw .startOutOfReach }
        try self.init(start: start, term: term, renewal: renewal, notice: notice, trialEnds: trialEnds)
    }

    /// One that was kept.
    public init(
        start: Day, term: Term?, renewal: Term?, notice: Term?, trialEnds: Day?, cancelled: Day? = nil
    ) throws(ContractRefusal) {
        guard renewal == nil || term != nil else { throw .renewalWithoutTerm }
        if let trialEnds, trialEnds < start { throw .trialBeforeStart(start) }
        self.start = start
        self.term = term
        self.renewal = renewal
        self.notice = notice
        self.trialEnds = trialEnds
        self.cancelled = cancelled
    }

    /// Notes that it was ended.
    ///
    /// - Throws: ``ContractRefusal/inFuture(today:)``, ``ContractRefusal/overAlready(_:)``.
    public mutating func cancel(on day: Day, today: Day) throws(ContractRefusal) {
        guard day <= today else { throw .inFuture(today: today) }
        if case .over(let last) = standing(on: day) { throw .overAlready(last) }
        cancelled = day
    }

    /// How it stands on a day, and what can be done about it.
    public enum Standing: Hashable, Sendable {
        /// Told by `cancelBy`, the company has to let go at once.
        case trial(cancelBy: Day)
        /// Told by `cancelBy`, it ends on `ends`; else it goes on.
        case running(cancelBy: Day, ends: Day)
        /// Told on that day, it ends on `ends`.
        case endless(ends: Day)
        /// It ends by itself.
        case ending(Day)
        case cancelled(ends: Day)
        case over(Day)

        /// The last day to tell the company, where there is one.
        public var cancelBy: Day? {
            switch self {
            case .trial(let day), .running(let day, _): day
            case .endless, .ending, .cancelled, .over: nil
            }
        }

        /// Its last day, as far as it has one.
        public var ends: Day? {
            switch self {
            case .running(_, let day), .endless(let day), .ending(let day), .cancelled(let day), .over(let day): day
            case .trial: nil
            }
        }

        public var word: String {
            switch self {
            case .trial: "trial"
            case .running: "running"
            case .endless: "endless"
            case .ending: "ending"
            case .cancelled: "cancelled"
            case .over: "over"
            }
        }
    }

    public func standing(on today: Day) -> Standing {
        if let cancelled {
            let last = end(toldOn: cancelled)
            return last < today ? .over(last) : .cancelled(ends: last)
        }
        if let trialEnds, today <= trialEnds { return .trial(cancelBy: trialEnds) }
        guard term != nil else { return .endless(ends: end(toldOn: today)) }
        let last = end(toldOn: today)
        guard renewal != nil else { return last < today ? .over(last) : .ending(last) }
        return .running(cancelBy: before(last), ends: last)
    }

    /// Whether it can be ended from `today` through `last`.
    public func canBeCancelled(from today: Day, through last: Day) -> Bool {
        switch standing(on: today) {
        case .trial(let day), .running(let day, _): day <= last
        case .endless: true
        case .ending, .cancelled, .over: false
        }
    }

    // MARK: Counting

    /// The last day of the term and `renewals` renewals, counted from the start in one go.
    private func end(_ term: Term, _ renewals: Int) -> Day {
        let (months, days) = ((renewal?.months ?? 0) * renewals, (renewal?.days ?? 0) * renewals)
        return start.adding(months: term.months + months).adding(days: term.days + days - 1)
    }

    /// The last day on which a company that is to let go on `last` must have been told.
    private func before(_ last: Day) -> Day {
        notice.map { last.adding(months: -$0.months).adding(days: -$0.days) } ?? last
    }

    /// Its last day, when the company is told on `day`.
    private func end(toldOn day: Day) -> Day {
        if let trialEnds, day <= trialEnds { return day }
        guard let term else { return max(start, notice.map { day.adding($0) } ?? day) }
        guard renewal != nil, before(end(term, 0)) < day else { return end(term, 0) }
        // So many are enough even when all their months are short, and months counted back lose a few days.
        let shortest = renewal.map { 28 * $0.months + $0.days } ?? 1
        var (none, enough) = (0, (day.number - before(end(term, 0)).number + 8) / shortest + 1)
        while enough - none > 1 {
            let half = (none + enough) / 2
            if before(end(term, half)) < day { none = half } else { enough = half }
        }
        return end(term, enough)
    }
}

/// Why there is no such contract. Carries days.
public enum ContractRefusal: Error, Equatable {
    /// More than a hundred years from today.
    case startOutOfReach
    case trialBeforeStart(Day)
    /// What has no end is not renewed.
    case renewalWithoutTerm
    case inFuture(today: Day)
    case overAlready(Day)
}
