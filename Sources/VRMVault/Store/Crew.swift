import Glibc

/// Works off tasks on two threads: one of its own, and the caller's whenever that has run ahead of it.
///
/// SQLite has one connection and so one thread that reads rows; what is left of the work is shared.
final class Crew<Task>: @unchecked Sendable {
    /// Which of the two threads a task runs on, so that each can have a state of its own.
    enum Hand: Int { case caller, second }

    private let run: (Task, Hand) -> Void
    private var waiting: [Task] = []
    private var isBusy = false
    private var isOver = false
    private var thread: pthread_t?
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Tasks that may wait before the caller takes one itself; bounds the memory they hold.
    private static var most: Int { 8 }

    /// - Parameter run: Called from both threads, at the same time with different hands.
    init(_ run: @escaping (Task, Hand) -> Void) {
        self.run = run
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    func add(_ task: Task) {
        if thread == nil { start() }
        pthread_mutex_lock(mutex)
        waiting.append(task)
        let own = waiting.count > Crew.most || thread == nil ? waiting.removeFirst() : nil
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        if let own { run(own, .caller) }
    }

    /// Returns when every task so far is done.
    func finish() {
        while true {
            pthread_mutex_lock(mutex)
            if waiting.isEmpty {
                while isBusy { pthread_cond_wait(changed, mutex) }
                pthread_mutex_unlock(mutex)
                return
            }
            let task = waiting.removeFirst()
            pthread_mutex_unlock(mutex)
            run(task, .caller)
        }
    }

    /// Ends the second thread. Tasks still waiting are dropped.
    func dismiss() {
        pthread_mutex_lock(mutex)
        isOver = true
        waiting = []
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        if let thread { pthread_join(thread, nil) }
        thread = nil
    }

    /// Without a second thread, the caller does it all.
    private func start() {
        let duty = Unmanaged.passRetained(Duty { self.work() })
        var started = pthread_t()
        let result = pthread_create(
            &started, nil,
            { argument in
                Unmanaged<Duty>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, duty.toOpaque())
        if result == 0 { thread = started } else { duty.release() }
    }

    private func work() {
        pthread_mutex_lock(mutex)
        while !isOver {
            guard !waiting.isEmpty else {
                pthread_cond_wait(changed, mutex)
                continue
            }
            let task = waiting.removeFirst()
            isBusy = true
            pthread_mutex_unlock(mutex)
            run(task, .second)
            pthread_mutex_lock(mutex)
            isBusy = false
            pthread_cond_broadcast(changed)
        }
        pthread_mutex_unlock(mutex)
    }
}

/// What the second thread does, in a form that passes through C.
private final class Duty {
    let run: () -> Void

    init(_ run: @escaping () -> Void) { self.run = run }
}
