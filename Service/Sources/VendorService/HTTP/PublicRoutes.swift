import HTTPTypes
import Hummingbird
import NIOCore
import VRMBundle
import VRMModel

/// What persons, and whoever carries their intents, use. `openapi.json` describes it.
struct PublicRoutes {
    let reception: Reception
    let rates: Rates
    let budget: Budget

    func add(to router: Router<ServiceContext>) {
        router.page("/.well-known/jwt-vc-issuer", json(reception.company.issuerDocument))
        router.page("/.well-known/jwks.json", json(reception.company.jwks))
        router.page("/openapi.json", ByteBuffer(bytes: PackageResources.openapi_json))
        router.page("/health", json(["status": "ok"]))
        router.post("/intents") { request, _ in try await take(request, at: .intents) }
        router.post("/bundles") { request, _ in try await take(request, at: .bundles) }
        router.post("/intents/batch") { request, context in try await takeBatch(request, context) }
        router.refuseOthers("/intents", but: .post)
        router.refuseOthers("/bundles", but: .post)
        router.refuseOthers("/intents/batch", but: .post)
    }

    private func json(_ value: JSONValue) -> ByteBuffer { ByteBuffer(bytes: value.bytes) }

    private func take(_ request: Request, at counter: Counter) async throws -> Response {
        let reply = try await budget.using(try request.announced(atMost: counter.cap)) {
            try await reception.take(try await request.bytes(atMost: counter.cap), at: counter)
        }
        switch reply {
        case .refused(let rejection): throw Problem(rejection)
        case .taken(let taken): return .json(.object(taken.json), taken.isReplay ? .ok : .created)
        }
    }

    /// One intent a line, one answer a line in the same order.
    private func takeBatch(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let replies = try await budget.using(try request.announced(atMost: ServiceLimits.batchBytes)) {
            let bytes = try await request.bytes(atMost: ServiceLimits.batchBytes)
            let lines = bytes.split(separator: 10, maxSplits: ServiceLimits.batchLines + 1).map(Array.init)
            guard lines.count <= ServiceLimits.batchLines else {
                throw Problem(.contentTooLarge, "more lines than are taken at once")
            }
            try rates.take(max(0, lines.count - 1), from: rates.name(of: request, from: context.peer))
            return try await reception.take(lines, at: .intents)
        }
        var out: [UInt8] = []
        for (line, reply) in zip(1..., replies) {
            var object = JSONObject([("line", .integer(line))])
            switch reply {
            case .refused(let rejection):
                object["taken"] = false
                object["rule"] = .string(rejection.rule.rawValue)
                object["title"] = .string(rejection.reason)
            case .taken(let taken):
                object["taken"] = true
                for member in taken.json.members { object[member.name] = member.value }
            }
            out += JSONValue.object(object).bytes + [10]
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: out)))
    }
}

extension Reply.Taken {
    var json: JSONObject {
        var object = JSONObject([
            ("id", .string(id)), ("type", .string(type.rawValue)), ("replay", .bool(isReplay)),
            ("key", .string(standing.rawValue)), ("binding", .string(binding.rawValue)), ("ends", .string(ends.description)),
        ])
        object["receipt"] = receipt.flatMap { try? JSONParser.parse(Array($0.utf8)) }
        return object
    }
}

extension Request {
    /// How much will come at most.
    ///
    /// - Throws: A ``Problem`` when the sender announces more than is taken, before a byte of it is read.
    func announced(atMost cap: Int) throws(Problem) -> Int {
        guard let length = headers[.contentLength].flatMap({ Int($0) }) else { return cap }
        guard length <= cap else { throw .tooMuch }
        return length
    }

    func bytes(atMost cap: Int) async throws -> [UInt8] { Array(buffer: try await body.collect(upTo: cap)) }
}

extension Response {
    static func json(_ value: JSONValue, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.bytes)))
    }

    /// A signed file, as it is handed on.
    static func bundle(_ file: String, type: String = "application/vrm-bundle+json", _ status: HTTPResponse.Status = .ok)
        -> Response
    {
        Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: file)))
    }
}

extension Router<ServiceContext> {
    /// JSON that does not change while the service runs.
    func page(_ path: RouterPath, _ buffer: ByteBuffer) {
        get(path) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: buffer))
        }
        refuseOthers(path, but: .get)
    }

    /// Says which methods there are to whoever tries another.
    func refuseOthers(_ path: RouterPath, but allowed: HTTPRequest.Method...) {
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
        for method in methods where !allowed.contains(method) {
            on(path, method: method) { _, _ -> Response in
                var problem = Problem(.methodNotAllowed, "not a method of this page")
                problem.allowed = allowed
                throw problem
            }
        }
    }
}
