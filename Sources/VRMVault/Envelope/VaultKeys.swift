import VRMCrypto

/// The keys of an open vault, each derived from the master key for one use, so that the master key itself can go.
struct VaultKeys: ~Copyable {
    let headerMAC: SecretBytes
    let wrap: SecretBytes
    let meta: SecretBytes
    let indexTag: SecretBytes
    let indexReference: SecretBytes
    let log: SecretBytes
    let head: SecretBytes
    let buckets: SecretBytes
    let rows: SecretBytes

    static let masterBytes = 32

    init(master: borrowing SecretBytes) {
        headerMAC = Subkey.derive(from: master, number: 1, context: "vrmvault")
        wrap = Subkey.derive(from: master, number: 2, context: "vrmvault")
        meta = Subkey.derive(from: master, number: 3, context: "vrmvault")
        indexTag = Subkey.derive(from: master, number: 4, context: "vrmvault")
        indexReference = Subkey.derive(from: master, number: 5, context: "vrmvault")
        log = Subkey.derive(from: master, number: 6, context: "vrmvault")
        head = Subkey.derive(from: master, number: 7, context: "vrmvault")
        buckets = Subkey.derive(from: master, number: 8, context: "vrmvault")
        rows = Subkey.derive(from: master, number: 9, context: "vrmvault")
    }

    // MARK: As the agent hands them over

    static let joinedBytes = 9 * 32

    /// The same keys again, from ``joined()``.
    init(joined: borrowing SecretBytes) {
        precondition(joined.count == VaultKeys.joinedBytes)
        headerMAC = joined.slice(0..<32)
        wrap = joined.slice(32..<64)
        meta = joined.slice(64..<96)
        indexTag = joined.slice(96..<128)
        indexReference = joined.slice(128..<160)
        log = joined.slice(160..<192)
        head = joined.slice(192..<224)
        buckets = joined.slice(224..<256)
        rows = joined.slice(256..<288)
    }

    /// All of them in one piece of locked memory, in the order of their numbers.
    borrowing func joined() -> SecretBytes {
        var all = SecretBytes(count: VaultKeys.joinedBytes)
        all.copy(headerMAC, at: 0)
        all.copy(wrap, at: 32)
        all.copy(meta, at: 64)
        all.copy(indexTag, at: 96)
        all.copy(indexReference, at: 128)
        all.copy(log, at: 160)
        all.copy(head, at: 192)
        all.copy(buckets, at: 224)
        all.copy(rows, at: 256)
        return all
    }

    borrowing func copy() -> VaultKeys { VaultKeys(joined: joined()) }
}
