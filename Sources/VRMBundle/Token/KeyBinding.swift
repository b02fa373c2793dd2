import VRMCrypto
import VRMModel

/// A Key Binding JWT (RFC 9901 §4.3): the holder shows an intent to one company, once (docs/spec/bundle.md §5.13).
enum KeyBinding {
    /// - Parameters:
    ///   - envelope: The whole presentation.
    ///   - key: The one in `cnf.jwk`.
    ///   - audience: Who it must be shown to.
    /// - Throws: A ``Rejection`` of B-13.
    static func check(
        _ text: String, of envelope: Envelope, by key: PublicJWK, audience: String, nonce: String, at now: Instant
    ) throws(Rejection) {
        guard let token = CompactToken(text), token.header.members.count == 2, let typ = try? token.header.token("typ"),
            typ == TokenType.keyBinding
        else { throw Rejection(.keyBinding, "not a Key Binding JWT of exactly alg and typ") }
        guard token.isSigned(by: key) else { throw Rejection(.keyBinding, "not signed by the key in cnf") }
        let claims = token.payload
        guard claims.members.count == 4, let iat = try? claims.instant("iat"), let aud = try? claims.token("aud"),
            let shown = try? claims.token("nonce"), let hash = claims["sd_hash"]?.string
        else { throw Rejection(.keyBinding, "its members must be iat, aud, nonce and sd_hash") }
        guard hash.utf8.elementsEqual(Base64URL.encode(SHA256.digest(envelope.presentation)).utf8) else {
            throw Rejection(.keyBinding, "made for other Disclosures")
        }
        guard shown == nonce else { throw Rejection(.keyBinding, "an answer to another nonce") }
        guard audience == aud else { throw Rejection(.keyBinding, "made for somebody else") }
        let leeway = Limits.leewaySeconds
        guard iat.seconds <= now.seconds + leeway, now.seconds - iat.seconds <= Limits.keyBindingSeconds + leeway else {
            throw Rejection(.keyBinding, "not made within a day of now")
        }
    }

    /// Binds a presentation to one reader and one nonce.
    static func make(_ presentation: [UInt8], audience: Origin, nonce: String, now: Instant, key: borrowing TokenKey) -> String {
        CompactToken.sign(
            JSONObject([("alg", .string(key.algorithm)), ("typ", .string(TokenType.keyBinding))]),
            JSONObject([
                ("iat", .integer(now.seconds)), ("aud", .string(audience.description)), ("nonce", .string(nonce)),
                ("sd_hash", .string(Base64URL.encode(SHA256.digest(presentation)))),
            ]), with: key)
    }
}
