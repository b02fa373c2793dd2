import VRMCrypto
import VRMModel

/// A key a person signs under, a pairwise one or that of an intent, and what every token under it says.
struct PersonKey: ~Copyable {
    private let key: TokenKey
    let publicKey: PublicJWK
    private let kid: String
    /// The `iss`.
    let name: String

    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    init(seed: borrowing SecretBytes) throws(CryptoFailure) {
        key = .ed25519(try SigningKey(seed: seed))
        publicKey = key.publicKey
        kid = publicKey.thumbprint
        name = PairwiseIssuer.prefix + kid
    }

    /// When a token ends: finer times would link bundles to one another.
    static func midnight(notBefore time: Instant) -> Instant {
        let midnight = time.floored(to: 86_400)
        return midnight == time ? time : midnight.adding(seconds: 86_400)
    }

    /// - Parameter digests: Below each member that discloses.
    borrowing func sign(
        _ type: TokenType, _ common: CommonClaims, _ claims: some JSONMembers,
        digests: [(name: StaticString, values: [DisclosureDigest])] = [], disclosures: [Disclosure] = []
    ) -> SignedBundle {
        let jwk = publicKey
        return SignedBundle(
            TokenHeader(alg: key.algorithm, kid: kid, typ: type.typ), with: key,
            disclosures: type.isSelectiveDisclosure ? disclosures.map(\.encoded) : nil, jti: common.jti
        ) { json in
            common.members(&json)
            json.member("cnf") { json in json.member("jwk", jwk) }
            claims.members(&json)
            guard type.isSelectiveDisclosure else { return }
            json.member("vct", type.rawValue)
            json.member("_sd_alg", "sha-256")
            for container in digests {
                json.member(container.name) { json in
                    json.array("_sd") { json in for digest in DisclosureDigest.listed(container.values) { json.write(digest) } }
                }
            }
        }
    }

    /// Proves possession inside the token that hands over to this key.
    borrowing func prove(_ common: CommonClaims) -> String { Successor.prove(key, kid: kid, name: name, common) }

    /// Binds a presentation to one reader and one nonce (RFC 9901 §4.3).
    borrowing func bind(_ presentation: [UInt8], to reader: Origin, nonce: String, now: Instant) -> String {
        KeyBinding.make(presentation, audience: reader, nonce: nonce, now: now, key: key)
    }
}
