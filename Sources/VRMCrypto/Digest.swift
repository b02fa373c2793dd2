import CSodium
import Crypto

/// SHA-256 (FIPS 180-4): the digest of everything that leaves the vault. By swift-crypto, which uses the processor's
/// instructions for it where there are any.
public enum SHA256 {
    public static let byteCount = 32

    public static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let direct = bytes.withContiguousStorageIfAvailable { unsafe digest(UnsafeRawBufferPointer($0)) }
        if let direct { return direct }
        return unsafe Array(bytes).withUnsafeBytes { unsafe digest($0) }
    }

    /// The same as four numbers, the first bytes in the first: to sort and to compare.
    public static func words(hashing bytes: some Collection<UInt8>) -> (UInt64, UInt64, UInt64, UInt64) {
        let direct = bytes.withContiguousStorageIfAvailable { unsafe words(hashing: UnsafeRawBufferPointer($0)) }
        if let direct { return direct }
        return unsafe Array(bytes).withUnsafeBytes { unsafe words(hashing: $0) }
    }

    private static func words(hashing bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        unsafe finished(bytes).withUnsafeBytes { unsafe words(of: $0) }
    }

    /// - Parameter digest: 32 bytes.
    public static func words(of digest: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        func word(_ start: Int) -> UInt64 {
            unsafe UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        return (word(0), word(8), word(16), word(24))
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        unsafe finished(bytes).withUnsafeBytes { unsafe Array($0) }
    }

    private static func finished(_ bytes: UnsafeRawBufferPointer) -> Crypto.SHA256Digest {
        var function = Crypto.SHA256()
        unsafe function.update(bufferPointer: bytes)
        return function.finalize()
    }
}

extension SHA256 {
    /// The digest of what comes in pieces.
    public struct Running {
        private var state = crypto_hash_sha256_state()

        public init() { _ = unsafe crypto_hash_sha256_init(&state) }

        public mutating func add(_ bytes: [UInt8]) {
            _ = unsafe crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
        }

        /// Of everything added; nothing can be added after it.
        public consuming func digest() -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: byteCount)
            var last = state
            _ = unsafe crypto_hash_sha256_final(&last, &digest)
            return digest
        }
    }
}

/// BLAKE2b (RFC 7693): the digest inside the vault.
public enum BLAKE2b {
    /// - Parameter count: 16 to 64 bytes.
    public static func digest(_ bytes: [UInt8], count: Int = 32) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: count)
        _ = unsafe crypto_generichash(&digest, count, bytes, UInt64(bytes.count), nil, 0)
        return digest
    }

    /// A keyed digest, which only the holder of `key` can compute.
    public static func digest(_ bytes: [UInt8], key: borrowing SecretBytes, count: Int = 32) -> [UInt8] {
        let (base, length) = unsafe (key.base, key.count)
        var digest = [UInt8](repeating: 0, count: count)
        _ = unsafe crypto_generichash(&digest, count, bytes, UInt64(bytes.count), base, length)
        return digest
    }

    /// The same of a secret, into locked memory.
    public static func derive(from secret: borrowing SecretBytes, prefix: [UInt8], count: Int) -> SecretBytes {
        let out = SecretBytes(count: count)
        var input = prefix
        unsafe secret.withUnsafeBytes { input += unsafe Array($0) }
        _ = unsafe crypto_generichash(out.mutableBase, count, input, UInt64(input.count), nil, 0)
        wipe(&input)
        return out
    }
}
