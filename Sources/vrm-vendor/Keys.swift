import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMModel
import VRMTerminal

struct KeysGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make the company's keys, and replace them.", subcommands: [NewKeys.self, RotateKeys.self])
}

/// A private key as `private.json` holds it.
struct PrivateKey: ~Copyable {
    let json: JSONObject
    let key: TokenKey
    let kid: String

    /// A fresh signing key.
    init(_ algorithm: String) throws {
        let secret = TokenKey.randomSecret(algorithm)
        key = try TokenKey(secret, algorithm: algorithm)
        kid = key.publicKey.thumbprint
        json = PrivateKey.json(key.publicKey.json, kid, secret)
    }

    static func json(_ publicKey: JSONObject, _ kid: String, _ secret: borrowing SecretBytes) -> JSONObject {
        var bytes = secret.withUnsafeBytes { Array($0) }
        defer { wipe(&bytes) }
        var json = publicKey
        json["kid"] = .string(kid)
        json["d"] = .string(Base64URL.encode(bytes))
        return json
    }
}

struct NewKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a signing key, an encryption key, and the documents that publish them.",
        discussion: """
            Examples:
              vrm-vendor keys new --origin https://shop.example --dir keys
              vrm-vendor keys new --origin https://shop.example --dir keys --alg ES256

            Writes private.json (keep it), jwks.json, and jwt-vc-issuer, which belongs at
            https://HOST/.well-known/jwt-vc-issuer. A relationship has one algorithm for life.
            """)

    @Option(help: "How bundles name the company: https://HOST[:PORT].") var origin: String
    @Option(help: "The folder to make.") var dir: String
    @Option(help: "EdDSA or ES256.") var alg = "EdDSA"
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        guard TokenKey.algorithms.contains(alg) else {
            throw Message("no such algorithm", hint: "--alg EdDSA or ES256", status: .usage)
        }
        guard let origin = Origin(origin) else {
            throw Message(
                "not an origin: https://, a lower-case host, no path, no slash at the end", hint: "--origin https://shop.example",
                status: .usage)
        }
        let signing = try PrivateKey(alg)
        let seed = SecretBytes(random: AgreementKey.seedBytes)
        let sealing = AgreementJWK(try AgreementKey(seed: seed).publicKey)
        let pinned = PinnedKey(signing.key.publicKey)
        let secrets = JSONValue.members(
            ("keys", [.object(signing.json), .object(PrivateKey.json(sealing.json, sealing.kid, seed))]))
        let files = OutputFiles(force: false)
        try files.makeFolder(dir)
        try files.stage(secrets.bytes, as: dir + "/private.json")
        try files.stage(KeyDocument.jwks([pinned], sealedTo: [sealing]).bytes, as: dir + "/jwks.json")
        try files.stage(
            KeyDocument.issuerDocument(origin, [pinned], sealedTo: [sealing]).bytes, as: dir + "/jwt-vc-issuer")
        let targets = files.targets
        try files.publish()
        try console.show(
            Answer(
                .members(
                    ("origin", .string(origin.description)), ("thumbprint", .string(pinned.kid)), ("alg", .string(alg)),
                    ("encryption_thumbprint", .string(sealing.kid)), ("files", .array(targets.map { .string($0) })))
            ) { _ in
                """
                made a key for \(origin)
                thumbprint  \(pinned.kid)
                publish     \(dir)/jwt-vc-issuer at \(origin)/.well-known/jwt-vc-issuer
                keep        \(dir)/private.json
                """
            })
    }
}

struct RotateKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Put a new signing key in place of the old one.",
        discussion: """
            Example:
              vrm-vendor keys rotate --dir keys --out rotation.json

            The old key signs the new one, and the new one proves that it is at hand: whoever trusted the old key can take the
            file instead of comparing thumbprints again. The documents name both keys, so that what was signed before still
            verifies; publish them again. The encryption key stays.
            """)

    @Option(help: "The folder of vrm-vendor keys new.") var dir: String
    @Option(help: "Where the signed statement goes, or -.") var out: String
    @Flag(help: "Overwrite the statement's file.") var force = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        let statement = OutputFiles(force: force)
        try statement.check(out)
        let folder = try KeyFolder(dir, console)
        let new = try PrivateKey(folder.algorithm)
        let signed = try folder.issuer(at: console.now).sign(rotationTo: new.key, kid: new.kid)
        let published = [PinnedKey(new.key.publicKey, kid: new.kid)] + folder.document.keys
        guard published.count + folder.document.encryptionKeys.count <= Limits.keysInDocument else {
            throw Message(
                "the documents hold as many keys as they may", hint: "take the oldest out of jwks.json and jwt-vc-issuer")
        }
        let files = OutputFiles(force: true)
        try files.stage(folder.secrets(replacingSigningKeyBy: new.json).bytes, as: dir + "/private.json")
        try files.stage(KeyDocument.jwks(published, sealedTo: folder.document.encryptionKeys).bytes, as: dir + "/jwks.json")
        try files.stage(
            KeyDocument.issuerDocument(folder.origin, published, sealedTo: folder.document.encryptionKeys).bytes,
            as: dir + "/jwt-vc-issuer")
        // The statement first: without it the old key could not be continued any more.
        try statement.stage(signed.flattened, as: out)
        try statement.publish()
        try files.publish()
        let (old, kid) = (folder.kid, new.kid)
        try console.show(
            Answer(.members(("thumbprint", .string(kid)), ("replaces", .string(old)), ("file", .string(out)))) { _ in
                """
                the new key is \(kid)
                publish     \(dir)/jwt-vc-issuer again
                hand out    \(printable(out)) to people who trust the old key
                """
            }, beside: statement.usesStandardOutput)
    }
}
