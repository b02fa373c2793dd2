import VRMCrypto

/// What this machine last saw of a vault, kept outside it: an older copy put back has a lower counter, a copy that went
/// its own way has the same counter with another head.
struct LastSeen: Equatable {
    let counter: Int64
    let headDigest: [UInt8]

    static func path(in directory: String, vault: [UInt8]) -> String { directory + "/" + Hex.encode(vault) }

    /// Nil when there is no memory of this vault.
    ///
    /// - Throws: ``VaultFailure/system(errno:)``.
    static func load(_ path: String) throws(VaultFailure) -> LastSeen? {
        guard let bytes = try VaultFiles.read(path, cap: 256) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 3, lines[0] == "vrmseen 1", lines[1].hasPrefix("counter "), lines[2].hasPrefix("head "),
            let counter = Int64(lines[1].dropFirst(8)), let digest = Hex.decode(lines[2].dropFirst(5), count: 32)
        else { return nil }
        return LastSeen(counter: counter, headDigest: digest)
    }

    func save(_ path: String) throws(VaultFailure) {
        try VaultFiles.write(Array("vrmseen 1\ncounter \(counter)\nhead \(Hex.encode(headDigest))\n".utf8), to: path)
    }
}

/// How a copy of a vault differs from the newest this machine saw of it.
enum Drift: Equatable {
    /// The vault has a lower counter than was seen: an older copy put back.
    case rolledBack(seen: Int64)
    /// The same counter with another head: the copy went its own way.
    case forked(seen: Int64)
    /// The header is older than the vault: its passphrases would hold again.
    case oldHeader
    /// The header is newer than the vault by more than one interrupted change: the store is the older one.
    case oldStore

    init?(_ header: VaultHeader, _ head: Head, _ digest: [UInt8], _ seen: LastSeen?) {
        if let seen, head.counter < seen.counter {
            self = .rolledBack(seen: seen.counter)
        } else if header.generation < head.generation {
            self = .oldHeader
        } else if header.generation > head.generation + 1 {
            self = .oldStore
        } else if let seen, head.counter == seen.counter, digest != seen.headDigest {
            self = .forked(seen: seen.counter)
        } else {
            return nil
        }
    }

    var failure: VaultFailure {
        switch self {
        case .rolledBack, .oldStore: .rolledBack
        case .forked: .forked
        case .oldHeader: .oldHeader
        }
    }

    /// The counter this machine remembers, when that is what differs.
    var seen: Int64? {
        switch self {
        case .rolledBack(let seen), .forked(let seen): seen
        case .oldHeader, .oldStore: nil
        }
    }
}
