/// A calendar day in UTC, proleptic Gregorian. Written `YYYY-MM-DD`.
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let number: Int

    public init(number: Int) { self.number = number }

    /// Nil when there is no such day (2027-02-29) or the year is outside 1…9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            day >= 1, day <= Day.length(ofMonth: month, in: year)
        else { return nil }
        // Count from 1 March, so that the leap day is the last of its year.
        let y = month > 2 ? year : year - 1
        let fromMarch = (month + 9) % 12
        let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * fromMarch + 2) / 5 + day - 1
        number = days - 719_468
    }

    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }

    /// 00:00:00 UTC of this day.
    public var start: Instant { Instant(seconds: Int64(number) * 86_400) }

    public func adding(days: Int) -> Day { Day(number: number + days) }

    /// The same-numbered day `months` later, or the last day of that month when it has none
    /// (Regulation (EEC, Euratom) 1182/71, Art. 3(2)(c)).
    public func adding(months: Int) -> Day {
        let c = components
        let total = c.year * 12 + (c.month - 1) + months
        let (year, month) = (total / 12, total % 12 + 1)
        let day = min(c.day, Day.length(ofMonth: month, in: year))
        return Day(year: year, month: month, day: day) ?? self
    }

    /// The last day of its month.
    public var monthsEnd: Day {
        let c = components
        return adding(days: Day.length(ofMonth: c.month, in: c.year) - c.day)
    }

    public var weekday: Weekday {
        Weekday(rawValue: (number + 3) - (number + 3).floorDivided(by: 7) * 7) ?? .monday
    }

    public var components: (year: Int, month: Int, day: Int) {
        let z = number + 719_468
        let era = z.floorDivided(by: 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

public enum Weekday: Int, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    public var isWeekend: Bool { self == .saturday || self == .sunday }
}

extension Day: LosslessStringConvertible {
    public var description: String {
        let c = components
        let year = String(c.year)
        return String(repeating: "0", count: max(0, 4 - year.count)) + year + "-\(twoDigits(c.month))-\(twoDigits(c.day))"
    }

    public init?(_ text: String) {
        let b = Array(text.utf8)
        guard b.count == 10, b[4] == UInt8(ascii: "-"), b[7] == UInt8(ascii: "-"),
            let year = digits(b[0..<4]), let month = digits(b[5..<7]), let day = digits(b[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
