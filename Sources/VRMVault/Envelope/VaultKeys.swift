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
}
