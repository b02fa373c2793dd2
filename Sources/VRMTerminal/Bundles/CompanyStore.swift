import Glibc
import VRMBundle
import VRMCrypto
import VRMModel

/// What a company remembers between bundles, in a plain folder: pinned keys, seen ids, revocations.
///
/// One small file each, named by a digest, so that looking one up does not grow with the rest.
/// `pins/`, `seen/`, `revoked/`; all JSON.
struct CompanyStore {
    let folder: String

    /// Makes the folder at its first use.
    init(_ path: String) throws {
        folder = path
        for part in ["", "/pins", "/seen", "/revoked"] {
            guard mkdir(path + part, 0o700) == 0 || errno == EEXIST else {
                throw Message("cannot write the store \(printable(path))", hint: "ls -ld \(printable(path))")
            }
        }
        // One process at a time looks up, judges and remembers; held until the program ends.
        let lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw Message("cannot lock the store \(printable(path))", hint: "ls -ld \(printable(path))")
        }
    }

    /// What is remembered of a bundle's issuer and id.
    ///
    /// - Parameters:
    ///   - extra: Keys given for this bundle.
    ///   - isPublished: They come from a document that names its issuer.
    func recall(_ bundle: Unverified, adding extra: [PinnedKey], isPublished: Bool) throws -> Recollection {
        var recollection = Recollection(pinned: extra)
        guard let issuer = bundle.issuer else { return recollection }
        // What was pinned before holds against a key that nobody published under this name.
        if !isPublished, let pin = try read("pins", issuer), let jwk = pin["jwk"]?.object,
            let key = try? PublicJWK(unchecked: jwk)
        {
            recollection.pinned = [PinnedKey(key, kid: pin["kid"]?.string)]
        }
        guard let jti = bundle.jti else { return recollection }
        recollection.seen = try read("seen", issuer + "\n" + jti)?["s256"]?.string.flatMap { Base64URL.decode($0.utf8) }
        recollection.isRevoked = try isRevoked(bundle, issuer, jti)
        return recollection
    }

    private func isRevoked(_ bundle: Unverified, _ issuer: String, _ jti: String) throws -> Bool {
        if let one = try read("revoked", issuer + "\n" + jti), let digest = one["s256"]?.string {
            return digest == bundle.reference.map { Base64URL.encode($0.s256) }
        }
        // What ends everything does not end itself: the same notice again is fine (B-16).
        if bundle.header?["typ"]?.string == TokenType.revocation.rawValue { return false }
        guard let all = try read("revoked", CompanyStore.everything(of: issuer)), let upTo = all["up_to"]?.integer,
            let at = bundle.issuedAt
        else {
            return false
        }
        return at.seconds <= upTo
    }

    /// Remembers a verified bundle: its key at first contact, its id, and what it revokes.
    ///
    /// A company's key is pinned only out of a document that names the company: a bare key verifies this bundle and no more.
    func remember(_ bundle: VerifiedBundle, isPublished: Bool) throws {
        let issuer = bundle.common.iss
        if bundle.type.signer == .person || isPublished {
            try write(
                "pins", issuer, ["iss": .string(issuer), "kid": .string(bundle.kid), "jwk": .object(bundle.key.json)],
                once: true)
        }
        try write(
            "seen", issuer + "\n" + bundle.common.jti,
            [
                "iss": .string(issuer), "jti": .string(bundle.common.jti),
                "s256": .string(Base64URL.encode(bundle.reference.s256)),
            ],
            once: true)
        guard case .revocation(let revocation) = bundle.payload else { return }
        for reference in revocation.revokes {
            try write(
                "revoked", issuer + "\n" + reference.jti,
                ["iss": .string(issuer), "jti": .string(reference.jti), "s256": .string(Base64URL.encode(reference.s256))])
        }
        let before = try read("revoked", CompanyStore.everything(of: issuer))?["up_to"]?.integer ?? 0
        if revocation.all, before < bundle.common.iat.seconds {
            try write(
                "revoked", CompanyStore.everything(of: issuer),
                ["iss": .string(issuer), "up_to": .integer(bundle.common.iat.seconds)])
        }
    }

    /// What no `jti` can spell, so that a reference to "*" takes nothing back.
    private static func everything(of issuer: String) -> String { issuer + "\n\n*" }

    private func path(_ part: String, _ name: String) -> String {
        "\(folder)/\(part)/\(Base64URL.encode(SHA256.digest(name.utf8))).json"
    }

    private func read(_ part: String, _ name: String) throws -> JSONObject? {
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

    private func write(_ part: String, _ name: String, _ value: JSONValue, once: Bool = false) throws {
        let target = path(part, name)
        if once, access(target, F_OK) == 0 { return }
        let files = OutputFiles(force: true)
        try files.stage(value.bytes, as: target)
        try files.publish()
    }
}
