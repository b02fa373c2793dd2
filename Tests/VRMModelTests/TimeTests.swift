import Foundation
import Testing
import VRMModel

@Suite struct TimeTests {
    @Test func `days agree with another calendar for four centuries`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for number in stride(from: -73_000, through: 73_000, by: 1) {
            let day = Day(number: number)
            let other = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            let own = day.components
            #expect(own.year == other.year && own.month == other.month && own.day == other.day, "\(number)")
            #expect(day.weekday.rawValue == ((other.weekday ?? 0) + 5) % 7)
            #expect(Day(day.description) == day)
        }
    }

    /// What nobody has verified yet names any time, and is shown.
    @Test func `a day of any year is written`() throws {
        let (day, fourCenturies) = (try #require(Day("2027-01-05")), 146_097)
        #expect(day.adding(days: 25 * fourCenturies).description == "12027-01-05")
        #expect(day.adding(days: -6 * fourCenturies).description == "-373-01-05")
        for seconds: Int64 in [-9_007_199_254_740_991, 9_007_199_254_740_991] {
            #expect(Instant(seconds: seconds).description.hasSuffix("Z"))
        }
    }

    @Test(arguments: [
        ("2027-01-31", 1, "2027-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2027-03-31", 1, "2027-04-30"),
        ("2027-12-31", 2, "2028-02-29"), ("2027-05-15", 1, "2027-06-15"), ("2027-11-30", 3, "2028-02-29"),
    ])
    func `a month later is the same-numbered day or the last`(_ from: String, _ months: Int, _ to: String) {
        #expect(Day(from)?.adding(months: months) == Day(to))
    }

    @Test(arguments: [
        "2027-02-29", "2027-13-01", "2027-00-10", "27-01-01", "2027-1-1", "2027-01-01T", "0000-01-01", "２０２７-01-01",
    ])
    func `what is no day is refused`(_ text: String) { #expect(Day(text) == nil) }

    @Test(arguments: [
        ("2027-03-01T08:00:00Z", "2027-03-01T08:00:00Z"), ("2027-03-01T08:00:00+02:00", "2027-03-01T06:00:00Z"),
        ("2027-03-01T00:30:00.123-01:30", "2027-03-01T02:00:00Z"), ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
    ])
    func `a time is read with any offset and written in UTC`(_ text: String, _ utc: String) {
        #expect(Instant(text)?.description == utc)
    }

    @Test(arguments: [
        "2027-03-01", "2027-03-01T24:00:00Z", "2027-03-01T08:00:00", "2027-03-01T08:00:60Z", "2027-03-01 08:00:00Z",
        "2027-03-01T08:00:00.Z",
    ])
    func `what is no time is refused`(_ text: String) { #expect(Instant(text) == nil) }
}
