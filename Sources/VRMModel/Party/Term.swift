/// A length of time as contracts name it: `30d`, `24m`, `1y`.
public struct Term: Hashable, Sendable, LosslessStringConvertible {
    public enum Unit: Character, Sendable, CaseIterable {
        case days = "d"
        case months = "m"
        case years = "y"

        /// A hundred years: what is longer was mistyped.
        var most: Int {
            switch self {
            case .days: 36_525
            case .months: 1200
            case .years: 100
            }
        }
    }

    public let count: Int
    public let unit: Unit

    /// Nil unless it is 1 to 36525 days, 1200 months or 100 years.
    public init?(_ count: Int, _ unit: Unit) {
        guard (1...unit.most).contains(count) else { return nil }
        self.count = count
        self.unit = unit
    }

    public init?(_ text: String) {
        guard let unit = text.last.flatMap({ Unit(rawValue: $0) }), text.utf8.count <= 6, text.first != "+", text.first != "0",
            let count = Int(text.dropLast())
        else { return nil }
        self.init(count, unit)
    }

    public var description: String { "\(count)\(unit.rawValue)" }

    var days: Int { unit == .days ? count : 0 }

    var months: Int {
        switch unit {
        case .days: 0
        case .months: count
        case .years: 12 * count
        }
    }
}

extension Day {
    /// `times` terms later: whole months first, with the last-day rule of ``adding(months:)``, then days. Never month by
    /// month: 31 January and two months is 31 March.
    func adding(_ term: Term, times: Int = 1) -> Day { adding(months: term.months * times).adding(days: term.days * times) }
}
