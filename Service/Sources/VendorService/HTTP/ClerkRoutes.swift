import HTTPTypes
import Hummingbird
import VRMBundle
import VRMCrypto
import VRMModel

/// What people at the company use, with a secret: what is open, what has to be answered, and answering it.
struct ClerkRoutes {
    let reception: Reception
    let budget: Budget
    /// What a clerk's program shows with every request.
    let token: [UInt8]

    func add(to router: Router<ServiceContext>) {
        let clerk = router.group("/clerk").add(middleware: Doorkeeper(token: token))
        clerk.get("/intents") { request, _ in try await listIntents(request) }
        clerk.get("/intents/:id") { _, context in
            let id = try context.parameters.require("id")
            return Response.bundle(try await found { try IntentTable(database: $0.database).file(id, at: $0.now) })
        }
        clerk.post("/intents/:id/offers") { request, context in try await offer(request, context) }
        clerk.post("/intents/:id/nonces") { request, context in try await expect(request, context) }
        clerk.get("/bundles") { request, _ in try await listBundles(request) }
        clerk.get("/bundles/:id") { _, context in
            let id = try context.parameters.require("id")
            return Response.bundle(try await found { try BundleTable(database: $0.database).file(id) })
        }
        clerk.post("/bundles/:id/receipts") { request, context in try await answer(request, context) }
        clerk.put("/accounts/:thumbprint") { _, context in try await bind(context) }
        for path: RouterPath in ["/clerk/intents", "/clerk/intents/:id", "/clerk/bundles", "/clerk/bundles/:id"] {
            router.refuseOthers(path, but: .get)
        }
        for path: RouterPath in ["/clerk/intents/:id/offers", "/clerk/intents/:id/nonces", "/clerk/bundles/:id/receipts"] {
            router.refuseOthers(path, but: .post)
        }
        router.refuseOthers("/clerk/accounts/:thumbprint", but: .put)
    }

    private func found(_ look: @escaping @Sendable (Judge) throws -> String?) async throws -> String {
        guard let file = try await reception.read(look) else { throw Problem.unknown }
        return file
    }

    private func listIntents(_ request: Request) async throws -> Response {
        let page = try Page(request)
        let (category, region) = (request.query("category"), request.query("region") ?? "")
        let lines = try await reception.read { judge in
            try IntentTable(database: judge.database).open(
                category: category, region: region, after: page.after, limit: page.limit, at: judge.now)
        }
        return page.answer(
            "intents",
            lines.map { line in
                [
                    "id": .string(line.id), "category": .string(line.category), "region": .string(line.region),
                    "title": .string(line.title), "ends": .string(line.ends.description),
                ]
            }, last: lines.last?.id)
    }

    private func listBundles(_ request: Request) async throws -> Response {
        let page = try Page(request)
        let type = request.query("type")
        let state = try request.query("state").map { text in
            guard let state = BundleTable.State(rawValue: text) else { throw Problem(.badRequest, "no such state") }
            return state
        }
        let lines = try await reception.read { judge in
            try BundleTable(database: judge.database).list(type: type, state: state, after: page.after, limit: page.limit)
        }
        return page.answer(
            "bundles",
            lines.map { line in
                [
                    "id": .string(line.id), "issuer": .string(line.issuer), "type": .string(line.type),
                    "state": .string(line.state), "received": .string(line.received.description),
                    "forgotten": .string(line.forgetAt.description),
                ]
            }, last: lines.last?.id)
    }

    private func offer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let draft = try OfferDraft(try await object(request))
        let sealed = try await reception.write { register in try register.offer(draft, to: id) }
        return .bundle(String(decoding: sealed, as: UTF8.self), type: "application/vrm-sealed+jwe", .created)
    }

    private func expect(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard let nonce = try await object(request)["nonce"]?.string, (16...64).contains(nonce.utf8.count),
            nonce.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else { throw Problem(.badRequest, "nonce is 16 to 64 letters of ASCII") }
        try await reception.write { register in try register.expect(nonce, to: id) }
        return Response(status: .noContent)
    }

    private func answer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let draft = try ReceiptDraft(try await object(request))
        return .bundle(try await reception.write { register in try register.answer(draft, to: id) }, .created)
    }

    private func bind(_ context: ServiceContext) async throws -> Response {
        let name = PairwiseIssuer.prefix + (try context.parameters.require("thumbprint"))
        guard PairwiseIssuer.isName(name) else { throw Problem(.badRequest, "not the thumbprint of a key") }
        try await reception.write { register in
            var memory = Memory(CompanyMemory(database: register.database, now: register.now))
            try memory.bind(name)
        }
        return Response(status: .noContent)
    }

    private func object(_ request: Request) async throws -> JSONObject {
        let bytes = try await budget.using(try request.announced(atMost: ServiceLimits.clerkBytes)) {
            try await request.bytes(atMost: ServiceLimits.clerkBytes)
        }
        guard let object = (try? JSONParser.parse(bytes))?.object else { throw Problem(.badRequest, "not a JSON object") }
        return object
    }
}

/// Lets in whoever shows the secret.
struct Doorkeeper: RouterMiddleware {
    let token: [UInt8]

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let shown = request.headers[.authorization] ?? ""
        guard shown.utf8.starts(with: "Bearer ".utf8), equalInConstantTime(Array(shown.utf8.dropFirst(7)), token) else {
            throw Problem(.unauthorized, "the clerk's token is needed")
        }
        return try await next(request, context)
    }
}

/// A page of a list, and where the next one begins.
private struct Page {
    let after: String
    let limit: Int

    init(_ request: Request) throws(Problem) {
        after = request.query("after") ?? ""
        guard let limit = Int(request.query("limit") ?? "100"), (1...ServiceLimits.page).contains(limit) else {
            throw Problem(.badRequest, "limit is a number from 1 to \(ServiceLimits.page)")
        }
        self.limit = limit
    }

    func answer(_ name: String, _ lines: [JSONValue], last: String?) -> Response {
        .json([name: .array(lines), "next": JSONValue(lines.count == limit ? last : nil)])
    }
}

extension Request {
    fileprivate func query(_ name: String) -> String? {
        uri.queryParameters[Substring(name)].map { String($0.filter { $0 != "\0" }) }
    }
}
