import CVRMShim
import Glibc
import VRMBundle
public import VRMCrypto
public import VRMModel

/// An open vault: locked against other writers, its keys in memory, everything it reads checked.
///
/// Close it by letting it go.
public final class Vault {
    let files: VaultFiles
    let lock: VaultLock
    let store: Store
    private let stateDirectory: String
    /// There was no memory of this vault on this machine, so an older copy put back would not have been noticed.
    public let isFirstSight: Bool
    public let id: String

    public enum Access: Sendable { case reading, changing }

    private init(
        files: VaultFiles, lock: consuming VaultLock, store: Store, stateDirectory: String, isFirstSight: Bool
    ) {
        self.files = files
        self.lock = lock
        self.store = store
        self.stateDirectory = stateDirectory
        self.isFirstSight = isFirstSight
        id = Hex.encode(store.vault)
    }

    /// Whether there is a vault at all, before anybody is asked for a passphrase.
    ///
    /// - Throws: ``VaultFailure/noVault``, ``VaultFailure/unsafePlace(_:)``.
    public static func check(at directory: String) throws(VaultFailure) { try VaultFiles(directory: directory).check() }

    /// Keeps this process's memory out of core dumps and out of the reach of debuggers of the same user.
    public static func protectProcess() { _ = vrm_process_not_dumpable() }

    // MARK: Making

    /// Makes a new vault, whole or not at all.
    ///
    /// - Parameters:
    ///   - directory: Where; nothing may be there yet.
    ///   - stateDirectory: Where this machine remembers what it saw, outside the vault.
    /// - Returns: Its id.
    /// - Throws: ``VaultFailure``.
    public static func make(
        at directory: String, stateDirectory: String, passphrase: borrowing SecretBytes, recovery: borrowing RecoveryCode,
        stretching: Stretching, now: Instant
    ) throws(VaultFailure) -> String {
        guard passphrase.count >= Vault.shortestPassphrase else { throw .passphraseTooShort }
        guard access(directory, F_OK) != 0 else { throw .alreadyThere }
        let vault = Random.bytes(16)
        let building = directory + ".new-" + Hex.encode(vault.prefix(4))
        try VaultFiles.makePrivateDirectory(building)
        var isDone = false
        defer { if !isDone { VaultFiles(directory: building).remove() } }
        let files = VaultFiles(directory: building)
        let master = SecretBytes(random: VaultKeys.masterBytes)
        let keys = VaultKeys(master: master)
        do {
            let slots = [
                try KeySlot(.passphrase, master: master, secret: passphrase, stretching: stretching.parameters, vault: vault),
                try KeySlot(.recovery, master: master, secret: recovery.bits, stretching: nil, vault: vault),
            ]
            try VaultFiles.write(VaultHeader(vault: vault, generation: 1, slots: slots, keys: keys).bytes, to: files.header)
        } catch let failure as VaultFailure {
            throw failure
        } catch {
            throw .outOfMemory
        }
        let digest = try makeStore(files, vault: vault, keys: keys, now: now)
        _ = try VaultLock(files.lock, .exclusive)
        guard renameNew(building, directory) else { throw errno == EEXIST ? .alreadyThere : VaultFailure(errno: errno) }
        isDone = true
        try VaultFiles.syncDirectory(of: directory)
        try VaultFiles.makePrivateDirectory(stateDirectory)
        try LastSeen(counter: 1, headDigest: digest).save(LastSeen.path(in: stateDirectory, vault: vault))
        return Hex.encode(vault)
    }

    /// Fewer bytes are no passphrase worth stretching.
    public static let shortestPassphrase = 8

    private static func makeStore(
        _ files: VaultFiles, vault: [UInt8], keys: consuming VaultKeys, now: Instant
    ) throws(VaultFailure) -> [UInt8] {
        umask(0o077)
        let database = try Database(files.store, .create)
        try database.execute("BEGIN IMMEDIATE")
        try database.execute(Schema.text)
        let store = Store(vault: vault, keys: keys, database: database, head: Head())
        store.startLog()
        let own = try store.makeKey()
        try store.file(own, .namedKey, Array(NamedKey.own.rawValue.utf8))
        let entry = LedgerEntry(at: now, command: "init", event: .vaultMade, company: nil, records: [])
        try store.append(entry.json.bytes, key: own, at: now)
        store.head.counter = 1
        let digest = try store.saveHead()
        try database.execute("COMMIT")
        try database.checkpoint()
        return digest
    }

    // MARK: Opening

    /// Opens a vault with a passphrase or a recovery code.
    ///
    /// - Throws: ``VaultFailure``: no vault, wrong passphrase, busy, a newer format, damage, or an older copy put back.
    public static func open(
        at directory: String, stateDirectory: String, for access: Access, secret: borrowing SecretBytes
    ) throws(VaultFailure) -> Vault {
        try VaultFiles(directory: directory).check()
        guard let resolved = realpath(directory, nil) else { throw .noVault }
        defer { free(resolved) }
        let files = VaultFiles(directory: String(cString: resolved))
        let lock = try VaultLock(files.lock, access == .changing ? .exclusive : .shared)
        guard let bytes = try VaultFiles.read(files.header, cap: VaultHeader.longest) else { throw .noVault }
        let header = try VaultHeader(parsing: bytes)
        let keys = VaultKeys(master: try header.unlock(with: secret))
        guard header.isAuthentic(under: keys) else { throw .headerDamaged }
        umask(0o077)
        let database = try Database(files.store, access == .changing ? .write : .read)
        guard try database.schema() == Schema.rows else { throw .damaged(.schema) }
        let (head, digest) = try Store.loadHead(database, vault: header.vault, keys: keys)
        if header.generation < head.generation { throw .oldHeader }
        // One higher is a passphrase change that a crash kept from the head; any change completes it.
        guard header.generation <= head.generation + 1 else { throw .damaged(.head) }
        let statePath = LastSeen.path(in: stateDirectory, vault: header.vault)
        // No memory and an unreadable one are the same: nothing to compare with, and that is said.
        let seen = try? LastSeen.load(statePath)
        if let seen {
            if head.counter < seen.counter { throw .rolledBack }
            if head.counter == seen.counter && digest != seen.headDigest { throw .forked }
        }
        let store = Store(vault: header.vault, keys: keys, database: database, head: head)
        store.head.generation = header.generation
        let vault = Vault(
            files: files, lock: lock, store: store, stateDirectory: stateDirectory, isFirstSight: seen == nil)
        if seen != LastSeen(counter: head.counter, headDigest: digest) { vault.remember(digest) }
        if access == .changing, head.pending != 0 { vault.shred() }
        return vault
    }

    // MARK: Changing

    /// The write-ahead log is folded into the file once it is this long.
    private static let checkpointBytes = 4 * 1024 * 1024

    /// Makes one change: all of it with its ledger entries, or nothing.
    ///
    /// - Parameters:
    ///   - command: What the person typed, nouns and verb only.
    ///   - isRehearsal: Does everything and takes it back.
    public func change<Result>(
        _ command: String, at now: Instant, isRehearsal: Bool = false, _ body: (Change) throws -> Result
    ) throws -> Result {
        let before = store.head
        try store.database.execute("BEGIN IMMEDIATE")
        let result: Result
        do {
            let change = Change(self, command: command, now: now)
            result = try body(change)
            if isRehearsal || !change.hasEntries {
                precondition(isRehearsal || store.head == before, "a change without a ledger entry")
                try store.database.execute("ROLLBACK")
                store.reset(to: before)
                return result
            }
            try commit()
        } catch {
            try? store.database.execute("ROLLBACK")
            store.reset(to: before)
            throw error
        }
        // It is done: what goes wrong from here on does not undo it, and is told apart.
        tidy()
        return result
    }

    /// What a change that is done still owes.
    public enum Debt: Sendable {
        /// This machine could not note the vault's newest state.
        case memory
        /// The files' free pages still hold what was removed; the next change tries again.
        case shredding
    }

    public private(set) var debt: Debt?

    /// Commit, then remember, then acknowledge.
    private func commit() throws(VaultFailure) {
        store.head.counter += 1
        let digest = try store.saveHead()
        try store.database.execute("COMMIT")
        remember(digest)
    }

    private func remember(_ digest: [UInt8]) {
        do {
            try VaultFiles.makePrivateDirectory(stateDirectory)
            try LastSeen(counter: store.head.counter, headDigest: digest).save(
                LastSeen.path(in: stateDirectory, vault: store.vault))
        } catch {
            debt = .memory
        }
    }

    private func tidy() {
        if store.head.pending != 0 { shred() }
        var info = stat()
        if stat(files.store + "-wal", &info) == 0, info.st_size > Vault.checkpointBytes { try? store.database.checkpoint() }
    }

    /// Takes what was removed out of the files' free pages and the write-ahead log. Until it is done the head says that it is
    /// owed.
    private func shred() {
        do {
            try store.database.execute("VACUUM")
            try store.database.checkpoint()
            try store.database.execute("BEGIN IMMEDIATE")
            store.head.pending = 0
            try commit()
            try store.database.checkpoint()
        } catch {
            try? store.database.execute("ROLLBACK")
            store.head.pending = 1
            debt = .shredding
        }
    }

    // MARK: Reading records

    func load<R: Record>(_ type: R.Type, _ id: RecordID) throws(VaultFailure) -> R? {
        guard let (header, body) = try store.get(id) else { return nil }
        guard header.kind == R.recordKind else { return nil }
        return try R(id: id, Vault.object(body))
    }

    func need<R: Record>(_ type: R.Type, _ id: RecordID) throws(VaultFailure) -> R {
        guard let record = try load(type, id) else { throw .damaged(.row) }
        return record
    }

    func all<R: Record>(_ type: R.Type) throws(VaultFailure) -> [R] {
        var records: [R] = []
        try store.scan({ $0.kind == R.recordKind }) { (id, _, body) throws(VaultFailure) in
            records.append(try R(id: id, Vault.object(body)))
        }
        return records
    }

    func children<R: Record>(_ type: R.Type, of parent: RecordID) throws(VaultFailure) -> [R] {
        var records: [R] = []
        for id in try store.find(.child, Vault.childKey(parent, R.recordKind)) { records.append(try need(type, id)) }
        return records
    }

    static func childKey(_ parent: RecordID, _ kind: RecordKind) -> [UInt8] { parent.bytes + kind.rawValue.littleEndianBytes }

    /// How a personal value is filed: without surrounding space, ASCII letters lowered, so that addresses are found however
    /// they were typed.
    static func valueKey(_ value: String) -> [UInt8] {
        var bytes = Array(value.utf8)[...]
        while let last = bytes.last, last == 0x20 || last == 0x0A { bytes = bytes.dropLast() }
        while let first = bytes.first, first == 0x20 || first == 0x0A { bytes = bytes.dropFirst() }
        return bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
    }

    static func object(_ body: [UInt8]) throws(VaultFailure) -> JSONObject {
        guard let object = (try? JSONParser.parse(body))?.object else { throw .damaged(.row) }
        return object
    }
}

/// Keys that belong to no relationship.
enum NamedKey: String {
    case own = "self"
    case directory
}
