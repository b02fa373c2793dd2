import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal

/// How rights requests are shown.
enum RequestReport {
    /// Nil when the request is under a law that this program does not have.
    static func deadline(of request: RightsRequest, _ company: Company) -> Deadline? {
        LawBook.shipped.deadline(of: request, at: company.place)
    }

    /// Where the period stands, as the letter cites it.
    static func citation(of request: RightsRequest) -> String {
        LawBook.shipped.regime(request.regime)?.answer(to: request.kind)?.citation.article ?? request.regime
    }

    static func json(_ event: RequestEvent) -> JSONValue {
        .members(
            ("event", .string(event.kind.rawValue)), ("on", .string(event.day.description)),
            ("recorded", .string(event.recorded.description)), ("until", JSONValue(event.until?.description)),
            ("reason", JSONValue(event.reason?.revealed)),
            ("about", event.kind == .identityRequested ? .string(event.about.rawValue) : nil),
            ("contested", .bool(event.isContested)), ("actor", .string(event.actor.rawValue)),
            ("evidence", JSONValue(event.evidence?.hex)), ("signed", .bool(event.receipt != nil)),
            ("letter", JSONValue(event.followUp?.description)))
    }

    static func json(_ letter: FollowUp) -> JSONValue {
        .members(
            ("id", .string(letter.id.description)), ("kind", .string(letter.kind.rawValue)),
            ("made", .string(letter.made.description)), ("sent", JSONValue(letter.sent?.description)))
    }

    /// An event as a line.
    static func line(_ event: RequestEvent) -> String {
        "\(event.day)  \(event.kind.rawValue)" + (event.until.map { " until \($0)" } ?? "")
            + (event.receipt == nil ? "" : ", signed by the company") + (event.isContested ? ", contested" : "")
            + (event.reason.map { ": \(printable($0.revealed))" } ?? "")
    }

    static func json(_ request: RightsRequest, _ company: Company, at now: Instant, files: [String]? = nil) -> JSONValue {
        let deadline = deadline(of: request, company)
        return .members(
            ("id", .string(request.id.description)), ("kind", .string(request.kind.rawValue)),
            ("company", .string(company.domain.description)),
            ("regime", .string(request.regime)), ("language", .string(request.language.description)),
            ("state", .string(request.standing(on: now.day, deadline).description)),
            ("made", .string(request.made.description)),
            ("sent", JSONValue(request.sent?.description)), ("answer_by", JSONValue(deadline?.answerBy.description)),
            ("identified_by", .array(request.identifiedBy.map { .string($0.name.description) })),
            ("files", files.map { .array($0.map { .string($0) }) }))
    }
}
