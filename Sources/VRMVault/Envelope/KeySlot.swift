import VRMCrypto

/// One way to the master key: it, sealed under a key derived from a passphrase or a recovery code.
struct KeySlot: Hashable {
    enum Kind: String { case passphrase, recovery }

    let kind: Kind
    /// 8 random bytes.
    let id: [UInt8]
    /// Nil for a recovery code, whose 160 bits need no stretching.
    let stretching: Argon2id?
    let salt: [UInt8]
    /// Tells a right passphrase before anything is opened: XChaCha20-Poly1305 alone would let one sealed value open under
    /// several chosen keys.
    let commitment: [UInt8]
    let sealedMaster: [UInt8]

    static let idBytes = 8

    /// A new slot around `master`.
    ///
    /// - Throws: ``CryptoFailure/derivationFailed`` when there is not enough memory.
    init(
        _ kind: Kind, master: borrowing SecretBytes, secret: borrowing SecretBytes, stretching: Argon2id?, vault: [UInt8]
    ) throws(CryptoFailure) {
        self.kind = kind
        id = Random.bytes(KeySlot.idBytes)
        self.stretching = stretching
        salt = Random.bytes(Argon2id.saltBytes)
        let keys = try KeySlot.keys(from: secret, kind, stretching, salt, vault)
        let context = KeySlot.context(.slotCommitment, kind, id, stretching, vault)
        commitment = BLAKE2b.digest(context, key: keys.slice(32..<64))
        sealedMaster = Seal.seal(
            master, key: keys.slice(0..<32), place: KeySlot.context(.slot, kind, id, stretching, vault))
    }

    /// The master key, or nil when the secret is not this slot's.
    func open(with secret: borrowing SecretBytes, vault: [UInt8]) throws(CryptoFailure) -> SecretBytes? {
        let keys = try KeySlot.keys(from: secret, kind, stretching, salt, vault)
        let expected = BLAKE2b.digest(KeySlot.context(.slotCommitment, kind, id, stretching, vault), key: keys.slice(32..<64))
        guard equalInConstantTime(expected, commitment) else { return nil }
        var master = SecretBytes(count: VaultKeys.masterBytes)
        try Seal.open(
            sealedMaster, into: &master, key: keys.slice(0..<32),
            place: KeySlot.context(.slot, kind, id, stretching, vault))
        return master
    }

    /// 64 bytes: the sealing key, then the commitment key.
    private static func keys(
        from secret: borrowing SecretBytes, _ kind: Kind, _ stretching: Argon2id?, _ salt: [UInt8], _ vault: [UInt8]
    ) throws(CryptoFailure) -> SecretBytes {
        if let stretching { return try stretching.derive(from: secret, salt: salt, count: 64) }
        return BLAKE2b.derive(from: secret, prefix: Place(.recovery, vault: vault).with(fixed: salt).bytes, count: 64)
    }

    private static func context(
        _ use: Place.Class, _ kind: Kind, _ id: [UInt8], _ stretching: Argon2id?, _ vault: [UInt8]
    ) -> [UInt8] {
        Place(use, vault: vault).with(fixed: id).with(variable: Array(kind.rawValue.utf8))
            .with(variable: Array(parameters(stretching).utf8)).bytes
    }

    // MARK: The line in the header

    private static func parameters(_ stretching: Argon2id?) -> String {
        stretching.map { "argon2id,t=\($0.passes),m=\($0.kibibytes),p=1" } ?? "blake2b"
    }

    var line: String {
        [
            "slot", kind.rawValue, Hex.encode(id), KeySlot.parameters(stretching), Hex.encode(salt), Hex.encode(commitment),
            Hex.encode(sealedMaster),
        ].joined(separator: " ")
    }

    init?(line: Substring) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 7, parts[0] == "slot", let kind = Kind(rawValue: String(parts[1])),
            let id = Hex.decode(parts[2], count: KeySlot.idBytes), let salt = Hex.decode(parts[4], count: Argon2id.saltBytes),
            let commitment = Hex.decode(parts[5], count: 32),
            let sealed = Hex.decode(parts[6], count: VaultKeys.masterBytes + Seal.overhead)
        else { return nil }
        switch kind {
        case .recovery:
            guard parts[3] == "blake2b" else { return nil }
            stretching = nil
        case .passphrase:
            let fields = parts[3].split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == 4, fields[0] == "argon2id", fields[3] == "p=1", fields[1].hasPrefix("t="),
                fields[2].hasPrefix("m="), let passes = UInt64(fields[1].dropFirst(2)),
                let kibibytes = UInt64(fields[2].dropFirst(2))
            else { return nil }
            stretching = Argon2id(passes: passes, kibibytes: kibibytes)
        }
        self.kind = kind
        self.id = id
        self.salt = salt
        self.commitment = commitment
        sealedMaster = sealed
        guard self.line == line else { return nil }
    }
}

/// How hard a passphrase is stretched.
public enum Stretching: String, Sendable, CaseIterable {
    /// libsodium's MODERATE: 3 passes over 256 MiB, about half a second.
    case standard
    /// The least that is accepted at all: 2 passes over 64 MiB. For scripts and tests.
    case floor

    var parameters: Argon2id {
        switch self {
        case .standard: Argon2id(passes: 3, kibibytes: 256 * 1024)
        case .floor: Argon2id(passes: 2, kibibytes: 64 * 1024)
        }
    }

    /// Passes times KiB over all slots together: a wrong passphrase is tried against each.
    static let mostWork: UInt64 = 10 * 4 * 1024 * 1024

    static func acceptsTogether(_ all: [Argon2id]) -> Bool { all.reduce(0) { $0 + $1.passes * $1.kibibytes } <= mostWork }

    /// What a file may ask of us: less is a downgrade, more a bomb.
    static func accepts(_ stretching: Argon2id) -> Bool {
        (2...10).contains(stretching.passes) && (64 * 1024...4 * 1024 * 1024).contains(stretching.kibibytes)
    }
}
