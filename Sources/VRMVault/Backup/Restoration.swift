import CVRMShim
import Glibc
public import VRMCrypto
public import VRMModel

/// A backup on its way back into a vault's place: copied beside it, opened, every row checked, nothing changed yet.
///
/// Letting it go before ``finish(from:at:)`` leaves everything as it was.
public final class Restoration {
    private let target: String
    private let stateDirectory: String
    private let standing: Standing?
    private let vault: Vault
    private var isDone = false
    public private(set) var debt: Vault.Debt?
    public let id: String
    public let entries: Int
    public let rows: Int
    /// When the last change that is in the backup was made.
    public let newest: Instant
    /// How many changes the vault in the place, or this machine's memory, is ahead of the backup; 0 when none is known.
    public let changesAhead: Int64
    /// The vault in the place has other ways in, which the secret does not open: the backup's will hold.
    public let bringsOwnPassphrase: Bool

    /// The vault in the place the backup goes to, in whatever state.
    private final class Standing {
        private let lock: VaultLock
        let header: VaultHeader?

        private init(lock: consuming VaultLock, header: VaultHeader?) {
            self.lock = lock
            self.header = header
        }

        /// Nil when nothing is there.
        ///
        /// - Throws: ``VaultFailure/foreignBackup`` when it is another vault, ``VaultFailure/alreadyThere`` when it is none.
        static func find(at directory: String, expecting vault: [UInt8]) throws(VaultFailure) -> Standing? {
            guard access(directory, F_OK) == 0 else { return nil }
            let files = VaultFiles(directory: directory)
            do { try files.check() } catch .noVault { throw .alreadyThere }
            let lock = try VaultLock(files.lock, .exclusive)
            let header = try? Vault.header(of: files)
            if let header, header.vault != vault { throw .foreignBackup }
            return Standing(lock: lock, header: header)
        }
    }

    /// There is a vault in the place; it will be put aside.
    public var replaces: Bool { standing != nil }

    private init(
        _ vault: Vault, _ standing: Standing?, target: String, stateDirectory: String, verdict: LedgerVerdict,
        newest: Instant, changesAhead: Int64, bringsOwnPassphrase: Bool
    ) {
        self.vault = vault
        self.standing = standing
        self.target = target
        self.stateDirectory = stateDirectory
        id = vault.id
        entries = verdict.entries
        rows = verdict.rows
        self.newest = newest
        self.changesAhead = changesAhead
        self.bringsOwnPassphrase = bringsOwnPassphrase
    }

    deinit { if !isDone { vault.files.remove() } }

    /// Copies a backup beside its target and checks all of it.
    ///
    /// - Parameters:
    ///   - directory: Where the vault goes.
    ///   - secret: A passphrase or recovery code of the backup, or of the same vault's newer state in its place.
    /// - Throws: ``VaultFailure/notABackup``, ``VaultFailure/damagedBackup(_:)``, ``VaultFailure/foreignBackup``,
    ///   ``VaultFailure/newerFormat(_:)``, ``VaultFailure/wrongPassphrase``, ``VaultFailure/diskFull``.
    public static func prepare(
        _ path: String, to directory: String, stateDirectory: String, secret: borrowing SecretBytes
    ) throws(VaultFailure) -> Restoration {
        umask(0o077)
        let building = VaultFiles(directory: directory + ".new-" + Hex.encode(Random.bytes(4)))
        try VaultFiles.makePrivateDirectory(building.directory)
        do throws(VaultFailure) {
            try VaultFiles.copy(path, to: building.store, startingWith: BackupFile.start)
            let backup = BackupFile(path: building.store)
            let own = try backup.header()
            let standing = try Standing.find(at: directory, expecting: own.vault)
            let chosen = try Chosen(own, standing?.header, with: secret)
            guard own.isAuthentic(under: chosen.keys) else { throw .damagedBackup(.head) }
            let (store, _) = try backup.store(.write, own, chosen.keys)
            let verdict = store.verify()
            if let fault = verdict.fault { throw fault.asBackup }
            var newest = Instant(seconds: 0)
            try store.readLog { (line) throws(VaultFailure) in newest = line.at }
            let seen = try? LastSeen.load(LastSeen.path(in: stateDirectory, vault: own.vault))
            let counter = store.head.counter
            let there = standing == nil ? nil : try? counterOfVault(at: directory, own.vault, chosen.keys)
            store.head.counter = max(counter, seen?.counter ?? 0, there ?? 0)
            let ahead = store.head.counter - counter
            let header = VaultHeader(
                vault: own.vault, generation: max(own.generation, standing?.header?.generation ?? 0) + 1,
                slots: chosen.header.slots,
                keys: store.keys)
            let lock = try VaultLock(building.lock, .exclusive)
            let isOwn = standing?.header.map { $0.slots != own.slots && chosen.header == own } ?? false
            return Restoration(
                Vault(files: building, lock: lock, header: header, store: store, stateDirectory: nil), standing,
                target: directory, stateDirectory: stateDirectory, verdict: verdict, newest: newest, changesAhead: ahead,
                bringsOwnPassphrase: isOwn)
        } catch {
            building.remove()
            throw error
        }
    }

    /// The header whose ways in will hold, and the key behind them.
    private struct Chosen: ~Copyable {
        let header: VaultHeader
        let keys: VaultKeys

        /// The newer ways in, when the secret is one of them: what the person types today goes on to hold.
        init(_ own: VaultHeader, _ standing: VaultHeader?, with secret: borrowing SecretBytes) throws(VaultFailure) {
            if let standing, standing.generation > own.generation, standing.slots != own.slots {
                do throws(VaultFailure) {
                    let keys = VaultKeys(master: try standing.unlock(with: secret).master)
                    if standing.isAuthentic(under: keys) {
                        self.header = standing
                        self.keys = keys
                        return
                    }
                } catch {}
            }
            keys = VaultKeys(master: try own.unlock(with: secret).master)
            header = own
        }
    }

    private static func counterOfVault(
        at directory: String, _ vault: [UInt8], _ keys: borrowing VaultKeys
    ) throws(VaultFailure) -> Int64 {
        try Store.loadHead(try Database(VaultFiles(directory: directory).store, .read), vault: vault, keys: keys).0.counter
    }

    /// Puts the vault in its place, with a ledger line that says so.
    ///
    /// - Parameter file: Where the backup lies, as a whole path.
    /// - Returns: Where the vault that was in the place lies now.
    /// - Throws: ``VaultFailure/diskFull``, ``VaultFailure/alreadyThere``; then everything is as it was.
    public func finish(from file: String, at now: Instant) throws -> String? {
        let (store, files) = (vault.store, vault.files)
        let counter = store.head.counter - changesAhead
        try store.database.execute("DROP TABLE header")
        try store.database.execute("PRAGMA journal_mode=WAL")
        try VaultFiles.write(vault.header.bytes, to: files.header)
        try vault.change("restore", at: now) { change in
            store.head.generation = vault.header.generation
            let known = KnownBackup(id: Change.newID(), file: file, made: newest, counter: counter)
            try change.keep(known)
            let detail = ["counter \(counter)"] + (changesAhead > 0 ? ["over counter \(counter + changesAhead)"] : [])
            try change.record(.restored, records: [known.id], detail: detail)
        }
        try store.database.checkpoint()
        let (head, digest) = try Store.loadHead(store.database, vault: store.vault, keys: store.keys)
        let aside = standing == nil ? nil : target + ".replaced-\(now.day)-\(Hex.encode(Random.bytes(2)))"
        if let aside {
            guard vrm_rename_exchange(files.directory, target) == 0 else { throw VaultFailure(errno: errno) }
            isDone = true
            guard renameNew(files.directory, aside) else { throw VaultFailure(errno: errno) }
        } else {
            guard renameNew(files.directory, target) else {
                throw errno == EEXIST ? .alreadyThere : VaultFailure(errno: errno)
            }
            isDone = true
        }
        // It is done: what goes wrong from here on does not undo it, and is told apart.
        do {
            try VaultFiles.syncDirectory(of: target)
            try VaultFiles.makePrivateDirectory(stateDirectory)
            try LastSeen(counter: head.counter, headDigest: digest).save(LastSeen.path(in: stateDirectory, vault: store.vault))
        } catch {
            debt = .memory
        }
        return aside
    }
}

extension Vault {
    /// Takes this copy as it is, on the person's word, although this machine knows a newer one or another header.
    ///
    /// - Returns: What was wrong with it.
    /// - Throws: ``VaultFailure/nothingToAccept`` when nothing was.
    public func accept(at now: Instant) throws -> VaultFailure {
        guard let drift else { throw VaultFailure.nothingToAccept }
        let counter = store.head.counter
        let new = VaultHeader(
            vault: store.vault, generation: max(header.generation, store.head.generation) + 1, slots: header.slots,
            keys: store.keys)
        try VaultFiles.write(new.bytes, to: files.header)
        header = new
        store.head.counter = max(counter, drift.seen ?? 0)
        try change("restore", at: now) { change in
            store.head.generation = new.generation
            try change.record(
                .restored, records: [],
                detail: ["this copy", "counter \(counter)"] + (drift.seen.map { ["over counter \($0)"] } ?? []))
        }
        self.drift = nil
        return drift.failure
    }
}
