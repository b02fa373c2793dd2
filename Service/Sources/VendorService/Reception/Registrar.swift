import NIOPosix
import Synchronization
import VRMBundle
import VRMModel

/// The only one who writes: many judged bundles in one change, and nobody is told anything before it is on the disk.
final class Registrar: Sendable {
    /// What waits to be written, and who waits for the answer.
    private struct Entry: Sendable {
        let work: @Sendable (Register) throws -> any Sendable
        let weight: Int
        let answer: CheckedContinuation<any Sendable, any Error>
    }

    private struct Queue: Sendable {
        var entries: [Entry] = []
        var weight = 0
        var isRunning = false
    }

    private let company: Company
    private let clock: @Sendable () -> Instant
    private let thread: NIOThreadPool
    private let queue = Mutex(Queue())
    private let connection: Connection

    init(_ company: Company, _ address: DatabaseAddress, clock: @escaping @Sendable () -> Instant) throws {
        self.company = company
        self.clock = clock
        connection = try Connection(address)
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    func close() async throws { try await thread.shutdownGracefully() }

    /// Between two changes.
    func tidy() async throws { try await thread.runIfActive { [self] in connection.use { $0.tidy() } } }

    /// Does something within the next change. What it throws is thrown here, and undoes what it did and nothing of the others'.
    ///
    /// - Parameter weight: How many bundles it is.
    /// - Throws: ``Busy`` when too much waits.
    func write<Result: Sendable>(_ weight: Int = 1, _ work: @escaping @Sendable (Register) throws -> Result) async throws
        -> Result
    {
        let result = try await withCheckedThrowingContinuation { (answer: CheckedContinuation<any Sendable, any Error>) in
            let (isTaken, mustStart) = queue.withLock { queue in
                guard queue.weight + weight <= ServiceLimits.waiting else { return (false, false) }
                queue.entries.append(Entry(work: work, weight: weight, answer: answer))
                queue.weight += weight
                defer { queue.isRunning = true }
                return (true, !queue.isRunning)
            }
            guard isTaken else { return answer.resume(throwing: Busy()) }
            if mustStart { thread.submit { [self] state in state == .active ? drain() : giveUp() } }
        }
        guard let result = result as? Result else { fatalError("an answer of another kind") }
        return result
    }

    private func drain() {
        while let entries = next() {
            do {
                let results = try change(entries)
                for (entry, result) in zip(entries, results) { entry.answer.resume(returning: result) }
            } catch let failure as DatabaseFailure {
                for entry in entries { entry.answer.resume(throwing: failure) }
            } catch {
                // One of them cannot be done, and nothing is: each by itself.
                for entry in entries { entry.answer.resume(with: Result { try change([entry])[0] }) }
            }
        }
    }

    private func change(_ entries: [Entry]) throws -> [any Sendable] {
        try connection.use { database in
            let register = Register(company: company, database: database, now: clock())
            return try database.change { try entries.map { try $0.work(register) } }
        }
    }

    /// What fits into one change; nil when nothing waits.
    private func next() -> [Entry]? {
        queue.withLock { queue in
            var (count, weight) = (0, 0)
            while count < queue.entries.count, count == 0 || weight + queue.entries[count].weight <= ServiceLimits.change {
                weight += queue.entries[count].weight
                count += 1
            }
            guard count > 0 else {
                queue.isRunning = false
                return nil
            }
            defer {
                queue.entries.removeFirst(count)
                queue.weight -= weight
            }
            return Array(queue.entries.prefix(count))
        }
    }

    private func giveUp() {
        let left = queue.withLock { queue in
            defer { queue = Queue() }
            return queue.entries
        }
        for entry in left { entry.answer.resume(throwing: Busy()) }
    }
}

/// Too much waits, or the service ends: try later.
struct Busy: Error {}

/// A connection that one thread at a time uses.
final class Connection: @unchecked Sendable {
    // Touched only by whoever was given it: the registrar's one thread, or a reader between taking it and giving it back.
    private let database: any Database

    init(_ address: DatabaseAddress) throws { database = try address.connect() }

    func use<Result>(_ body: (any Database) throws -> Result) rethrows -> Result { try body(database) }
}
