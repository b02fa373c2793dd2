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
        _ = Sodium.ready
        let base = unsafe key.base
        precondition(key.count == 32)
        return unsafe [UInt8](unsafeUninitializedCapacity: plaintext.count + overhead) { sealed, count in
            let nonce = sealed.baseAddress!
            unsafe randombytes_buf(nonce, nonceBytes)
            _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                nonce + nonceBytes, nil, plaintext, UInt64(plaintext.count), place, UInt64(place.count), nil, nonce, base)
            count = plaintext.count + overhead
        }
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

    /// Opens without copying, for passes over many rows: to `plaintext`, which has room for ``overhead`` bytes less.
    ///
    /// - Returns: Whether it is authentic. If not, nothing is to be read from `plaintext`.
    public static func open(
        _ sealed: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawPointer, key: UnsafeRawPointer,
        place: UnsafeRawBufferPointer
    ) -> Bool {
        guard sealed.count >= overhead else { return false }
        let input = unsafe sealed.baseAddress!.assumingMemoryBound(to: UInt8.self)
        return unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
            plaintext.assumingMemoryBound(to: UInt8.self), nil, nil, input + nonceBytes, UInt64(sealed.count - nonceBytes),
            place.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(place.count), input,
            key.assumingMemoryBound(to: UInt8.self)) == 0
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
