import CVRMShim
import Glibc
import VRMCrypto

/// A command's side of the agent: one connection for one request.
public struct AgentClient: ~Copyable {
    private let folder: AgentFolder
    private let vault: [UInt8]

    /// Seconds to wait for a busy agent, each for the connection, the request and the answer.
    private static let patience = 5

    /// - Parameter vault: The vault's id.
    public init(_ folder: consuming AgentFolder, vault: [UInt8]) {
        self.folder = folder
        self.vault = vault
    }

    /// The keys of the vault.
    ///
    /// - Throws: ``AgentFailure/notRunning`` when the vault is locked, ``AgentFailure/foreignPeer``, ``AgentFailure/noAnswer``.
    public func give() throws(AgentFailure) -> AgentKeys { AgentKeys(joined: try ask(.give, count: VaultKeys.joinedBytes)) }

    /// How many seconds the agent stays if nothing happens.
    ///
    /// - Throws: As ``give()``.
    public func secondsLeft() throws(AgentFailure) -> Int64 {
        let answer = try ask(.status, count: 8)
        return answer.withUnsafeBytes { Int64(littleEndianBytes: Array($0)) }
    }

    /// Ends the agent; back once it is gone.
    ///
    /// - Throws: As ``give()``.
    public func lock() throws(AgentFailure) { _ = try ask(.lock, count: 0, untilTheEnd: true) }

    private func ask(_ request: AgentRequest, count: Int, untilTheEnd: Bool = false) throws(AgentFailure) -> SecretBytes {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(errno: errno) }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: AgentClient.patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard folder.withAddress(of: vault, { connect(descriptor, $0, $1) }) == 0 else {
            throw [ENOENT, ECONNREFUSED].contains(errno) ? .notRunning : .system(errno: errno)
        }
        var uid: UInt32 = 0
        guard vrm_peer_uid(descriptor, &uid) == 0, uid == geteuid() else { throw .foreignPeer }
        let frame = request.frame
        guard send(descriptor, frame, frame.count, Int32(MSG_NOSIGNAL)) == frame.count else { throw .noAnswer }
        var answer = SecretBytes(count: 5 + count)
        guard answer.withUnsafeMutableBytes({ AgentClient.fill($0, from: descriptor) }),
            answer.withUnsafeBytes({ Array($0[..<5]) }) == UInt32(1 + count).littleEndianBytes + [1]
        else { throw .noAnswer }
        if untilTheEnd {
            var byte: UInt8 = 0
            guard recv(descriptor, &byte, 1, 0) == 0 || errno == ECONNRESET else { throw .noAnswer }
        }
        return answer.slice(5..<5 + count)
    }

    private static func fill(_ memory: UnsafeMutableRawBufferPointer, from descriptor: Int32) -> Bool {
        var filled = 0
        while filled < memory.count {
            let n = recv(descriptor, memory.baseAddress! + filled, memory.count - filled, 0)
            if n < 0, errno == EINTR { continue }
            guard n > 0 else { return false }
            filled += n
        }
        return true
    }
}

/// The keys of an open vault as an agent handed them over.
public struct AgentKeys: ~Copyable {
    let joined: SecretBytes
}
