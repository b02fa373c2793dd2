import HTTPTypes
import Hummingbird
import NIOCore
import VRMBundle

/// An answer that says what went wrong (RFC 9457): a fact in our own words, the rule that was broken, and never a value.
struct Problem: HTTPResponseError {
    let status: HTTPResponse.Status
    let fact: String
    var rule: Rule?
    /// When to come again, in seconds.
    var retryAfter: Int?
    /// The methods there are, for one that is not.
    var allowed: [HTTPRequest.Method] = []

    init(_ status: HTTPResponse.Status, _ fact: String, rule: Rule? = nil, retryAfter: Int? = nil) {
        self.status = status
        self.fact = fact
        self.rule = rule
        self.retryAfter = retryAfter
    }

    init(_ rejection: Rejection) {
        let status: HTTPResponse.Status =
            switch rejection.rule {
            case .shape: rejection == .tooLong ? .contentTooLarge : .badRequest
            case .replay: .conflict
            default: .unprocessableContent
            }
        self.init(status, rejection.reason, rule: rejection.rule)
    }

    static let tooMuch = Problem(.contentTooLarge, "more bytes than are taken here")
    static let busy = Problem(.serviceUnavailable, "too much waits already", retryAfter: 5)
    static let unavailable = Problem(.serviceUnavailable, "the database does not answer", retryAfter: 30)
    static let notAsked = Problem(.unprocessableContent, "the intent does not ask this company")
    static let unknown = Problem(.notFound, "nothing is known under this id")

    var json: JSONValue {
        var object = JSONObject([
            ("title", .string(fact)), ("status", .integer(status.code)),
        ])
        object["rule"] = rule.map { .string($0.rawValue) }
        return .object(object)
    }

    func response(from request: Request, context: some RequestContext) -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if !allowed.isEmpty { headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ") }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}

/// Turns every failure into a ``Problem``, and nothing of what caused it into an answer or a log.
struct Problems: RouterMiddleware {
    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return problem(error).response(from: request, context: context)
        }
    }

    private func problem(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let rejection as Rejection: Problem(rejection)
        case is Busy, is CancellationError: .busy
        case is DatabaseFailure: .unavailable
        case is NIOTooManyBytesError: .tooMuch
        case let error as any HTTPResponseError where error.status == .notFound: Problem(.notFound, "there is no such page")
        case let error as any HTTPResponseError: Problem(error.status, "the request is not understood")
        default: Problem(.internalServerError, "something went wrong here")
        }
    }
}
