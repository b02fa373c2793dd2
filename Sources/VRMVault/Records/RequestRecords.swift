import VRMBundle
import VRMModel

extension RightsRequest: Record {
    static var recordKind: RecordKind { .request }
    var title: String { kind.rawValue }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("kind", .string(kind.rawValue)), ("regime", .string(regime)),
            ("lang", .string(language.description)), ("made", .integer(made.seconds)),
            (
                "identified_by",
                .array(
                    identifiedBy.map {
                        .object(
                            JSONObject(present: [("name", .string($0.name.description)), ("version", JSONValue($0.version))]))
                    })
            ),
            ("bundle", .string(bundle.description)), ("letter", .string(letter.description)),
            ("sent", isPlainlySent ? JSONValue(sent) : nil),
            ("events", isPlainlySent || history.events.isEmpty ? nil : .array(history.asWritten.map(\.json))),
            (
                "answer_by",
                answerBy.map { ["day": .string($0.day.description), "reason": .string($0.reason.revealed)] }
            ),
            ("command", command == RightsRequest.usualCommand ? JSONValue?.none : .string(command)),
            ("grants", grants.isEmpty ? JSONValue?.none : .texts(grants.map(\.description))),
            ("corrections", corrections.isEmpty ? JSONValue?.none : .array(corrections.map(\.json))),
            ("told", told.isEmpty ? JSONValue?.none : .texts(told.map(\.description))),
        ])
    }

    /// Whether nothing is known but the day it left: that is kept as it was before there were events.
    private var isPlainlySent: Bool {
        guard let only = history.events.first, history.events.count == 1 else { return false }
        return only == RightsRequest.sending(on: only.day, made: made)
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        var identifiers: [Identifier] = []
        for entry in try json.objects("identified_by") {
            identifiers.append(
                Identifier(name: try entry.parse("name") { DataItemName($0) }, version: try entry.optionalRecord("version")))
        }
        let made = try json.instant("made")
        var events: [RequestEvent] = []
        if let sent = try json.optionalDay("sent") { events.append(RightsRequest.sending(on: sent, made: made)) }
        for entry in try json.objects("events") { events.append(try RequestEvent(entry)) }
        var answerBy: DeadlineOverride?
        if let object = json["answer_by"]?.object {
            let reason = Private(try object.text("reason"))
            answerBy = DeadlineOverride(try object.parse("day") { Day($0) }, reason: reason)
        }
        let parts = (
            relationship: try json.record("relationship"), kind: try json.parse("kind") { RequestKind(rawValue: $0) },
            regime: try json.text("regime"), language: try json.parse("lang") { LanguageCode($0) },
            bundle: try json.record("bundle"), letter: try json.record("letter")
        )
        do throws(RequestRefusal) {
            try self.init(
                id: id, relationship: parts.relationship, kind: parts.kind, regime: parts.regime, language: parts.language,
                made: made, identifiedBy: identifiers, bundle: parts.bundle, letter: parts.letter, events: events,
                answerBy: answerBy)
        } catch {
            throw .damaged(.row)
        }
        command = json["command"]?.string ?? RightsRequest.usualCommand
        grants = json.texts("grants").compactMap { RecordID($0) }
        for entry in try json.objects("corrections") { corrections.append(try Correction(entry)) }
        told = json.texts("told").compactMap { RecordID($0) }
    }
}

extension RightsRequest.Correction {
    var json: JSONValue {
        let before: (String, JSONValue?) =
            switch old {
            case .unknown: ("old", JSONValue?.none)
            case .another: ("other", .bool(true))
            case .version(let id): ("old", .string(id.description))
            }
        return .object(
            JSONObject(present: [("name", .string(name.description)), before, ("new", .string(new.description))]))
    }

    init(_ json: JSONObject) throws(VaultFailure) {
        let version = try json.optionalRecord("old")
        self.init(
            name: try json.parse("name") { DataItemName($0) },
            old: version.map { .version($0) } ?? (json["other"]?.bool == true ? .another : .unknown),
            new: try json.record("new"))
    }
}

extension RequestEvent {
    var json: JSONValue {
        .object(
            JSONObject(present: [
                ("event", .string(kind.rawValue)), ("on", JSONValue(day)), ("recorded", .integer(recorded.seconds)),
                ("until", JSONValue(until)), ("reason", .optional(reason?.revealed)),
                ("about", about == .identity ? nil : .string(about.rawValue)), ("contested", isContested ? true : nil),
                ("actor", actor == kind.usualActor ? nil : .string(actor.rawValue)),
                ("evidence", evidence.map { JSONValue($0) }), ("follow_up", JSONValue(followUp)),
                ("receipt", JSONValue(receipt)),
            ]))
    }

    init(_ json: JSONObject) throws(VaultFailure) {
        self.init(
            try json.parse("event") { Kind(rawValue: $0) }, on: try json.parse("on") { Day($0) },
            until: try json.optionalDay("until"), reason: json["reason"]?.string.map { Private($0) },
            about: json["about"] == nil ? .identity : try json.parse("about") { Clarification(rawValue: $0) },
            isContested: json["contested"]?.bool ?? false,
            actor: json["actor"] == nil ? nil : try json.parse("actor") { Actor(rawValue: $0) },
            evidence: json["evidence"] == nil ? nil : try json.bytes("evidence"),
            followUp: try json.optionalRecord("follow_up"), receipt: try json.optionalRecord("receipt"),
            recorded: try json.instant("recorded"))
    }
}

extension FollowUp: Record {
    static var recordKind: RecordKind { .followUp }
    var title: String { kind.rawValue }

    var json: JSONObject {
        JSONObject(present: [
            ("relationship", .string(relationship.description)), ("request", .string(request.description)),
            ("kind", .string(kind.rawValue)), ("made", .integer(made.seconds)), ("letter", .string(letter.description)),
            ("bundle", .string(bundle.description)), ("sent", JSONValue(sent)),
        ])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(
            id: id, relationship: try json.record("relationship"), request: try json.record("request"),
            kind: try json.parse("kind") { Kind(rawValue: $0) }, made: try json.instant("made"),
            letter: try json.record("letter"), bundle: try json.record("bundle"), sent: try json.optionalDay("sent"))
    }
}
