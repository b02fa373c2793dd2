// Reads one case a line from stdin, writes its deadline a line to stdout. For Tests/Interop/test_deadlines.py alone.

import VRMBundle
import VRMExchange
import VRMModel

func day(_ value: JSONValue?) -> Day? { value?.string.flatMap { Day($0) } }

func event(_ json: JSONObject) -> RequestEvent? {
    guard let kind = json["kind"]?.string.flatMap({ RequestEvent.Kind(rawValue: $0) }), let on = day(json["on"]) else {
        return nil
    }
    return RequestEvent(
        kind, on: on, until: day(json["until"]), reason: json["reason"]?.string.map { Private($0) },
        about: json["about"]?.string.flatMap { Clarification(rawValue: $0) } ?? .identity,
        isContested: json["contested"]?.bool ?? false, recorded: Instant("2100-01-01T00:00:00Z")!)
}

func answer(_ json: JSONObject) throws -> JSONValue {
    let events = (json["events"]?.array ?? []).compactMap { $0.object.flatMap(event) }
    guard events.count == json["events"]?.array?.count, let made = events.first?.day,
        let regime = json["regime"]?.string.flatMap({ LawBook.shipped.regime($0) }),
        let kind = json["kind"]?.string.flatMap({ RequestKind(rawValue: $0) })
    else { return ["error": "not a case"] }
    let place = json["country"]?.string.flatMap { CountryCode($0) }.map { Place(country: $0, region: json["region"]?.string) }
    let history = try RequestHistory(made: made, events)
    let deadline = regime.deadline(for: kind, history, holidays: LawBook.shipped.holidays, at: place)
    return [
        "answer_by": JSONValue(deadline?.answerBy.description), "acknowledge_by": JSONValue(deadline?.acknowledgeBy?.description),
        "stopped_since": JSONValue(deadline?.stoppedSince?.description), "caveats": .integer(deadline?.caveats.count ?? 0),
    ]
}

while let line = readLine() {
    guard let json = try JSONParser.parse(Array(line.utf8)).object else { continue }
    print(try answer(json).text)
}
