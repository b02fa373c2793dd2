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
    var header: VaultHeader
    let store: Store
    private let stateDirectory: String?
    public let id: String
    /// How this copy differs from what this machine remembers, while that waits for the person's word.
    var drift: Drift?
    /// What a passphrase or recovery code opened, for ``Access/slots`` alone.
    var opened: OpenedSlot?

    public enum Access: Sendable {
        case reading, changing
        /// For changing the ways in: the master key stays at hand.
        case slots
        /// For taking a copy as it is that this machine would refuse.
        case accepting
    }

    /// - Parameter stateDirectory: Nil for a vault that is not in its place yet.
    init(files: VaultFiles, lock: consuming VaultLock, header: VaultHeader, store: Store, stateDirectory: String?) {
        self.files = files
        self.lock = lock
        self.header = header
        self.store = store
        self.stateDirectory = stateDirectory
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
        // Before the vault is in its place: on a machine that can remember nothing no vault is made.
        try VaultFiles.makePrivateDirectory(stateDirectory)
        try LastSeen(counter: 1, headDigest: digest).save(LastSeen.path(in: stateDirectory, vault: vault))
        guard renameNew(building, directory) else { throw errno == EEXIST ? .alreadyThere : VaultFailure(errno: errno) }
        isDone = true
        try VaultFiles.syncDirectory(of: directory)
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
    /// - Parameter firstSight: Called before anything is noted when this machine has no memory of the vault, so that an older
    ///   copy put back would not be noticed; throws to stop.
    /// - Throws: ``VaultFailure``: no vault, wrong passphrase, busy, a newer format, damage, or an older copy put back.
    public static func open(
        at directory: String, stateDirectory: String, for access: Access, secret: borrowing SecretBytes,
        firstSight: () throws -> Void = {}
    ) throws -> Vault {
        let entered = try Entered(directory, access)
        let opened = try entered.header.unlock(with: secret)
        let vault = try open(
            entered, VaultKeys(master: opened.master), stateDirectory: stateDirectory, for: access, firstSight: firstSight)
        if access == .slots { vault.opened = opened }
        return vault
    }

    /// Opens a vault with the keys an agent handed over.
    ///
    /// - Throws: As with a passphrase.
    public static func open(
        at directory: String, stateDirectory: String, for access: Access, keys: consuming AgentKeys,
        firstSight: () throws -> Void = {}
    ) throws -> Vault {
        precondition(access != .slots)
        return try open(
            Entered(directory, access), VaultKeys(joined: keys.joined), stateDirectory: stateDirectory, for: access,
            firstSight: firstSight)
    }

    /// The id in a vault's header, for finding its agent. Nothing is opened.
    ///
    /// - Throws: ``VaultFailure/noVault``, ``VaultFailure/headerDamaged``, ``VaultFailure/newerFormat(_:)``.
    public static func identity(at directory: String) throws(VaultFailure) -> [UInt8] {
        try header(of: VaultFiles(directory: directory)).vault
    }

    static func header(of files: VaultFiles) throws(VaultFailure) -> VaultHeader {
        guard let bytes = try VaultFiles.read(files.header, cap: VaultHeader.longest) else { throw .noVault }
        return try VaultHeader(parsing: bytes)
    }

    /// A vault's place, locked, before any key.
    private struct Entered: ~Copyable {
        let files: VaultFiles
        let lock: VaultLock
        let header: VaultHeader

        init(_ directory: String, _ access: Access) throws(VaultFailure) {
            try VaultFiles(directory: directory).check()
            guard let resolved = realpath(directory, nil) else { throw .noVault }
            defer { free(resolved) }
            let files = VaultFiles(directory: String(cString: resolved))
            let lock = try VaultLock(files.lock, access == .reading ? .shared : .exclusive)
            header = try Vault.header(of: files)
            self.files = files
            self.lock = lock
        }
    }

    private static func open(
        _ entered: consuming Entered, _ keys: consuming VaultKeys, stateDirectory: String, for access: Access,
        firstSight: () throws -> Void
    ) throws -> Vault {
        let (files, header) = (entered.files, entered.header)
        guard header.isAuthentic(under: keys) else { throw VaultFailure.headerDamaged }
        umask(0o077)
        let database = try Database(files.store, access == .reading ? .read : .write)
        guard try database.schema() == Schema.rows else { throw VaultFailure.damaged(.schema) }
        let (head, digest) = try Store.loadHead(database, vault: header.vault, keys: keys)
        // No memory and an unreadable one are the same: nothing to compare with, and that is said.
        let seen = try? LastSeen.load(LastSeen.path(in: stateDirectory, vault: header.vault))
        let drift = Drift(header, head, digest, seen)
        if access != .accepting, let drift { throw drift.failure }
        let store = Store(vault: header.vault, keys: keys, database: database, head: head)
        store.head.generation = header.generation
        let vault = Vault(files: files, lock: entered.lock, header: header, store: store, stateDirectory: stateDirectory)
        if access == .accepting {
            vault.drift = drift
            return vault
        }
        if seen == nil { try firstSight() }
        if seen != LastSeen(counter: head.counter, headDigest: digest) { vault.remember(digest) }
        if access != .reading, head.pending != 0 { vault.shred() }
        return vault
    }

    // MARK: Changing

    /// The write-ahead log is folded into the file once it is this long. Every opening reads the whole of it.
    private static let checkpointBytes = 256 * 1024

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
            try change.destroyLapsedKeys()
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
        /// A new header is in place, the ledger could not take it in; the next change does.
        case ledger
    }

    public internal(set) var debt: Debt?

    /// Commit, then remember, then acknowledge.
    func commit() throws(VaultFailure) {
        store.head.counter += 1
        let digest = try store.saveHead()
        try store.database.execute("COMMIT")
        remember(digest)
    }

    private func remember(_ digest: [UInt8]) {
        guard let stateDirectory else { return }
        do {
            try VaultFiles.makePrivateDirectory(stateDirectory)
            try LastSeen(counter: store.head.counter, headDigest: digest).save(
                LastSeen.path(in: stateDirectory, vault: store.vault))
        } catch {
            debt = .memory
        }
    }

    /// What an agent needs to stand in for the passphrase.
    ///
    /// - Parameters:
    ///   - idle: Seconds without use until it ends; 15 minutes at most.
    ///   - most: Seconds until it ends in any case; 8 hours at most.
    public func charge(idle: Int64, most: Int64) -> AgentCharge {
        AgentCharge(vault: store.vault, idle: idle, most: most, keys: store.keys.joined())
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
