public import Hummingbird
public import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP side of the service.
public enum VendorServer {
    /// Memory for bodies on their way, of all connections together.
    private static let bodyBytes = 64 * 1024 * 1024

    /// - Parameters:
    ///   - token: What clerks show; nil when there is nothing for clerks.
    ///   - onListening: Called with the port once connections are accepted.
    public static func application(
        _ reception: Reception, _ rates: Rates, clerkToken token: [UInt8]?, address: BindAddress, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: Logbook(logger: logger))
        router.add(middleware: Problems())
        router.add(middleware: RateLimit(rates: rates))
        let budget = Budget(bytes: bodyBytes)
        PublicRoutes(reception: reception, rates: rates, budget: budget).add(to: router)
        if let token { ClerkRoutes(reception: reception, budget: budget, token: token).add(to: router) }
        var quiet = logger
        // What the library says of a connection can hold what was sent.
        quiet.logLevel = .critical
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        Deadline(.seconds(ServiceLimits.seconds), bytes: 2 * ServiceLimits.batchBytes)
                    ],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: ServiceLimits.headerBytes, maxHeaderListSize: ServiceLimits.headerBytes,
                        maxHeaderFieldCount: 100))),
            configuration: .init(
                address: address, backlog: 512, availableConnectionsDelegate: .maximum(ServiceLimits.connections, logger: quiet)),
            services: [Housekeeping(reception: reception, logger: logger)],
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
            logger: quiet)
    }
}

/// Forgets, once a minute.
private struct Housekeeping: Service {
    let reception: Reception
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await reception.forget()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("forgetting did not work; it is tried again")
                }
                try await Task.sleep(for: .seconds(60))
            }
        }
        // Everybody who waits for an answer gets it first.
        try await reception.close()
    }
}
