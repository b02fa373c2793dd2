import VRMModel

/// What a removal reached, and which backups still hold it.
public struct Forgotten: Sendable {
    public let values: Int
    /// Made while what was removed was there.
    public let backups: [KnownBackup]
}

extension Vault {
    private static let known = Array("known".utf8)

    /// All backups that are known, the newest first.
    public func backups() throws(VaultFailure) -> [KnownBackup] {
        var backups: [KnownBackup] = []
        for id in try store.find(.backup, Vault.known) { backups.append(try need(KnownBackup.self, id)) }
        return backups.sorted { ($0.made, $0.counter) > ($1.made, $1.counter) }
    }

    /// Those that hold what came into the vault at `moment` or before.
    func backups(since moment: Instant) throws(VaultFailure) -> [KnownBackup] { try backups().filter { $0.made >= moment } }

    /// The backup of an id, or of the start of one.
    ///
    /// - Throws: ``VaultFailure/unknownBackup``.
    public func backup(_ selector: String) throws(VaultFailure) -> KnownBackup {
        let found = try backups().filter { $0.id.description.hasPrefix(selector.lowercased()) }
        guard found.count == 1, selector.utf8.count >= 4 else { throw .unknownBackup }
        return found[0]
    }
}

extension Change {
    /// Notes a backup that is in its place.
    public func note(_ backup: MadeBackup, at file: String) throws(VaultFailure) -> KnownBackup {
        let known = KnownBackup(id: Change.newID(), file: file, made: now, counter: backup.counter)
        try keep(known)
        try record(.backedUp, records: [known.id])
        return known
    }

    func keep(_ known: KnownBackup) throws(VaultFailure) {
        try save(known, key: try key(.own))
        try store.append(known.id, .backup, Array("known".utf8))
    }

    /// Takes a backup off the list, because it was destroyed.
    public func forget(_ known: KnownBackup) throws(VaultFailure) {
        try store.unfile(known.id, .backup, Array("known".utf8))
        try store.remove(known.id)
        try record(.backupForgotten, records: [known.id])
    }
}
