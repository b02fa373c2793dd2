/// A deadline while it is worked out.
struct DeadlineComputation {
    private let regime: Regime
    private let kind: RequestKind
    private let rule: Regime.AnswerRule
    /// For the last day of a period in days or months.
    private var rolling: WorkingDays
    /// For business days: no law here says that its Saturdays are any.
    private var business: WorkingDays
    private var steps: [DeadlineStep]
    private var sent: Day?
    private var start: Day
    /// Days the period stood still since ``start``.
    private var pause = 0
    private var asked: (day: Day, about: Clarification, effect: Regime.ClockRule.Effect)?
    private var isExtended = false
    /// What the company promised, when that is sooner than it had to.
    private var promised: Day?

    init(_ regime: Regime, _ kind: RequestKind, _ rule: Regime.AnswerRule, holidays: Holidays, at place: Place?) {
        self.regime = regime
        self.kind = kind
        self.rule = rule
        let place = regime.holidayPlace ?? place
        rolling = WorkingDays(
            weekdays: regime.rollOver?.weekdays ?? [], holidays: regime.rollOver?.holidays == true ? holidays : nil, in: place)
        business = WorkingDays(weekdays: [.saturday, .sunday], holidays: holidays, in: place)
        steps = [.rule(rule)]
        start = Day(number: 0)
    }

    mutating func run(_ history: RequestHistory, _ override: DeadlineOverride?) -> Deadline {
        begin(history)
        steps.append(.counted(rule.period, to: last))
        let begun = start
        let sending = history.events.lastIndex { $0.kind == .sent } ?? history.events.endIndex
        for event in history.events[sending...].prefix(while: { !$0.kind.isAnswer && $0.kind != .withdrawn }) {
            switch event.kind {
            case .identityRequested: ask(event)
            case .identitySupplied: supply(event)
            case .extended: extend(event)
            case .reminded where event.isContested: contest(event)
            default: break
            }
        }
        if let asked { steps.append(.standsStill(since: asked.day, asked.about)) }
        var answerBy = due
        if answerBy != last { steps.append(.rolled(from: last, to: answerBy, over: freedoms(from: last, to: answerBy))) }
        if let override {
            steps.append(.overridden(from: answerBy, to: override.day, reason: override.reason))
            answerBy = override.day
        }
        let acknowledgeBy = acknowledgement(after: begun)
        return Deadline(
            answerBy: answerBy, acknowledgeBy: acknowledgeBy, isBinding: rule.isBinding, stoppedSince: asked?.day, steps: steps,
            caveats: rolling.caveats.union(business.caveats))
    }

    /// The day the period counts from. What bounced was not received: the last sending counts.
    private mutating func begin(_ history: RequestHistory) {
        let begun = history.events.lastIndex { $0.kind == .sent }
        sent = begun.map { history.events[$0].day }
        let received = begun.flatMap { begun in history.events[begun...].first { $0.kind == .received }?.day }
        switch (sent, received, rule.countsFrom) {
        case (nil, _, _): step(history.made, .notSent)
        case (let sent?, _, .sending): step(sent, .sent)
        case (_?, let received?, .receipt): step(received, .received)
        case (let sent?, nil, .receipt): step(sent, .presumedReceived)
        }
    }

    private mutating func step(_ day: Day, _ how: DeadlineStep.Start) {
        start = day
        steps.append(.started(day, how))
    }

    // MARK: Where the period ends

    /// The last day, not rolled over.
    private var last: Day {
        mutating get {
            if let promised { return promised.adding(days: pause) }
            let period = isExtended ? regime.extensions?.total ?? rule.period : rule.period
            return period.end(after: start, &business).adding(days: pause)
        }
    }

    /// The last day, rolled over to a working day. A day the company named is meant as it stands.
    private var due: Day {
        mutating get {
            var day = last
            if promised == nil, regime.rollOver != nil {
                while rolling.freedom(of: day) != nil { day = day.adding(days: 1) }
            }
            return day
        }
    }

    private mutating func freedoms(from first: Day, to end: Day) -> [DeadlineStep.Freedom] {
        (first.number..<end.number).compactMap { rolling.freedom(of: Day(number: $0)) }
    }

    private mutating func acknowledgement(after begun: Day) -> Day? {
        guard let rule = regime.acknowledgement, rule.kinds.contains(kind) else { return nil }
        return rule.period.end(after: begun, &business)
    }

    // MARK: What moves it

    private mutating func ask(_ event: RequestEvent) {
        let effect = regime.clock.effect(of: event.about, on: kind)
        let why: DeadlineStep.KeptRunning? =
            if event.isContested {
                .contested
            } else if effect == .runs {
                .notInThisLaw
            } else if event.day > due {
                .askedTooLate
            } else {
                nil
            }
        if let why {
            steps.append(.keptRunning(asked: event.day, why))
        } else {
            asked = (max(event.day, start), event.about, effect)
        }
    }

    private mutating func supply(_ event: RequestEvent) {
        guard let question = asked else { return }
        asked = nil
        if question.effect == .restarts {
            start = event.day
            pause = 0
            promised = nil
            steps.append(.restarted(on: event.day, question.about))
        } else {
            let days = event.day.number - question.day.number + (question.effect == .pausesBothDays ? 1 : 0)
            pause += days
            steps.append(.stoodStill(from: question.day, to: event.day, days: days, question.about))
        }
        steps.append(.counted(isExtended ? regime.extensions?.total ?? rule.period : rule.period, to: last))
    }

    /// The person says that the question was not owed an answer: then the period ran on.
    private mutating func contest(_ event: RequestEvent) {
        guard let question = asked else { return }
        asked = nil
        steps.append(.keptRunning(asked: question.day, .contested))
    }

    private mutating func extend(_ event: RequestEvent) {
        if let why = refusal(of: event) {
            steps.append(.notExtended(announced: event.day, why))
            return
        }
        let before = last
        isExtended = true
        let longest = last
        if let until = event.until, regime.extensions?.total == nil || until < longest {
            // Never shorter than what the law gives anyway.
            promised = max(until, before).adding(days: -pause)
        }
        steps.append(
            .extended(announced: event.day, to: last, isShortened: promised == nil && event.until.map { $0 > due } ?? false))
    }

    private mutating func refusal(of event: RequestEvent) -> DeadlineStep.NotExtended? {
        guard let rule = regime.extensions, rule.kinds.contains(kind) else { return .notInThisLaw }
        if event.isContested { return .contested }
        if isExtended { return .onlyOnce }
        if rule.needsReasons, event.reason?.revealed.allSatisfy(\.isWhitespace) ?? true { return .noReasons }
        if rule.total == nil, event.until == nil { return .noDay }
        var noticeBy = due
        if let notice = rule.notice {
            noticeBy = notice.end(after: sent ?? start, &business)
            while regime.rollOver != nil, rolling.freedom(of: noticeBy) != nil { noticeBy = noticeBy.adding(days: 1) }
        }
        // While it stands still, it cannot run out.
        return asked == nil && event.day > noticeBy ? .tooLate : nil
    }
}
