import CSodium

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, IETF variant) with a random 24-byte nonce.
///
/// A sealed value is nonce | ciphertext | 16-byte tag.
public enum Seal {
    public static let nonceBytes = 24
    public static let tagBytes = 16
    public static let overhead = nonceBytes + tagBytes

    /// - Parameter place: What the value is bound to; opening needs the same bytes.
    public static func seal(_ plaintext: [UInt8], key: borrowing SecretBytes, place: [UInt8]) -> [UInt8] {
        let nonce = Random.bytes(nonceBytes)
        let base = unsafe key.base
        precondition(key.count == 32)
        var sealed = [UInt8](repeating: 0, count: plaintext.count + tagBytes)
        _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, nil, plaintext, UInt64(plaintext.count), place, UInt64(place.count), nil, nonce, base)
        return nonce + sealed
    }

    /// - Throws: ``CryptoFailure/notAuthentic``.
    public static func open(_ sealed: [UInt8], key: borrowing SecretBytes, place: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        guard sealed.count >= overhead, key.count == 32 else { throw .notAuthentic }
        let base = unsafe key.base
        var plaintext = [UInt8](repeating: 0, count: sealed.count - overhead)
        let result = unsafe sealed.withUnsafeBufferPointer { input in
            unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plaintext, nil, nil, input.baseAddress! + nonceBytes, UInt64(sealed.count - nonceBytes), place,
                UInt64(place.count), input.baseAddress!, base)
        }
        guard result == 0 else { throw .notAuthentic }
        return plaintext
    }

    /// Seals a key.
    public static func seal(_ secret: borrowing SecretBytes, key: borrowing SecretBytes, place: [UInt8]) -> [UInt8] {
        var plaintext = unsafe secret.withUnsafeBytes { unsafe Array($0) }
        defer { wipe(&plaintext) }
        return seal(plaintext, key: key, place: place)
    }

    /// Opens a sealed key straight into locked memory of the right size.
    public static func open(
        _ sealed: [UInt8], into secret: inout SecretBytes, key: borrowing SecretBytes, place: [UInt8]
    ) throws(CryptoFailure) {
        guard sealed.count == overhead + secret.count, key.count == 32 else { throw .notAuthentic }
        let (base, target) = unsafe (key.base, secret.mutableBase)
        let result = unsafe sealed.withUnsafeBufferPointer { input in
            unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                target, nil, nil, input.baseAddress! + nonceBytes, UInt64(sealed.count - nonceBytes), place,
                UInt64(place.count), input.baseAddress!, base)
        }
        guard result == 0 else { throw .notAuthentic }
    }
}
