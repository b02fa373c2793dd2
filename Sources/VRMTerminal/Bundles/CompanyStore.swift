import Glibc
public import VRMBundle
import VRMCrypto

/// The folder in which a company's memory lies between bundles.
///
/// One small JSON file each, named by a digest, so that looking one up does not grow with the rest. A folder for each
/// ``MemoryPart``.
public struct CompanyStore: MemoryStorage, Sendable {
    let folder: String
    private let isDurable: Bool

    /// Makes the folder at its first use. One process at a time looks up, judges and remembers: the lock is held until the
    /// program ends.
    ///
    /// - Parameter isDurable: Each file is on the disk before it counts; otherwise ``sync()`` sees to all of them at once.
    public init(_ path: String, isDurable: Bool = true) throws {
        folder = path
        self.isDurable = isDurable
        for part in [""] + MemoryPart.allCases.map({ "/" + $0.rawValue }) {
            guard mkdir(path + part, 0o700) == 0 || errno == EEXIST else {
                throw Message("cannot write the store \(printable(path))", hint: "ls -ld \(printable(path))")
            }
        }
        let lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw Message("cannot lock the store \(printable(path))", hint: "ls -ld \(printable(path))")
        }
    }

    private func path(_ part: MemoryPart, _ name: String) -> String {
        "\(folder)/\(part.rawValue)/\(Base64URL.encode(SHA256.digest(name.utf8))).json"
    }

    public func read(_ part: MemoryPart, _ name: String) throws -> JSONObject? {
        let path = path(part, name)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Console.unreadable(path)
        }
        defer { close(descriptor) }
        guard let object = (try? JSONParser.parse(try Console.readAll(descriptor, cap: 64 * 1024)))?.object else {
            throw Message("a file of the store is damaged", hint: "look at \(path)", status: .damaged)
        }
        return object
    }

    public func write(_ part: MemoryPart, _ name: String, _ value: JSONValue) throws {
        let files = OutputFiles(force: true, isDurable: isDurable)
        try files.stage(value.bytes, as: path(part, name))
        try files.publish()
    }

    /// Makes everything written so far durable.
    public func sync() { Glibc.sync() }
}
