import CSodium

/// Argon2id version 1.3 (RFC 9106), one lane: a key from a passphrase.
public struct Argon2id: Hashable, Sendable {
    /// Passes over the memory.
    public let passes: UInt64
    /// Memory in KiB.
    public let kibibytes: UInt64

    public static let saltBytes = 16

    public init(passes: UInt64, kibibytes: UInt64) {
        self.passes = passes
        self.kibibytes = kibibytes
    }

    /// - Throws: ``CryptoFailure/derivationFailed``, above all when the memory cannot be had.
    public func derive(from passphrase: borrowing SecretBytes, salt: [UInt8], count: Int) throws(CryptoFailure) -> SecretBytes {
        _ = Sodium.ready
        guard salt.count == Argon2id.saltBytes else { throw .derivationFailed }
        let key = SecretBytes(count: count)
        let (input, length) = unsafe (passphrase.base, passphrase.count)
        let result = unsafe input.withMemoryRebound(to: CChar.self, capacity: length) {
            unsafe crypto_pwhash(
                key.mutableBase, UInt64(count), $0, UInt64(length), salt, passes, Int(kibibytes) * 1024,
                crypto_pwhash_alg_argon2id13())
        }
        guard result == 0 else { throw .derivationFailed }
        return key
    }
}

/// libsodium's `crypto_kdf` (keyed BLAKE2b with the number as salt): independent subkeys of one master key.
public enum Subkey {
    /// - Parameter context: Exactly 8 ASCII bytes that name the use.
    public static func derive(from master: borrowing SecretBytes, number: UInt64, context: StaticString) -> SecretBytes {
        precondition(context.utf8CodeUnitCount == 8 && master.count == 32)
        let key = SecretBytes(count: 32)
        let base = unsafe master.base
        unsafe context.utf8Start.withMemoryRebound(to: CChar.self, capacity: 8) {
            _ = unsafe crypto_kdf_derive_from_key(key.mutableBase, 32, number, $0, base)
        }
        return key
    }
}
