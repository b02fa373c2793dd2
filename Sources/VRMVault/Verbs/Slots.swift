public import VRMCrypto
public import VRMModel

/// A way into a vault, as a person sees it.
public struct WayIn: Hashable, Sendable {
    public enum Kind: String, Sendable { case passphrase, recovery }

    /// 16 hexadecimal digits; the start of it is enough.
    public let id: String
    public let kind: Kind
    /// How hard it is stretched: passes and MiB of Argon2id; nil for a recovery code.
    public let stretching: (passes: Int, mebibytes: Int)?
    /// It opened the vault just now.
    public let isInUse: Bool

    init(_ slot: KeySlot, isInUse: Bool) {
        id = Hex.encode(slot.id)
        kind = slot.kind == .passphrase ? .passphrase : .recovery
        stretching = slot.stretching.map { (Int($0.passes), Int($0.kibibytes / 1024)) }
        self.isInUse = isInUse
    }

    public static func == (a: WayIn, b: WayIn) -> Bool { a.id == b.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Changing the ways in. A vault opened for ``Access/slots`` alone can: it takes the passphrase again, never an agent.
extension Vault {
    public var waysIn: [WayIn] { header.slots.map { WayIn($0, isInUse: $0.id == opened?.slot.id) } }

    /// Puts a new passphrase in the place of the one the vault was opened with; after a recovery code, of all there are.
    ///
    /// - Throws: ``VaultFailure/passphraseTooShort``, ``VaultFailure/outOfMemory``, ``VaultFailure/diskFull``.
    public func replacePassphrase(with new: borrowing SecretBytes, command: String, at now: Instant) throws {
        let used = opened!.slot
        let replaced = header.slots.filter { used.kind == .recovery ? $0.kind == .passphrase : $0.id == used.id }
        let slot = try newSlot(new, atLeast: replaced)
        try save(header.slots.filter { !replaced.contains($0) } + [slot], command, .passphraseChanged, at: now)
    }

    /// Adds a passphrase beside the ones there are.
    ///
    /// - Throws: As ``replacePassphrase(with:command:at:)``, and ``VaultFailure/tooManySlots``.
    public func addPassphrase(_ new: borrowing SecretBytes, command: String, at now: Instant) throws {
        try save(header.slots + [newSlot(new, atLeast: [])], command, .passphraseAdded, at: now)
    }

    /// Takes a passphrase away, named by its id or the start of it.
    ///
    /// - Throws: ``VaultFailure/unknownSlot``, ``VaultFailure/ambiguousSlot``, ``VaultFailure/lastPassphrase``.
    public func removePassphrase(_ id: String, command: String, at now: Instant) throws {
        let found = header.slots.filter { $0.kind == .passphrase && Hex.encode($0.id).hasPrefix(id.lowercased()) }
        guard found.count <= 1 else { throw VaultFailure.ambiguousSlot }
        guard let slot = found.first, id.utf8.count >= 4 else { throw VaultFailure.unknownSlot }
        let left = header.slots.filter { $0 != slot }
        guard left.contains(where: { $0.kind == .passphrase }) else { throw VaultFailure.lastPassphrase }
        try save(left, command, .passphraseRemoved, at: now)
    }

    /// Puts a new recovery code in the place of the old one.
    public func replaceRecovery(with code: borrowing RecoveryCode, command: String, at now: Instant) throws {
        let slot = try KeySlot(.recovery, master: opened!.master, secret: code.bits, stretching: nil, vault: store.vault)
        try save(header.slots.filter { $0.kind != .recovery } + [slot], command, .recoveryRenewed, at: now)
    }

    /// Never weaker than the default, nor than what it replaces.
    private func newSlot(_ passphrase: borrowing SecretBytes, atLeast old: [KeySlot]) throws -> KeySlot {
        guard passphrase.count >= Vault.shortestPassphrase else { throw VaultFailure.passphraseTooShort }
        let known = [Stretching.standard.parameters] + old.compactMap(\.stretching)
        let stretching = Argon2id(passes: known.map(\.passes).max()!, kibibytes: known.map(\.kibibytes).max()!)
        do {
            return try KeySlot(
                .passphrase, master: opened!.master, secret: passphrase, stretching: stretching, vault: store.vault)
        } catch {
            throw VaultFailure.outOfMemory
        }
    }

    /// The header first, because a head that is ahead of its header means an old header put back; then the ledger.
    private func save(_ slots: [KeySlot], _ command: String, _ event: LedgerEntry.Event, at now: Instant) throws {
        guard slots.count <= VaultHeader.mostSlots, Stretching.acceptsTogether(slots.compactMap(\.stretching)) else {
            throw VaultFailure.tooManySlots
        }
        let old = header
        let new = VaultHeader(vault: store.vault, generation: header.generation + 1, slots: slots, keys: store.keys)
        try VaultFiles.write(new.bytes, to: files.header)
        header = new
        do {
            try change(command, at: now) { change in
                store.head.generation = new.generation
                try change.record(event, records: [])
            }
        } catch {
            guard (try? VaultFiles.write(old.bytes, to: files.header)) != nil else {
                debt = .ledger
                return
            }
            header = old
            throw error
        }
    }
}
