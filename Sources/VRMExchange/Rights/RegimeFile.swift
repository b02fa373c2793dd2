import VRMBundle
import VRMModel

/// A regime as a file has it: schemas/regime.schema.json.
enum RegimeFile {
    /// A file of this program that is not as its schema says. Names the member, or a word that is none.
    struct Broken: Error, Equatable { let what: String }

    static func read(_ bytes: [UInt8]) throws -> Regime {
        let json = try object(JSONParser.parse(bytes), "regime")
        let rights = try object(json["rights"], "rights")
        var articles: [RequestKind: String] = [:]
        for member in try object(rights["kinds"], "rights.kinds").members {
            let right = try object(member.value, "rights.kinds.\(member.name)")
            guard let kind = RequestKind(rawValue: member.name), try text(right, "exercise") == kind.exercise else {
                throw Broken(what: member.name)
            }
            articles[kind] = try text(right, "article")
        }
        let regime = Regime(
            id: try text(json, "id"), name: try text(json, "name"),
            countries: Set(try texts(json, "countries").map { try word(CountryCode($0), $0) }), articles: articles,
            rights: try citation(rights), answers: try objects(json, "answer").map(answer),
            acknowledgement: try optional(json, "acknowledgement").map { rule in
                Regime.AcknowledgementRule(
                    kinds: try kinds(rule), period: try period(rule, "period"), citation: try citation(rule))
            },
            extensions: try optional(json, "extension").map(extend), clock: try clock(object(json["clock"], "clock")),
            rollOver: try optional(json, "roll_over").map(rollOver),
            holidayPlace: try json["holidays_of"]?.string.map { try word(Place(code: $0), $0) },
            complaint: try complaint(object(json["complaint"], "complaint")))
        // A kind without its rule would be known and have no deadline.
        guard Set(regime.answers.flatMap(\.kinds)) == Set(articles.keys) else { throw Broken(what: "answer") }
        return regime
    }

    // MARK: Its rules

    private static func answer(_ json: JSONObject) throws -> Regime.AnswerRule {
        let start = try text(json, "counts_from")
        return Regime.AnswerRule(
            kinds: try kinds(json), period: try period(json, "period"),
            countsFrom: try word(Regime.AnswerRule.Start(rawValue: start), start), isBinding: try flag(json, "binding"),
            citation: try citation(json))
    }

    private static func extend(_ json: JSONObject) throws -> Regime.ExtensionRule {
        Regime.ExtensionRule(
            kinds: try kinds(json), total: json["total"] == nil ? nil : try period(json, "total"),
            needsReasons: try flag(json, "needs_reasons"), notice: json["notice"] == nil ? nil : try period(json, "notice"),
            citation: try citation(json))
    }

    private static func clock(_ json: JSONObject) throws -> Regime.ClockRule {
        func effect(_ name: String) throws -> Regime.ClockRule.Effect {
            let text = try text(json, name)
            return try word(Regime.ClockRule.Effect(rawValue: text), text)
        }
        return Regime.ClockRule(
            identity: try effect("identity"), scope: try effect("scope"),
            scopeKinds: json["scope_kinds"] == nil ? nil : try kinds(json, "scope_kinds"), citation: try citation(json))
    }

    private static func rollOver(_ json: JSONObject) throws -> Regime.RollOver {
        let weekdays: [String: Weekday] = ["saturday": .saturday, "sunday": .sunday]
        return Regime.RollOver(
            weekdays: Set(try texts(json, "weekdays").map { try word(weekdays[$0], $0) }),
            holidays: try flag(json, "public_holidays"), citation: try citation(json))
    }

    private static func complaint(_ json: JSONObject) throws -> Regime.ComplaintRoute {
        Regime.ComplaintRoute(
            steps: try texts(json, "steps").map { try word(Regime.ComplaintRoute.Step(rawValue: $0), $0) },
            authority: try text(json, "authority"),
            languages: json["languages"] == nil ? [] : try texts(json, "languages").map { try word(LanguageCode($0), $0) },
            citation: try citation(json),
            filing: try optional(json, "filing").map { filing in
                Regime.ComplaintRoute.Filing(words: try text(filing, "words"), citation: try citation(filing))
            })
    }

    private static func citation(_ json: JSONObject) throws -> Citation {
        let json = try object(json["citation"], "citation")
        let read = try text(json, "read")
        return Citation(
            article: try text(json, "article"), quote: try text(json, "quote"), source: try text(json, "source"),
            read: try word(Day(read), read), secondary: json["secondary"]?.string)
    }

    private static func period(_ json: JSONObject, _ name: String) throws -> Period {
        let period = try object(json[name], name)
        guard period.members.count == 1, let member = period.members.first, let count = member.value.integer,
            (1...1000).contains(count)
        else { throw Broken(what: name) }
        switch member.name {
        case "months": return .months(Int(count))
        case "days": return .days(Int(count))
        case "business_days": return .businessDays(Int(count))
        default: throw Broken(what: member.name)
        }
    }

    private static func kinds(_ json: JSONObject, _ name: String = "kinds") throws -> Set<RequestKind> {
        Set(try texts(json, name).map { try word(RequestKind(rawValue: $0), $0) })
    }

    // MARK: Members

    static func object(_ value: JSONValue?, _ name: String) throws -> JSONObject { try word(value?.object, name) }

    static func text(_ json: JSONObject, _ name: String) throws -> String { try word(json[name]?.string, name) }

    private static func texts(_ json: JSONObject, _ name: String) throws -> [String] {
        try word(json[name]?.array, name).map { try word($0.string, name) }
    }

    private static func objects(_ json: JSONObject, _ name: String) throws -> [JSONObject] {
        try word(json[name]?.array, name).map { try object($0, name) }
    }

    private static func optional(_ json: JSONObject, _ name: String) throws -> JSONObject? {
        try json[name].map { try object($0, name) }
    }

    private static func flag(_ json: JSONObject, _ name: String) throws -> Bool { try word(json[name]?.bool, name) }

    static func word<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw Broken(what: what) }
        return value
    }
}

extension Place {
    /// Reads an ISO 3166 code: `DE`, `DE-BY`.
    init?(code: String) {
        let parts = code.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, let country = CountryCode(String(parts[0])), parts.last?.isEmpty == false else { return nil }
        self.init(country: country, region: parts.count == 2 ? String(parts[1]) : nil)
    }
}
