import Glibc

/// How long an agent lives: until it was idle for a while, for a number of hours at most, and not beyond a suspend.
struct AgentLife {
    /// Milliseconds of two clocks: one that stands still while the machine sleeps, one that goes on.
    struct Moment: Equatable {
        let monotonic: Int64
        let boottime: Int64

        static var now: Moment { Moment(monotonic: read(CLOCK_MONOTONIC), boottime: read(CLOCK_BOOTTIME)) }

        private static func read(_ clock: clockid_t) -> Int64 {
            var time = timespec()
            clock_gettime(clock, &time)
            return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        }

        var slept: Int64 { boottime - monotonic }
    }

    private let idle: Int64
    private let most: Int64
    private let started: Moment
    private var lastUse: Int64

    /// The two clocks are read one after the other, and a busy machine can put some time between.
    private static let leastSleep: Int64 = 1000

    /// - Parameters:
    ///   - idle: Seconds without use.
    ///   - most: Seconds in all.
    init(idle: Int64, most: Int64, from started: Moment) {
        self.idle = idle * 1000
        self.most = most * 1000
        self.started = started
        lastUse = started.monotonic
    }

    mutating func use(at now: Moment) { lastUse = now.monotonic }

    /// Milliseconds left; 0 when it is over.
    func left(at now: Moment) -> Int64 {
        guard now.slept - started.slept < AgentLife.leastSleep else { return 0 }
        return max(0, min(lastUse + idle, started.monotonic + most) - now.monotonic)
    }
}
