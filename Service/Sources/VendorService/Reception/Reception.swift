import NIOPosix
import Synchronization
import VRMBundle
public import VRMModel

/// Takes bundles in: judged on all cores, written by one, answered when they are on the disk.
public final class Reception: Sendable {
    let company: Company
    let clock: @Sendable () -> Instant
    private let address: DatabaseAddress
    private let registrar: Registrar
    private let judges: NIOThreadPool
    /// Connections to read with, as many as threads that judge.
    private let idle: Mutex<[Connection]>

    /// So many bundles of a batch are judged in one go, so that small requests get their turn.
    private static let piece = 64

    /// - Parameters:
    ///   - workers: Threads that judge.
    ///   - clock: What time it is.
    /// - Throws: A ``DatabaseFailure``.
    public init(_ company: Company, _ address: DatabaseAddress, workers: Int, clock: @escaping @Sendable () -> Instant) throws {
        self.company = company
        self.address = address
        self.clock = clock
        try address.prepare()
        registrar = try Registrar(company, address, clock: clock)
        idle = Mutex(try (0..<workers).map { _ in try Connection(address) })
        judges = NIOThreadPool(numberOfThreads: workers)
        judges.start()
    }

    func close() async throws {
        try await judges.shutdownGracefully()
        try await registrar.close()
    }

    /// Takes one bundle.
    ///
    /// - Throws: ``Busy`` or a ``DatabaseFailure``: then nothing of it is on record.
    func take(_ file: [UInt8], at counter: Counter) async throws -> Reply { try await take([file], at: counter)[0] }

    /// Takes several, and answers in their order.
    func take(_ files: [[UInt8]], at counter: Counter) async throws -> [Reply] {
        try await withThrowingTaskGroup(of: (Int, [Reply]).self) { group in
            for start in stride(from: 0, to: files.count, by: Reception.piece) {
                let piece = Array(files[start..<min(start + Reception.piece, files.count)])
                group.addTask { [self] in (start, try await takePiece(piece, counter)) }
            }
            var pieces: [(Int, [Reply])] = []
            for try await piece in group { pieces.append(piece) }
            return pieces.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private func takePiece(_ files: [[UInt8]], _ counter: Counter) async throws -> [Reply] {
        let judged = try await read { judge in
            try files.map { file -> Result<Judge.Judgement, Rejection> in
                do {
                    guard file.count <= counter.cap else { return .failure(.tooLong) }
                    return .success(try judge.judge(file, at: counter))
                } catch let rejection as Rejection {
                    return .failure(rejection)
                }
            }
        }
        // What broke a rule has nothing to write.
        let good = judged.compactMap { if case .success(let judged) = $0, case .success = judged.outcome { judged } else { nil } }
        var taken =
            good.isEmpty
            ? [][...] : try await registrar.write(good.count) { register in try good.map(register.take) }[...]
        return judged.map { judged in
            switch judged {
            case .failure(let rejection): return .refused(rejection)
            case .success(let judged):
                if case .failure(let rejection) = judged.outcome { return .refused(rejection) }
                return taken.removeFirst()
            }
        }
    }

    /// Reads with a connection of its own, beside whoever writes.
    func read<Result: Sendable>(_ body: @escaping @Sendable (Judge) throws -> Result) async throws -> Result {
        try await judges.runIfActive { [self] in
            let connection = try idle.withLock { $0.popLast() } ?? Connection(address)
            defer { idle.withLock { $0.append(connection) } }
            return try connection.use { try body(Judge(company: company, database: $0, now: clock())) }
        }
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (Register) throws -> Result) async throws -> Result {
        try await registrar.write(1, body)
    }

    /// Forgets what is over. In steps, so that whoever hands something in does not wait.
    func forget() async throws {
        while try await write({ try Forgetting(database: $0.database).step(at: $0.now) }) {}
        try await registrar.tidy()
    }
}
