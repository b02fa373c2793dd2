/// The laws a request can be made under, and the public holidays they look at.
public struct LawBook: Sendable {
    public let regimes: [Regime]
    public let holidays: Holidays

    public init(regimes: [Regime], holidays: Holidays) {
        self.regimes = regimes
        self.holidays = holidays
    }

    /// The last day for an answer to a request; nil when the book does not have its law.
    public func deadline(of request: RightsRequest, at place: Place?) -> Deadline? {
        regime(request.regime)?.deadline(
            for: request.kind, request.history, holidays: holidays, at: place, override: request.answerBy)
    }

    public func regime(_ id: String) -> Regime? { regimes.first { $0.id == id } }

    /// The law a person has without saying so: that of their country, else that of the company's.
    ///
    /// The GDPR protects whoever is in the Union, and binds every company there whoever asks (Art. 3). Who says nothing of
    /// either country has the first law of the book. Nil when both are elsewhere.
    public func usual(person: CountryCode?, company: CountryCode?) -> Regime? {
        for country in [person, company].compactMap(\.self) {
            if let regime = regimes.first(where: { $0.countries.contains(country) }) { return regime }
        }
        return person == nil && company == nil ? regimes.first : nil
    }
}
