import VRMBundle
import VRMCrypto
import VRMModel
import VRMTerminal

/// The folder `keys new` makes: `private.json` (0600), `jwks.json`, and `jwt-vc-issuer` for `/.well-known/`.
struct KeyFolder: ~Copyable {
    let origin: Origin
    let kid: String
    private let seed: SecretBytes

    /// Reads the private key and whose it is.
    init(_ path: String, _ console: Console) throws {
        let issuer = try KeyDocument(parsing: console.read(file: path + "/jwt-vc-issuer", cap: Limits.keyDocumentBytes))
        var bytes = try console.read(file: path + "/private.json", cap: 4096)
        defer { wipe(&bytes) }
        guard let origin = issuer.issuer, let jwk = (try? JSONParser.parse(bytes))?.object, jwk["crv"]?.string == "Ed25519",
            let kid = jwk["kid"]?.string, let d = jwk["d"]?.string, var seed = Base64URL.decode(d.utf8)
        else {
            throw Message(
                "the folder holds no signing key of ours", hint: "vrm-vendor keys new --origin https://HOST --dir DIR",
                status: .malformed)
        }
        defer { wipe(&seed) }
        let secret = SecretBytes(copying: seed)
        let own = PublicJWK.ed25519(try SigningKey(seed: secret).publicKey)
        guard issuer.keys.contains(where: { $0.key == own && $0.kid == kid }) else {
            throw Message(
                "the private key is not the published one", hint: "vrm-vendor keys new --origin https://HOST --dir DIR",
                status: .malformed)
        }
        self.origin = origin
        self.kid = kid
        self.seed = secret
    }

    borrowing func issuer(at now: Instant) throws -> CompanyIssuer {
        try CompanyIssuer(seed: seed, kid: kid, origin: origin, now: now)
    }
}
