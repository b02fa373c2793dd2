import Crypto

/// AES-256-GCM (NIST SP 800-38D), for JOSE alone. By swift-crypto: libsodium's needs a processor with AES instructions.
public enum AES256GCM {
    public static let nonceBytes = 12
    public static let tagBytes = 16

    /// Seals under a nonce of its own. A key must not seal more than 2^32 messages; ours seal one.
    public static func seal(_ plaintext: [UInt8], key: borrowing SecretBytes, authenticating data: [UInt8]) throws(CryptoFailure)
        -> (nonce: [UInt8], ciphertext: [UInt8], tag: [UInt8])
    {
        let nonce = Random.bytes(nonceBytes)
        guard key.count == 32, let place = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.seal(plaintext, using: symmetric(key), nonce: place, authenticating: data)
        else { throw .invalidKey }
        return (nonce, Array(box.ciphertext), Array(box.tag))
    }

    /// - Throws: ``CryptoFailure/notAuthentic``.
    public static func open(
        _ ciphertext: [UInt8], nonce: [UInt8], tag: [UInt8], key: borrowing SecretBytes, authenticating data: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        guard key.count == 32, nonce.count == nonceBytes, tag.count == tagBytes, let place = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.SealedBox(nonce: place, ciphertext: ciphertext, tag: tag),
            let plaintext = try? AES.GCM.open(box, using: symmetric(key), authenticating: data)
        else { throw .notAuthentic }
        return Array(plaintext)
    }

    private static func symmetric(_ key: borrowing SecretBytes) -> SymmetricKey {
        unsafe key.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    }
}
