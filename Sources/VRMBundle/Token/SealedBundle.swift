public import VRMCrypto

/// A private key that opens bundles sealed to it, under the name its owner gives it.
public final class OpeningKey: Sendable {
    public let kid: String
    let key: AgreementKey

    /// - Parameter kid: By default the thumbprint of its public half.
    /// - Throws: ``CryptoFailure/invalidKey`` unless the seed has 32 bytes.
    public init(seed: borrowing SecretBytes, kid: String? = nil) throws(CryptoFailure) {
        let key = try AgreementKey(seed: seed)
        self.kid = kid ?? AgreementJWK(key.publicKey).kid
        self.key = key
    }

    public var publicKey: AgreementJWK { AgreementJWK(key.publicKey, kid: kid) }
}

/// A signed token inside a compact JWE (RFC 7516 §7.1): ECDH-ES with X25519, A256GCM (docs/spec/bundle.md §10).
///
/// Opening it proves nothing about the sender: anybody can seal.
public enum SealedBundle {
    private static let type = "vrm-sealed+jwe"

    /// Seals a token to one reader. The file is the text, in ASCII.
    ///
    /// - Throws: ``CryptoFailure/invalidKey`` for a key with which nobody can agree.
    public static func seal(_ signed: SignedBundle, to reader: AgreementJWK) throws(CryptoFailure) -> [UInt8] {
        let ephemeral = try AgreementKey(seed: SecretBytes(random: AgreementKey.seedBytes))
        let key = ConcatKDF.derive(from: try ephemeral.agree(with: reader.key), algorithm: "A256GCM")
        let header = JSONValue.object(
            JSONObject([
                ("alg", "ECDH-ES"), ("enc", "A256GCM"), ("epk", .object(AgreementJWK.members(ephemeral.publicKey))),
                ("kid", .string(reader.kid)), ("typ", .string(type)), ("cty", "JWT"),
            ]))
        let protected = Base64URL.encode(header.bytes)
        let (nonce, ciphertext, tag) = try AES256GCM.seal(signed.compact, key: key, authenticating: Array(protected.utf8))
        let parts = [protected, "", Base64URL.encode(nonce), Base64URL.encode(ciphertext), Base64URL.encode(tag)]
        return Array(parts.joined(separator: ".").utf8)
    }

    /// Whether bytes are to be opened before they are read: five parts, as only a JWE has.
    static func looksSealed(_ bytes: [UInt8]) -> Bool {
        guard bytes.first != UInt8(ascii: "{"), bytes.count <= Limits.fileBytes else { return false }
        var dots = 0
        for byte in bytes where byte == UInt8(ascii: ".") { dots += 1 }
        return dots == 4 && !bytes.contains(UInt8(ascii: "~"))
    }

    /// Which of its reader's keys it says it is sealed to; nil for what is no sealed bundle.
    public static func reader(of bytes: [UInt8]) -> String? {
        guard looksSealed(bytes), let part = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1).first,
            part.count <= 2 * Limits.headerBytes, let header = Base64URL.decode(part)
        else { return nil }
        return (try? JSONParser.parse(header))?.object?["kid"]?.string
    }

    /// The compact token inside.
    ///
    /// - Throws: A ``Rejection`` of B-01 to B-03, or of B-17.
    static func open(_ bytes: [UInt8], with keys: [OpeningKey]) throws(Rejection) -> [UInt8] {
        guard bytes.count <= Limits.sealedBytes else { throw Rejection(.shape, "more than \(Limits.sealedBytes) bytes") }
        let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw Rejection(.shape, "bytes that no bundle has") }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 5, !parts[0].isEmpty else { throw Rejection(.shape, "neither a token nor a sealed one") }
        var decoded: [[UInt8]] = []
        for part in parts {
            guard let part = Base64URL.decode(part) else { throw Rejection(.base64url, "in a sealed bundle") }
            decoded.append(part)
        }
        let (kid, ephemeral) = try header(decoded[0])
        guard decoded[1].isEmpty else { throw Rejection(.encryption, "an encrypted key where both sides agree on one") }
        guard decoded[2].count == AES256GCM.nonceBytes, decoded[4].count == AES256GCM.tagBytes else {
            throw Rejection(.encryption, "another length of vector or tag")
        }
        guard let own = keys.first(where: { $0.kid == kid }) else {
            throw Rejection(.encryption, keys.isEmpty ? "sealed, and no key to open it is given" : "sealed to another key")
        }
        guard let shared = try? own.key.agree(with: ephemeral) else {
            throw Rejection(.encryption, "a key with which everybody agrees on zeros")
        }
        let key = ConcatKDF.derive(from: shared, algorithm: "A256GCM")
        guard
            let plaintext = try? AES256GCM.open(
                decoded[3], nonce: decoded[2], tag: decoded[4], key: key, authenticating: Array(parts[0]))
        else { throw Rejection(.encryption, "it does not open with the key it names") }
        guard isCompactToken(plaintext) else { throw Rejection(.encryption, "what is inside is no compact token") }
        return plaintext
    }

    private static func header(_ bytes: [UInt8]) throws(Rejection) -> (kid: String, ephemeral: X25519PublicKey) {
        guard bytes.count <= Limits.headerBytes else {
            throw Rejection(.encryption, "a header longer than \(Limits.headerBytes) bytes")
        }
        guard let object = try StrictJSON.parse(bytes, in: "the sealed bundle's header").object, object.members.count == 6,
            let kid = try? object.token("kid"), let epk = object["epk"]?.object
        else { throw Rejection(.encryption, "its header must be alg, enc, epk, kid, typ and cty") }
        for (name, value) in [("alg", "ECDH-ES"), ("enc", "A256GCM"), ("typ", type), ("cty", "JWT")] {
            guard let found = try? object.token(name), found == value else {
                throw Rejection(.encryption, "\(name) is not \(value)")
            }
        }
        guard epk.members.count == 3, let bytes = AgreementJWK.coordinate(epk), let key = try? X25519PublicKey(unchecked: bytes)
        else {
            throw Rejection(.encryption, "epk is not exactly a public X25519 key")
        }
        return (kid, key)
    }

    /// Three parts of base64url, and Disclosures after `~`: nothing around it, not sealed again.
    private static func isCompactToken(_ bytes: [UInt8]) -> Bool {
        let token = bytes.prefix { $0 != UInt8(ascii: "~") }
        var dots = 0
        for byte in token where byte == UInt8(ascii: ".") { dots += 1 }
        return dots == 2 && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
