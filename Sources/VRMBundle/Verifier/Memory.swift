import VRMModel

/// What a verifier remembers between bundles (docs/spec/bundle.md §7), over small JSON values found by name.
///
/// The rules of remembering stand here; where the values lie is the storage's matter.
public struct Memory<Storage: MemoryStorage> {
    public var storage: Storage

    public init(_ storage: Storage) { self.storage = storage }

    /// What is remembered of a bundle, to verify it with.
    ///
    /// - Parameters:
    ///   - given: Keys given for this bundle, and whether they come from a document that names its issuer. What was pinned
    ///     before holds against a key that nobody published under this name.
    ///   - nonce: The one expected.
    public func recall(
        _ bundle: Unverified, given: [PinnedKey] = [], isPublished: Bool = false, nonce: String? = nil
    ) throws -> Recollection {
        var recollection = Recollection(pinned: given)
        if let nonce, let reader = bundle.shownTo {
            recollection.isNonceUsed = try storage.read(.nonces, reader + "\n" + nonce) != nil
        }
        guard let issuer = bundle.issuer else { return recollection }
        let root = try root(of: issuer)
        if let kept = try storage.read(.pins, issuer) {
            let (pinned, learned) = (try Memory.keys(kept["keys"]), try Memory.keys(kept["successors"]))
            // A rotation holds whatever document is at hand: the newest may not have arrived here yet.
            recollection.pinned = (isPublished ? given : pinned) + learned
            recollection.retired = try Memory.keys(kept["retired"])
        }
        recollection.isBound = try storage.read(.accounts, root) != nil
        let person = bundle.person ?? issuer
        let personRoot = try self.root(of: person)
        recollection.chain = Set([person, personRoot] + (try names(of: personRoot)))
        guard let jti = bundle.jti else { return recollection }
        recollection.seen = try storage.read(.seen, issuer + "\n" + jti)?["s256"]?.string.flatMap { Base64URL.decode($0.utf8) }
        recollection.isEnded = try storage.read(.ended, Memory.ended(root, BundleReference(jti: jti, s256: bundle.s256))) != nil
        recollection.endedUpTo = try storage.read(.ended, root)?["up_to"]?.integer.map { Instant(seconds: $0) }
        return recollection
    }

    /// Remembers a verified bundle: its key at first contact, its id, what it ends, and which key continues its own.
    ///
    /// - Parameter isPublished: A company's key is pinned only out of a document that names the company: a bare key verifies
    ///   this bundle and no more.
    public mutating func remember(_ bundle: VerifiedBundle, isPublished: Bool = false) throws {
        let issuer = bundle.common.iss
        if bundle.signer == .person || isPublished, try storage.read(.pins, issuer) == nil {
            try storage.write(.pins, issuer, ["iss": .string(issuer), "keys": .array([Memory.json(bundle.key)])])
        }
        let seen = issuer + "\n" + bundle.common.jti
        if try storage.read(.seen, seen) == nil {
            try storage.write(
                .seen, seen,
                [
                    "iss": .string(issuer), "jti": .string(bundle.common.jti),
                    "s256": .string(Base64URL.encode(bundle.reference.s256)), "exp": .integer(bundle.common.exp.seconds),
                ])
        }
        if let shown = bundle.presentation {
            try storage.write(
                .nonces, shown.audience + "\n" + shown.nonce, ["aud": .string(shown.audience), "nonce": .string(shown.nonce)])
        }
        let root = try root(of: issuer)
        for reference in bundle.payload.ends {
            try storage.write(
                .ended, Memory.ended(root, reference),
                [
                    "iss": .string(issuer),
                    "ref": ["jti": .string(reference.jti), "s256": .string(Base64URL.encode(reference.s256))],
                ])
        }
        if case .revocation(let revocation) = bundle.payload, revocation.all {
            let before = try storage.read(.ended, root)?["up_to"]?.integer ?? 0
            if before < bundle.common.iat.seconds {
                try storage.write(.ended, root, ["iss": .string(issuer), "up_to": .integer(bundle.common.iat.seconds)])
            }
        }
        if let successor = bundle.successor, !bundle.isReplay { try follow(successor, bundle, root) }
    }

    /// Records that the key of an issuer belongs to a known account.
    public mutating func bind(_ issuer: String) throws {
        try storage.write(.accounts, try root(of: issuer), ["iss": .string(issuer)])
    }

    private mutating func follow(_ successor: Successor, _ bundle: VerifiedBundle, _ root: String) throws {
        let issuer = bundle.common.iss
        var old =
            try storage.read(.pins, issuer)
            ?? JSONObject([("iss", .string(issuer)), ("keys", .array([Memory.json(bundle.key)]))])
        if bundle.type == .rotation {
            old["retired"] = .array((old["retired"]?.array ?? []) + [Memory.json(bundle.key)])
        }
        guard successor.name != issuer else {
            old["successors"] = .array((old["successors"]?.array ?? []) + [Memory.json(successor.key)])
            try storage.write(.pins, issuer, .object(old))
            return
        }
        try storage.write(.pins, issuer, .object(old))
        try storage.write(
            .pins, successor.name, ["iss": .string(successor.name), "keys": .array([Memory.json(successor.key)])])
        let names = try names(of: root) + [issuer, successor.name]
        try storage.write(.chains, root, ["names": .array(Set(names).sorted().map { .string($0) })])
        try storage.write(.chains, successor.name, ["root": .string(root)])
    }

    private func root(of name: String) throws -> String { try storage.read(.chains, name)?["root"]?.string ?? name }

    private func names(of root: String) throws -> [String] {
        (try storage.read(.chains, root)?["names"]?.array ?? []).compactMap(\.string)
    }

    /// No name has a line feed in it, so that no id can spell the place of another.
    private static func ended(_ root: String, _ reference: BundleReference) -> String {
        root + "\n" + reference.jti + "\n" + Base64URL.encode(reference.s256)
    }

    private static func json(_ key: PinnedKey) -> JSONValue { ["kid": .string(key.kid), "jwk": .object(key.key.json)] }

    private static func keys(_ json: JSONValue?) throws -> [PinnedKey] {
        try (json?.array ?? []).compactMap { $0.object }.map { entry in
            guard let jwk = entry["jwk"]?.object else { throw Rejection(.key, "a pinned key is damaged") }
            return PinnedKey(try PublicJWK(unchecked: jwk), kid: entry["kid"]?.string)
        }
    }
}

extension Memory: Sendable where Storage: Sendable {}

/// What is remembered, apart.
public enum MemoryPart: String, Sendable, CaseIterable {
    case pins, accounts, seen, ended, chains, nonces
}

/// Where a ``Memory`` lies: small JSON values under a part and a name.
public protocol MemoryStorage {
    func read(_ part: MemoryPart, _ name: String) throws -> JSONObject?
    mutating func write(_ part: MemoryPart, _ name: String, _ value: JSONValue) throws
}

/// Memory for one run of a program.
public struct BriefMemory: MemoryStorage, Sendable {
    private var values: [MemoryPart: [String: JSONObject]] = [:]

    public init() {}

    public func read(_ part: MemoryPart, _ name: String) -> JSONObject? { values[part]?[name] }

    public mutating func write(_ part: MemoryPart, _ name: String, _ value: JSONValue) {
        values[part, default: [:]][name] = value.object
    }
}
