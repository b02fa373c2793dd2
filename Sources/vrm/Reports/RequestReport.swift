import VRMBundle
import VRMModel
import VRMTerminal

/// How rights requests are shown.
enum RequestReport {
    static func json(_ request: RightsRequest, _ company: Domain, at now: Instant, files: [String]? = nil) -> JSONValue {
        .members(
            ("id", .string(request.id.description)), ("kind", .string(request.kind.rawValue)),
            ("company", .string(company.description)),
            ("regime", .string(request.regime)), ("language", .string(request.language.description)),
            ("state", .string(request.state(on: now.day).rawValue)), ("made", .string(request.made.description)),
            ("sent", JSONValue(request.sent?.description)), ("answer_by", .string(request.answerBy.description)),
            ("identified_by", .array(request.identifiedBy.map { .string($0.name.description) })),
            ("files", files.map { .array($0.map { .string($0) }) }))
    }
}
