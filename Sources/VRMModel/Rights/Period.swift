/// A length of time a law counts in.
public enum Period: Hashable, Sendable {
    /// Calendar months: the same-numbered day, or the last one of a month that has none.
    case months(Int)
    case days(Int)
    /// Days on which offices are open: neither weekend nor public holiday.
    case businessDays(Int)

    /// The last day of the period, counted from `start`, which is not counted.
    func end(after start: Day, _ working: inout WorkingDays) -> Day {
        switch self {
        case .months(let months): return start.adding(months: months)
        case .days(let days): return start.adding(days: days)
        case .businessDays(let days):
            var day = start
            for _ in 0..<days {
                repeat { day = day.adding(days: 1) } while working.freedom(of: day) != nil
            }
            return day
        }
    }
}
