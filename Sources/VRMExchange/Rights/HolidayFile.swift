import VRMBundle
import VRMModel

/// The table of public holidays as scripts/make-holidays writes it: schemas/holidays.schema.json.
enum HolidayFile {
    static func read(_ bytes: [UInt8]) throws -> Holidays {
        let json = try RegimeFile.object(JSONParser.parse(bytes), "holidays")
        guard let first = json["first_year"]?.integer, let last = json["last_year"]?.integer, first <= last else {
            throw RegimeFile.Broken(what: "first_year")
        }
        var countries: [CountryCode: Holidays.Country] = [:]
        for member in try RegimeFile.object(json["countries"], "countries").members {
            let country = try RegimeFile.object(member.value, member.name)
            var regions: [String: Set<Day>] = [:]
            for region in country["regions"]?.object?.members ?? [] { regions[region.name] = try days(region.value) }
            countries[try RegimeFile.word(CountryCode(member.name), member.name)] = Holidays.Country(
                days: try days(country["days"]), regions: regions, withoutRegion: try country["without_region"].map(days) ?? [])
        }
        return Holidays(years: Int(first)...Int(last), countries: countries)
    }

    /// `{"2027": "0101 0326"}`
    private static func days(_ value: JSONValue?) throws -> Set<Day> {
        var days: Set<Day> = []
        for year in try RegimeFile.object(value, "days").members {
            for text in try RegimeFile.word(year.value.string, year.name).split(separator: " ") {
                guard text.utf8.count == 4, let day = Day("\(year.name)-\(text.prefix(2))-\(text.suffix(2))") else {
                    throw RegimeFile.Broken(what: year.name)
                }
                days.insert(day)
            }
        }
        return days
    }
}
