import VRMExchange
import VRMModel
import VRMVault

/// A deadline in words: every step that was taken to it, what could not be considered, and by which rule.
struct DeadlineWords {
    let deadline: Deadline
    let request: RightsRequest

    private var regime: Regime? { LawBook.shipped.regime(request.regime) }

    /// Sentences without full stops, for the day an answer is due.
    var answer: [String] {
        deadline.steps.map(words) + caveats + [notAdvice(rules)]
    }

    /// What the day could not consider.
    var caveats: [String] { deadline.caveats.map(words).sorted() }

    /// The rules that were asked on the way to the day, the answer's first.
    private var rules: [Citation] {
        var rules = [regime?.answer(to: request.kind)?.citation]
        for step in deadline.steps {
            switch step {
            case .stoodStill, .restarted, .standsStill, .keptRunning: rules.append(regime?.clock.citation)
            case .extended, .notExtended: rules.append(regime?.extensions?.citation)
            case .rolled: rules.append(regime?.rollOver?.citation)
            case .rule, .started, .counted, .overridden: break
            }
        }
        var told: [Citation] = []
        for case let rule? in rules where !told.contains(where: { $0.article == rule.article && $0.source == rule.source }) {
            told.append(rule)
        }
        return told
    }

    /// The same for the day receipt is to be acknowledged.
    var acknowledgement: [String] {
        guard let rule = regime?.acknowledgement else { return [] }
        let starts = deadline.steps.filter { if case .started = $0 { true } else { false } }
        return ["\(rule.citation.article): receipt is acknowledged within \(words(rule.period))"] + starts.map(words)
            + caveats + [notAdvice([rule.citation])]
    }

    private func notAdvice(_ rules: [Citation]) -> String {
        let sources = rules.map {
            "\($0.article), read on \($0.read) at \($0.source)\($0.secondary.map { " (\($0))" } ?? "")"
        }
        let told = sources.isEmpty ? "" : ", \(sources.joined(separator: "; "))"
        return "not legal advice; computed by rule \(request.regime)\(told)"
    }

    private func words(_ period: Period) -> String {
        switch period {
        case .months(let n): n == 1 ? "one month" : "\(n) months"
        case .days(let n): n == 1 ? "one day" : "\(n) days"
        case .businessDays(let n): "\(n) business days"
        }
    }

    private func words(_ about: Clarification) -> String {
        switch about {
        case .identity: "who you are"
        case .scope: "what you ask for"
        }
    }

    private func words(_ step: DeadlineStep) -> String {
        switch step {
        case .rule(let rule):
            let from = rule.countsFrom == .receipt ? "receipt" : "sending"
            return rule.isBinding
                ? "\(rule.citation.article): \(words(rule.period)) from \(from)"
                : "\(rule.citation.article) names no period for this; \(words(rule.period)) are only what was asked for"
        case .started(let day, .received): return "received on \(day), as there is proof"
        case .started(let day, .presumedReceived): return "sent on \(day) and presumed received that day; there is no proof of it"
        case .started(let day, .sent): return "sent on \(day), from where the period counts"
        case .started(let day, .notSent): return "not sent yet; counted as if it left on \(day)"
        case .counted(let period, let day): return "that day is not counted, so the period of \(words(period)) ends on \(day)"
        case .stoodStill(let from, let to, let days, let about):
            return "it stood still for \(days) days, from \(from) to \(to), until it was clear \(words(about))"
        case .restarted(let day, let about): return "it began again on \(day), when it was clear \(words(about))"
        case .standsStill(let since, let about):
            return "it stands still since \(since), until you tell them \(words(about)); the time from then on is left out here"
        case .keptRunning(let asked, let why): return "their question of \(asked) did not stop it: \(words(why))"
        case .extended(let announced, let to, let isShortened):
            return "extended to \(to) by their notice of \(announced)"
                + (isShortened ? "; they named a later day, the law allows no more" : "")
        case .notExtended(let announced, let why): return "their notice of \(announced) did not extend it: \(words(why))"
        case .rolled(let from, let to, let over): return "\(from) is \(words(over)), so it ends on \(to)"
        case .overridden(let from, let to, let reason):
            return "you set \(to) instead of \(from): \(reason.revealed)"
        }
    }

    private func words(_ why: DeadlineStep.KeptRunning) -> String {
        switch why {
        case .notInThisLaw: "this law has no such pause"
        case .askedTooLate: "it came after the period was over"
        case .contested: "you contest it"
        }
    }

    private func words(_ why: DeadlineStep.NotExtended) -> String {
        switch why {
        case .notInThisLaw: "this law has no extension"
        case .tooLate: "it came too late"
        case .noReasons: "it gave no reasons"
        case .noDay: "it named no day"
        case .onlyOnce: "it was extended already"
        case .contested: "you contest it"
        }
    }

    private func words(_ over: [DeadlineStep.Freedom]) -> String {
        let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        let days = over.map { freedom in
            switch freedom {
            case .weekend(let weekday): "a \(weekdays[weekday.rawValue])"
            case .publicHoliday: "a public holiday"
            }
        }
        return days.joined(separator: ", then ")
    }

    private func words(_ caveat: DeadlineCaveat) -> String {
        switch caveat {
        case .countryUnknown:
            "it is not known where the company is, so no public holiday was considered; the day can be later (vrm company edit --country)"
        case .countryNotCovered(let country):
            "the public holidays of \(country) are not known here and were not considered; the day can be later"
        case .regionUnknown(let country):
            "a day on the way is a holiday in parts of \(country) only; the day can be later (vrm company edit --region)"
        case .beyondHolidays(let years):
            "the table of public holidays here has only the years \(years.lowerBound) to \(years.upperBound), so none was considered beyond; the day can be later"
        }
    }
}
