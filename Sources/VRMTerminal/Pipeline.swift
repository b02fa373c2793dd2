import Glibc

/// Work on a stream by several threads: what went in first comes out first, and only a few pieces are in memory at a time.
final class Pipeline<Input: Sendable, Output: Sendable>: @unchecked Sendable {
    private enum Slot {
        case empty
        case waiting(Input)
        case working
        case done(Output)
    }

    // Everything below is touched only while `lock` is held.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var slots: [Slot] = []
    private var (put, begun, taken) = (0, 0, 0)
    private var isClosed = false
    private var isStopped = false

    private let work: @Sendable (Input) -> Output

    init(_ work: @escaping @Sendable (Input) -> Output) {
        self.work = work
        pthread_mutex_init(lock, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// The threads of a pipeline, which end with it.
    struct Threads {
        fileprivate let all: [pthread_t]

        func join() { for thread in all { pthread_join(thread, nil) } }
    }

    /// Starts working.
    ///
    /// - Parameter feed: Gives everything to its argument, piece by piece, until that says that nobody wants more.
    func start(workers: Int, feed: @escaping @Sendable ((Input) -> Bool) -> Void) throws -> Threads {
        slots = [Slot](repeating: .empty, count: 4 * workers)
        var threads = [
            try ThreadBody { [self] in
                feed(add)
                holding { isClosed = true }
            }.start()
        ]
        for _ in 0..<workers { threads.append(try ThreadBody { [self] in while step() {} }.start()) }
        return Threads(all: threads)
    }

    /// The next result in order; nil at the end.
    func take() -> Output? {
        waiting {
            if taken == put, isClosed { return .some(nil) }
            guard taken < put, case .done(let output) = slots[taken % slots.count] else { return nil }
            slots[taken % slots.count] = .empty
            taken += 1
            return .some(output)
        }
    }

    /// Nobody wants more.
    func stop() { holding { isStopped = true } }

    private func add(_ input: Input) -> Bool {
        waiting {
            if isStopped { return false }
            guard case .empty = slots[put % slots.count] else { return nil }
            slots[put % slots.count] = .waiting(input)
            put += 1
            return true
        }
    }

    private func step() -> Bool {
        let next: (place: Int, input: Input)? = waiting {
            if isStopped || begun == put && isClosed { return .some(nil) }
            guard begun < put, case .waiting(let input) = slots[begun % slots.count] else { return nil }
            let place = begun % slots.count
            slots[place] = .working
            begun += 1
            return .some((place, input))
        }
        guard let next else { return false }
        let output = work(next.input)
        holding { slots[next.place] = .done(output) }
        return true
    }

    private func holding(_ body: () -> Void) {
        pthread_mutex_lock(lock)
        body()
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(lock)
    }

    /// Tries until there is a result, asleep in between.
    private func waiting<Result>(_ body: () -> Result?) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            if let result = body() {
                pthread_cond_broadcast(changed)
                return result
            }
            pthread_cond_wait(changed, lock)
        }
    }
}

/// What a thread is to do, handed over by pointer.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }

    func start() throws -> pthread_t {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, threadBegins, body.toOpaque()) == 0 else {
            body.release()
            throw Message("cannot start a thread", hint: "ulimit -u", status: .tryLater)
        }
        return thread
    }
}

private func threadBegins(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
