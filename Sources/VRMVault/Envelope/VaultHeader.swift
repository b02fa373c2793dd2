import VRMCrypto

/// The text file `header`: which vault this is and the ways to its key (docs/spec/vault-file.md §2).
struct VaultHeader: Hashable {
    /// 16 random bytes.
    let vault: [UInt8]
    var generation: Int64
    var slots: [KeySlot]
    private(set) var mac: [UInt8]

    static let formatVersion = 1
    static let longest = 64 * 1024
    static let mostSlots = 16

    init(vault: [UInt8], generation: Int64, slots: [KeySlot], keys: borrowing VaultKeys) {
        self.vault = vault
        self.generation = generation
        self.slots = slots
        mac = []
        mac = BLAKE2b.digest(signedBytes, key: keys.headerMAC)
    }

    /// - Throws: ``VaultFailure/newerFormat`` or ``VaultFailure/headerDamaged``.
    init(parsing bytes: [UInt8]) throws(VaultFailure) {
        guard bytes.count <= VaultHeader.longest, bytes.allSatisfy({ $0 == 10 || (0x20..<0x7F).contains($0) }) else {
            throw .headerDamaged
        }
        let text = String(decoding: bytes, as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let first = lines.popFirst(), first.hasPrefix("vrmvault "), let version = Int(first.dropFirst(9)) else {
            throw .headerDamaged
        }
        guard version <= VaultHeader.formatVersion else { throw .newerFormat(version) }
        guard version == VaultHeader.formatVersion, let id = lines.popFirst(), id.hasPrefix("id "),
            let vault = Hex.decode(id.dropFirst(3), count: 16), let counted = lines.popFirst(), counted.hasPrefix("generation "),
            let generation = Int64(counted.dropFirst(11)), generation > 0, lines.popLast() == "", let last = lines.popLast(),
            last.hasPrefix("mac "), let mac = Hex.decode(last.dropFirst(4), count: 32),
            (1...VaultHeader.mostSlots).contains(lines.count)
        else { throw .headerDamaged }
        var slots: [KeySlot] = []
        for line in lines {
            guard let slot = KeySlot(line: line) else { throw .headerDamaged }
            if let stretching = slot.stretching, !Stretching.accepts(stretching) { throw .stretchingOutOfRange }
            slots.append(slot)
        }
        guard Stretching.acceptsTogether(slots.compactMap(\.stretching)) else { throw .stretchingOutOfRange }
        self.vault = vault
        self.generation = generation
        self.slots = slots
        self.mac = mac
        guard self.bytes == bytes else { throw .headerDamaged }
    }

    private var signedBytes: [UInt8] {
        let lines =
            ["vrmvault \(VaultHeader.formatVersion)", "id \(Hex.encode(vault))", "generation \(generation)"]
            + slots.map(\.line)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    var bytes: [UInt8] { signedBytes + Array("mac \(Hex.encode(mac))\n".utf8) }

    func isAuthentic(under keys: borrowing VaultKeys) -> Bool {
        equalInConstantTime(BLAKE2b.digest(signedBytes, key: keys.headerMAC), mac)
    }

    /// The master key by whichever slot the secret opens, and which one that was.
    ///
    /// - Throws: ``VaultFailure/wrongPassphrase``, ``VaultFailure/recoveryCodeMistyped(_:)``,
    ///   ``VaultFailure/foreignRecoveryCode``, ``VaultFailure/outOfMemory``, ``VaultFailure/headerDamaged``.
    func unlock(with secret: borrowing SecretBytes) throws(VaultFailure) -> OpenedSlot {
        var mistake = VaultFailure.wrongPassphrase
        do {
            if RecoveryCode.looksLike(secret) {
                do {
                    let code = try RecoveryCode(typed: secret)
                    for slot in slots where slot.kind == .recovery {
                        if let master = try slot.open(with: code.bits, vault: vault) {
                            return OpenedSlot(master: master, slot: slot)
                        }
                    }
                    mistake = .foreignRecoveryCode
                } catch RecoveryCodeFailure.wrongGroup(let group) {
                    mistake = .recoveryCodeMistyped(group)
                }
            }
            // A passphrase may look like a code.
            for slot in slots where slot.kind == .passphrase {
                if let master = try slot.open(with: secret, vault: vault) { return OpenedSlot(master: master, slot: slot) }
            }
        } catch CryptoFailure.derivationFailed {
            throw .outOfMemory
        } catch {
            throw .headerDamaged
        }
        throw mistake
    }
}

/// The master key, and the way in that a secret opened to it.
final class OpenedSlot {
    let master: SecretBytes
    let slot: KeySlot

    init(master: consuming SecretBytes, slot: KeySlot) {
        self.master = master
        self.slot = slot
    }
}
