import CVRMShim
import Glibc
import VRMCrypto

/// Holds the keys of one open vault in locked memory and hands them to commands of the same user, until it ends.
///
/// Locking is its end: the keys are gone with the process.
public struct Agent: ~Copyable {
    private let charge: AgentCharge
    private let folder: AgentFolder
    private let keeper: Int32
    private let listener: Int32
    private let ending: Int32
    private let inode: ino_t
    private var life: AgentLife
    private var visitors: [Visitor] = []

    /// One more, and whoever waits longest without a request goes: silent ones keep nobody else out.
    private static let mostVisitors = 16
    private static let queue: Int32 = 128
    /// Who does not say a whole request in this time is sent away. Milliseconds.
    private static let patience: Int64 = 1000
    /// How often it looks whether its socket is still the one that is found. Milliseconds.
    private static let lookAround: Int64 = 5_000

    /// Takes the vault's socket.
    ///
    /// - Throws: ``AgentFailure/alreadyRunning``; a socket left by one that died is taken over.
    public init(_ charge: consuming AgentCharge, in folder: consuming AgentFolder) throws(AgentFailure) {
        let name = AgentFolder.name(of: charge.vault)
        // Whoever holds this lock is the agent; the kernel lets it go with the process, however that dies.
        let keeper = openat(folder.descriptor, name + ".lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard keeper >= 0 else { throw .system(errno: errno) }
        guard flock(keeper, LOCK_EX | LOCK_NB) == 0 else {
            close(keeper)
            throw .alreadyRunning
        }
        umask(0o077)
        unlinkat(folder.descriptor, name, 0)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isBound = listener >= 0 && folder.withAddress(of: charge.vault) { bind(listener, $0, $1) } == 0
        guard isBound, listen(listener, Agent.queue) == 0, let inode = folder.socketInode(of: charge.vault) else {
            throw .system(errno: errno)
        }
        self.keeper = keeper
        self.listener = listener
        self.inode = inode
        ending = vrm_end_signals()
        life = AgentLife(idle: charge.idle, most: charge.most, from: .now)
        self.charge = charge
        self.folder = folder
    }

    deinit {
        // Not the socket of an agent that came after a removed one.
        if folder.socketInode(of: charge.vault) == inode { unlinkat(folder.descriptor, AgentFolder.name(of: charge.vault), 0) }
        // Visitors stay connected until the process is gone: to `vrm lock` that is the word that the keys are.
        for descriptor in [listener, ending, keeper] { close(descriptor) }
    }

    /// One connection, one request.
    private struct Visitor {
        let descriptor: Int32
        let deadline: Int64
        var said: [UInt8] = []
    }

    /// Serves until it is locked, idle, too old, told to end by a signal, or the machine slept.
    public mutating func serve() {
        while true {
            let now = AgentLife.Moment.now
            let left = life.left(at: now)
            guard left > 0, folder.socketInode(of: charge.vault) == inode else { return }
            for i in visitors.indices.reversed() where visitors[i].deadline <= now.monotonic { dismiss(i) }
            let soonest = visitors.map { $0.deadline - now.monotonic }.min() ?? Agent.lookAround
            let watchedAlways = [ending, listener]
            var watched = (watchedAlways + visitors.map(\.descriptor)).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let timeout = Int32(max(1, min(left, soonest, Agent.lookAround)))
            guard poll(&watched, nfds_t(watched.count), timeout) >= 0 || errno == EINTR else { return }
            if watched[0].revents != 0 { return }
            // What happened meanwhile counts before anything is given.
            guard life.left(at: .now) > 0 else { return }
            for i in visitors.indices.reversed() where watched[i + watchedAlways.count].revents != 0 {
                if hear(i) == .end { return }
            }
            guard admit() == .goOn else { return }
        }
    }

    /// Lets in those that wait, as many as the queue holds, and hears them: most have said what they want by then.
    private mutating func admit() -> Next {
        for _ in 0..<Agent.queue {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            var uid: UInt32 = 0
            guard vrm_peer_uid(descriptor, &uid) == 0, uid == geteuid() else {
                close(descriptor)
                continue
            }
            if visitors.count == Agent.mostVisitors { dismiss(0) }
            visitors.append(Visitor(descriptor: descriptor, deadline: AgentLife.Moment.now.monotonic + Agent.patience))
            if hear(visitors.count - 1) == .end { return .end }
        }
        return .goOn
    }

    private mutating func dismiss(_ index: Int) {
        close(visitors[index].descriptor)
        visitors.remove(at: index)
    }

    private enum Next { case goOn, end }

    /// Takes in what a visitor says; answers once it is a whole request.
    private mutating func hear(_ index: Int) -> Next {
        var part = [UInt8](repeating: 0, count: 4096)
        let n = recv(visitors[index].descriptor, &part, part.count, 0)
        guard n > 0 else {
            if n == 0 || (errno != EAGAIN && errno != EINTR) { dismiss(index) }
            return .goOn
        }
        visitors[index].said += part[..<n]
        let said = visitors[index].said
        guard said.count >= 4 else { return .goOn }
        let length = Int(UInt32(littleEndianBytes: said[..<4]))
        guard length <= AgentRequest.longestFrame else {
            dismiss(index)
            return .goOn
        }
        guard said.count >= 4 + length else { return .goOn }
        let request = AgentRequest(rawValue: String(decoding: said[4..<4 + length], as: UTF8.self))
        let descriptor = visitors[index].descriptor
        var next = Next.goOn
        switch request {
        case .give:
            life.use(at: .now)
            answer(descriptor, with: charge.keys)
        case .status: answer(descriptor, with: SecretBytes(copying: (life.left(at: .now) / 1000).littleEndianBytes))
        case .lock:
            answer(descriptor, with: SecretBytes(count: 0))
            next = .end
        case nil: send(UInt32(1).littleEndianBytes + [0], to: descriptor)
        }
        if next == .goOn { dismiss(index) }
        return next
    }

    private func answer(_ descriptor: Int32, with payload: borrowing SecretBytes) {
        var frame = SecretBytes(count: 5 + payload.count)
        frame.withUnsafeMutableBytes { $0.copyBytes(from: UInt32(1 + payload.count).littleEndianBytes + [1]) }
        frame.copy(payload, at: 5)
        // A fresh socket's buffer takes it whole; who left before hears nothing.
        _ = frame.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) {
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
