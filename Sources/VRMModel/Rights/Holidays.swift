/// Where a company is, as far as public holidays go.
public struct Place: Hashable, Sendable {
    public let country: CountryCode
    /// The second part of an ISO 3166-2 code: `BY` of `DE-BY`.
    public let region: String?

    public init(country: CountryCode, region: String? = nil) {
        self.country = country
        self.region = region
    }
}

/// The public holidays of some countries and regions in some years.
public struct Holidays: Sendable {
    /// The first and last year known; outside nothing is.
    public let years: ClosedRange<Int>
    public let countries: [CountryCode: Country]

    public struct Country: Hashable, Sendable {
        /// Everywhere in the country.
        public let days: Set<Day>
        /// By region, what is added there.
        public let regions: [String: Set<Day>]
        /// Added where no region is named, because the country keeps days that not all of its regions do.
        public let withoutRegion: Set<Day>

        public init(days: Set<Day>, regions: [String: Set<Day>], withoutRegion: Set<Day> = []) {
            self.days = days
            self.regions = regions
            self.withoutRegion = withoutRegion
        }
    }

    public init(years: ClosedRange<Int>, countries: [CountryCode: Country]) {
        self.years = years
        self.countries = countries
    }

    /// Knows no holiday of any place.
    public static let none = Holidays(years: 1...1, countries: [:])
}

/// What a deadline could not consider. It may then be later than was computed, never earlier.
public enum DeadlineCaveat: Hashable, Sendable {
    /// It is not known where the company is.
    case countryUnknown
    /// The holidays of its country are not known.
    case countryNotCovered(CountryCode)
    /// A day that mattered is a holiday in some of the country's regions, and the company's region is not known.
    case regionUnknown(CountryCode)
    /// The table of holidays ends with this year, or begins with it.
    case beyondHolidays(years: ClosedRange<Int>)
}

/// Tells working days from free ones in one place, and remembers what it did not know.
struct WorkingDays {
    /// Why a day is free.
    typealias Freedom = DeadlineStep.Freedom

    let weekdays: Set<Weekday>
    private let country: Holidays.Country?
    private let place: Place?
    private let years: ClosedRange<Int>
    private let unknown: DeadlineCaveat?
    private(set) var caveats: Set<DeadlineCaveat> = []

    /// - Parameter holidays: Nil where the law does not look at them.
    init(weekdays: Set<Weekday>, holidays: Holidays?, in place: Place?) {
        self.weekdays = weekdays
        years = holidays?.years ?? 1...9999
        let country = place.flatMap { holidays?.countries[$0.country] }
        self.country = country
        self.place = place
        unknown = holidays == nil || country != nil ? nil : place.map { .countryNotCovered($0.country) } ?? .countryUnknown
    }

    /// Nil on a working day, as far as is known.
    mutating func freedom(of day: Day) -> Freedom? {
        if weekdays.contains(day.weekday) { return .weekend(day.weekday) }
        if let unknown { caveats.insert(unknown) }
        guard let country else { return nil }
        guard years.contains(day.components.year) else {
            caveats.insert(.beyondHolidays(years: years))
            return nil
        }
        if country.days.contains(day) { return .publicHoliday }
        if let region = place?.region, let days = country.regions[region] { return days.contains(day) ? .publicHoliday : nil }
        if country.withoutRegion.contains(day) { return .publicHoliday }
        if let place, country.regions.values.contains(where: { $0.contains(day) }) {
            caveats.insert(.regionUnknown(place.country))
        }
        return nil
    }
}
