public import VRMModel

/// Which of a directory's supervisory authorities a complaint goes to.
public enum Authorities {
    /// For companies of one German state, by ISO 3166-2; those for churches, broadcasters and public bodies are left out. The
    /// directory does not say it.
    static let germanStates = [
        "debawueldb": "BW", "debaylda": "BY", "deberlbdi": "BE", "debralda": "BB", "debrelfdi": "HB", "dehmbbfdi": "HH",
        "dehessbdi": "HE", "demvldi": "MV", "dendslfd": "NI", "denrwldi": "NW", "derlpbdi": "RP", "desaarudz": "SL",
        "desaechsdsb": "SN", "desalbd": "ST", "deshuld": "SH", "detlfdi": "TH",
    ]

    /// The authority of the person's country, or else of the company's (Art. 77(1) GDPR: where the person lives, works, or where
    /// it happened); of a German state where the company's is known.
    ///
    /// - Returns: None, one, or those among which only the person can tell.
    public static func fitting(
        _ known: [DirectoryRecord], person: CountryCode?, company: Place?, in regime: Regime
    ) -> [DirectoryRecord] {
        let germany = CountryCode("DE")
        for country in [person, company?.country].compactMap(\.self) where regime.countries.contains(country) {
            var found = known.filter { $0.country == country }
            if country == germany {
                found = found.filter { germanStates[$0.slug] != nil }
                if company?.country == germany, let region = company?.region {
                    found = found.filter { germanStates[$0.slug] == region }
                }
            }
            if !found.isEmpty { return found }
        }
        return []
    }
}
