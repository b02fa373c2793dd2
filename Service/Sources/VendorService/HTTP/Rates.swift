import HTTPTypes
import Hummingbird
import Synchronization

/// How much each address may hand in: a bucket that fills at a steady rate and holds some seconds' worth.
public final class Rates: Sendable {
    private struct Bucket {
        var level: Double
        var at: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let capacity: Double
    private let isBehindProxy: Bool
    private let buckets = Mutex<[String: Bucket]>([:])

    /// Addresses kept apart; what is above shares one bucket.
    private static let most = 16384
    /// A batch fits into what is saved up in these seconds, at the default rate.
    private static let seconds = 20.0
    private static let others = ""

    /// - Parameters:
    ///   - perSecond: Bundles and other requests a second; 0 for no limit.
    ///   - isBehindProxy: The address is the last one in `X-Forwarded-For`, which the proxy wrote.
    public init(perSecond: Int, isBehindProxy: Bool) {
        self.perSecond = Double(perSecond)
        capacity = Double(perSecond) * Rates.seconds
        self.isBehindProxy = isBehindProxy
    }

    /// Whose bucket it is: an IPv4 address, or a network of IPv6, of which one person has as many addresses as they like.
    func name(of request: Request, from peer: String) -> String {
        var address = peer
        if isBehindProxy, let field = HTTPField.Name("X-Forwarded-For"),
            let last = request.headers[values: field].last?.split(separator: ",").last
        {
            address = String(last.filter { $0 != " " }.prefix(64))
        }
        guard address.contains(":") else { return address }
        return network(address)
    }

    /// The first four groups of an IPv6 address, however many of them are written.
    private func network(_ address: String) -> String {
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let front = halves[0].split(separator: ":")
        let back = halves.count > 1 ? halves[1].split(separator: ":") : []
        let zeros = halves.count > 1 ? max(0, 8 - front.count - back.count) : 0
        return (front + repeatElement("0", count: zeros) + back).prefix(4).joined(separator: ":")
    }

    /// Takes so much out of a bucket.
    ///
    /// - Throws: A ``Problem`` with the time to wait, and takes nothing.
    func take(_ count: Int, from name: String, at now: ContinuousClock.Instant = .now) throws(Problem) {
        guard perSecond > 0 else { return }
        let wait: Double? = buckets.withLock { buckets in
            let name = buckets[name] != nil || makeRoom(&buckets, now) ? name : Rates.others
            var bucket = buckets[name] ?? Bucket(level: capacity, at: now)
            bucket.level = level(bucket, now)
            bucket.at = now
            defer { buckets[name] = bucket }
            guard bucket.level >= Double(count) else { return (Double(count) - bucket.level) / perSecond }
            bucket.level -= Double(count)
            return nil
        }
        guard let wait else { return }
        throw Problem(.tooManyRequests, "too much from one address", retryAfter: Int(wait) + 1)
    }

    private func level(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(capacity, bucket.level + (now - bucket.at) / .seconds(1) * perSecond)
    }

    /// Drops the buckets that are full again, which say nothing.
    private func makeRoom(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) -> Bool {
        if buckets.count < Rates.most { return true }
        buckets = buckets.filter { level($0.value, now) < capacity }
        return buckets.count < Rates.most
    }
}

/// Every request takes one out of its address's bucket; a batch takes more once it is known how much it is.
struct RateLimit: RouterMiddleware {
    let rates: Rates

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        try rates.take(1, from: rates.name(of: request, from: context.peer))
        return try await next(request, context)
    }
}
