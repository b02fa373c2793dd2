import Glibc

/// Files that must not outlive an interrupt: half-made outputs hold personal values.
enum Leftovers {
    /// C strings, because a signal handler may neither allocate nor touch a Swift String. Never shrinks: unlinking a file that
    /// has been renamed since does nothing.
    nonisolated(unsafe) private static var paths = [UnsafeMutablePointer<CChar>?](repeating: nil, count: 256)
    nonisolated(unsafe) private static var count = 0

    /// Takes the file away when the program is interrupted.
    static func expect(_ path: String) {
        guard count < paths.count else { return }
        paths[count] = strdup(path)
        count += 1
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            signal(number) { number in
                for i in 0..<Leftovers.count {
                    if let path = Leftovers.paths[i] { unlink(path) }
                }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }
}
