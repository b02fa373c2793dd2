public import VRMBundle
import VRMCrypto
public import VRMModel

/// The folder `keys new` makes: `private.json` (0600), `jwks.json`, and `jwt-vc-issuer` for `/.well-known/`.
///
/// `private.json` is a JWKS with private members: the signing key, and the one that opens what is sealed to the company.
public struct KeyFolder: ~Copyable, Sendable {
    public let origin: Origin
    /// The signing key's name.
    public let kid: String
    public let algorithm: String
    /// What is published, the current signing key first.
    public let document: KeyDocument
    public let openingKeys: [OpeningKey]
    private let secret: SecretBytes
    private let opening: [JSONObject]

    private static let unusable = Message(
        "the folder holds no signing key of ours", hint: "vrm-vendor keys new --origin https://HOST --dir DIR", status: .malformed
    )

    /// Reads the private keys and whose they are.
    public init(_ path: String, _ console: Console) throws {
        let document = try KeyDocument(parsing: console.read(file: path + "/jwt-vc-issuer", cap: Limits.keyDocumentBytes))
        var bytes = try console.read(file: path + "/private.json", cap: 4096)
        defer { wipe(&bytes) }
        guard let origin = document.issuer, let file = (try? JSONParser.parse(bytes))?.object else { throw KeyFolder.unusable }
        let keys = (file["keys"]?.array ?? [.object(file)]).compactMap(\.object)
        guard let signing = keys.first(where: { $0["crv"]?.string != "X25519" }), let kid = signing["kid"]?.string else {
            throw KeyFolder.unusable
        }
        let algorithm = signing["crv"]?.string == "P-256" ? "ES256" : "EdDSA"
        let secret = try KeyFolder.secret(signing)
        let own = try TokenKey(secret, algorithm: algorithm).publicKey
        guard document.keys.contains(where: { $0.key == own && $0.kid == kid }) else {
            throw Message(
                "the private key is not the published one", hint: "vrm-vendor keys new --origin https://HOST --dir DIR",
                status: .malformed)
        }
        let opening = keys.filter { $0["crv"]?.string == "X25519" }
        let openingKeys = try opening.map { try OpeningKey(seed: try KeyFolder.secret($0), kid: $0["kid"]?.string) }
        self.document = document
        self.algorithm = algorithm
        self.openingKeys = openingKeys
        self.origin = origin
        self.kid = kid
        self.opening = opening
        self.secret = secret
    }

    private static func secret(_ key: JSONObject) throws -> SecretBytes {
        guard let d = key["d"]?.string, var bytes = Base64URL.decode(d.utf8), bytes.count == 32 else { throw unusable }
        defer { wipe(&bytes) }
        return SecretBytes(copying: bytes)
    }

    /// `private.json` with another signing key.
    public borrowing func secrets(replacingSigningKeyBy new: JSONObject) -> JSONValue {
        .members(("keys", .array(([new] + opening).map { .object($0) })))
    }

    public borrowing func issuer(at now: Instant) throws -> CompanyIssuer {
        CompanyIssuer(key: try TokenKey(secret, algorithm: algorithm), kid: kid, origin: origin, now: now)
    }
}
