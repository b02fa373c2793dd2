import Glibc

/// Another program of the user's, run with the terminal and our environment.
public enum ChildProcess {
    /// Starts `words` and waits for it. Nothing secret stands in the words.
    ///
    /// - Parameters:
    ///   - input: What it reads on stdin; nil leaves it the terminal.
    ///   - isSilent: What it prints on stdout goes nowhere.
    /// - Returns: Its exit status; nil when it could not be started.
    public static func run(_ words: [String], input: [UInt8]? = nil, isSilent: Bool = false) -> Int32? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var ends: [Int32] = [-1, -1]
        if input != nil {
            guard pipe(&ends) == 0 else { return nil }
            posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
            posix_spawn_file_actions_addclose(&actions, ends[1])
        }
        if isSilent { posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let started = posix_spawnp(&child, words[0], &actions, nil, &arguments, environ)
        if ends[0] >= 0 { close(ends[0]) }
        if let input, started == 0 {
            var written = 0
            while written < input.count {
                let n = input.withUnsafeBytes { write(ends[1], $0.baseAddress! + written, $0.count - written) }
                if n < 0 && errno == EINTR { continue }
                if n < 0 { break }  // it was left before the end
                written += n
            }
        }
        if ends[1] >= 0 { close(ends[1]) }
        guard started == 0 else { return nil }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return status
    }
}

extension ChildProcess {
    /// What a program prints, up to a cap; one that prints more is ended.
    ///
    /// - Parameter input: What it reads on stdin, whole, before it prints; nil gives it nothing to read.
    /// - Returns: Its wait status and its output; nil when it could not be started.
    public static func output(of words: [String], input: [UInt8]? = nil, cap: Int) -> (status: Int32, output: [UInt8])? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var feed: [Int32] = [-1, -1]
        if input == nil {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        } else {
            guard pipe(&feed) == 0 else { return nil }
            posix_spawn_file_actions_adddup2(&actions, feed[0], 0)
            posix_spawn_file_actions_addclose(&actions, feed[1])
        }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let started = posix_spawnp(&child, words[0], &actions, nil, &arguments, environ)
        close(ends[1])
        if feed[0] >= 0 { close(feed[0]) }
        if let input, started == 0 {
            var written = 0
            while written < input.count {
                let n = input.withUnsafeBytes { write(feed[1], $0.baseAddress! + written, $0.count - written) }
                if n < 0 && errno == EINTR { continue }
                if n < 0 { break }  // it was left before the end
                written += n
            }
        }
        if feed[1] >= 0 { close(feed[1]) }
        guard started == 0 else { return nil }
        let output = (try? Console.readAll(ends[0], cap: cap)) ?? []
        if output.count >= cap { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return (status, output)
    }
}
