import ArgumentParser
import VRMBundle
import VRMCrypto
import VRMModel
import VRMTerminal

struct KeysGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make the company's signing key.", subcommands: [NewKeys.self])
}

struct NewKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a signing key and the documents that publish it.",
        discussion: """
            Example:
              vrm-vendor keys new --origin https://shop.example --dir keys

            Writes private.json (keep it), jwks.json, and jwt-vc-issuer, which belongs at
            https://HOST/.well-known/jwt-vc-issuer.
            """)

    @Option(help: "How bundles name the company: https://HOST[:PORT].") var origin: String
    @Option(help: "The folder to make.") var dir: String
    @Option(help: "EdDSA.") var alg = "EdDSA"
    @OptionGroup var output: OutputOptions

    func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        if alg == "ES256" { throw Message.notBuilt }
        guard alg == "EdDSA" else { throw Message("no such algorithm", hint: "--alg EdDSA", status: .usage) }
        guard let origin = Origin(origin) else {
            throw Message(
                "not an origin: https://, a lower-case host, no path, no slash at the end", hint: "--origin https://shop.example",
                status: .usage)
        }
        let seed = SecretBytes(random: SigningKey.seedBytes)
        let key = try PublicJWK.ed25519(SigningKey(seed: seed).publicKey)
        let pinned = PinnedKey(key)
        var secret = seed.withUnsafeBytes { Array($0) }
        defer { wipe(&secret) }
        var jwk = key.json
        jwk["d"] = .string(Base64URL.encode(secret))
        jwk["kid"] = .string(pinned.kid)
        let files = OutputFiles(force: false)
        try files.makeFolder(dir)
        try files.stage(JSONValue.object(jwk).bytes, as: dir + "/private.json")
        try files.stage(KeyDocument.jwks([pinned]).bytes, as: dir + "/jwks.json")
        try files.stage(KeyDocument.issuerDocument(origin, [pinned]).bytes, as: dir + "/jwt-vc-issuer")
        let targets = files.targets
        try files.publish()
        try console.show(
            Answer(
                .members(
                    ("origin", .string(origin.description)), ("thumbprint", .string(key.thumbprint)),
                    ("files", .array(targets.map { .string($0) })))
            ) { _ in
                """
                made a key for \(origin)
                thumbprint  \(key.thumbprint)
                publish     \(dir)/jwt-vc-issuer at \(origin)/.well-known/jwt-vc-issuer
                keep        \(dir)/private.json
                """
            })
    }
}
