import Hummingbird
import Logging

/// One line a request: method, route, status. No address, no id, no query, nothing that was sent.
struct Logbook: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        // The route, not the path: a path holds ids. An unknown method could be any text.
        let route = response.status == .notFound && context.endpointPath == "NotFound" ? "-" : context.endpointPath ?? "-"
        let method = ["GET", "HEAD", "POST", "PUT", "DELETE"].contains(request.method.rawValue) ? request.method.rawValue : "-"
        logger.info("\(method) \(route) \(response.status.code)")
        return response
    }
}
