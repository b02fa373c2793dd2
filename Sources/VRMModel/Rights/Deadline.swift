/// The last day for an answer, and how it was found.
public struct Deadline: Hashable, Sendable {
    public let answerBy: Day
    /// The last day to say that the request arrived, where the law has one.
    public let acknowledgeBy: Day?
    /// False when the law names no period and the day is only asked for.
    public let isBinding: Bool
    /// Since when the period stands still, waiting for the person; ``answerBy`` then leaves that time out.
    public let stoppedSince: Day?
    /// In the order they were taken.
    public let steps: [DeadlineStep]
    public let caveats: Set<DeadlineCaveat>
}

/// One step on the way to a deadline. A renderer turns them into words.
public enum DeadlineStep: Hashable, Sendable {
    case rule(Regime.AnswerRule)
    case started(Day, Start)
    case counted(Period, to: Day)
    case stoodStill(from: Day, to: Day, days: Int, Clarification)
    case restarted(on: Day, Clarification)
    case standsStill(since: Day, Clarification)
    case keptRunning(asked: Day, KeptRunning)
    /// `isShortened`: the company named a later day than the law allows.
    case extended(announced: Day, to: Day, isShortened: Bool)
    case notExtended(announced: Day, NotExtended)
    case rolled(from: Day, to: Day, over: [Freedom])
    case overridden(from: Day, to: Day, reason: Private<String>)

    public enum Start: String, Sendable {
        case received
        /// Taken as received on the day it was sent.
        case presumedReceived
        case sent
        /// It was not sent yet; counted as if it left the day it was made.
        case notSent
    }

    /// Why a question did not stop the period.
    public enum KeptRunning: String, Sendable { case notInThisLaw, askedTooLate, contested }

    /// Why an announcement did not extend the period.
    public enum NotExtended: String, Sendable { case notInThisLaw, tooLate, noReasons, noDay, onlyOnce, contested }

    /// Why a day is no working day.
    public enum Freedom: Hashable, Sendable {
        case weekend(Weekday)
        case publicHoliday
    }
}

/// A day the person sets instead of the computed one.
public struct DeadlineOverride: Hashable, Sendable {
    public let day: Day
    public let reason: Private<String>

    /// Nil without a reason.
    public init?(_ day: Day, reason: Private<String>) {
        guard !reason.revealed.allSatisfy(\.isWhitespace) else { return nil }
        self.day = day
        self.reason = reason
    }
}

extension Regime {
    /// The last day for the answer to a request.
    ///
    /// Reads no clock: the same history always gives the same day.
    ///
    /// - Parameter place: Where the company is; its public holidays count where the law looks at them.
    /// - Returns: Nil when the regime does not know this kind of request.
    public func deadline(
        for kind: RequestKind, _ history: RequestHistory, holidays: Holidays, at place: Place?,
        override: DeadlineOverride? = nil
    ) -> Deadline? {
        guard let rule = answer(to: kind) else { return nil }
        var computation = DeadlineComputation(self, kind, rule, holidays: holidays, at: place)
        return computation.run(history, override)
    }
}
