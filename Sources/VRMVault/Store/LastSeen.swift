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
