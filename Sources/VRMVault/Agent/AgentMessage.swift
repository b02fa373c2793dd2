import Glibc
import VRMCrypto

/// What is said to an agent, and how: a request is its length (u32, little-endian) and one of these words; so is an answer, whose
/// first byte is 1 for yes and 0 for no.
enum AgentRequest: String {
    /// The subkeys, 288 bytes.
    case give = "GIVE"
    /// How many seconds it stays, 8 bytes.
    case status = "STATUS"
    /// Ends it.
    case lock = "LOCK"

    /// A longer frame is refused before it is read.
    static let longestFrame = 64 * 1024

    var frame: [UInt8] { UInt32(rawValue.utf8.count).littleEndianBytes + Array(rawValue.utf8) }
}

/// What an agent is started with, over a pipe: the vault, how long to stay, the keys.
public struct AgentCharge: ~Copyable {
    let vault: [UInt8]
    /// Seconds without use until it ends.
    let idle: Int64
    /// Seconds until it ends in any case.
    let most: Int64
    let keys: SecretBytes

    /// 15 minutes.
    public static let longestIdle: Int64 = 15 * 60
    /// 8 hours.
    public static let longestLife: Int64 = 8 * 3600

    static let byteCount = 32 + VaultKeys.joinedBytes

    init(vault: [UInt8], idle: Int64, most: Int64, keys: consuming SecretBytes) {
        self.vault = vault
        self.idle = min(max(1, idle), AgentCharge.longestIdle)
        self.most = min(max(1, most), AgentCharge.longestLife)
        self.keys = keys
    }

    /// Reads what ``write(to:)`` wrote, straight into locked memory. Nil for anything else.
    public init?(reading descriptor: Int32) {
        var bytes = SecretBytes(count: AgentCharge.byteCount)
        let isWhole = bytes.withUnsafeMutableBytes { memory in
            var filled = 0
            while filled < memory.count {
                let n = read(descriptor, memory.baseAddress! + filled, memory.count - filled)
                if n < 0, errno == EINTR { continue }
                guard n > 0 else { return false }
                filled += n
            }
            return true
        }
        guard isWhole else { return nil }
        let head = bytes.withUnsafeBytes { Array($0[..<32]) }
        self.init(
            vault: Array(head[..<16]), idle: Int64(littleEndianBytes: head[16..<24]),
            most: Int64(littleEndianBytes: head[24..<32]),
            keys: bytes.slice(32..<AgentCharge.byteCount))
    }

    /// - Returns: Whether all of it was taken.
    public borrowing func write(to descriptor: Int32) -> Bool {
        var bytes = SecretBytes(count: AgentCharge.byteCount)
        bytes.withUnsafeMutableBytes { $0.copyBytes(from: vault + idle.littleEndianBytes + most.littleEndianBytes) }
        bytes.copy(keys, at: 32)
        // Less than a pipe takes at once (PIPE_BUF).
        return bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) == $0.count }
    }
}
