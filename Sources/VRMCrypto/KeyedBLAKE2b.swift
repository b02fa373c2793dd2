import CSodium

/// Keyed BLAKE2b-32 (RFC 7693) of many short messages under one key, which is absorbed once.
///
/// Not to be shared between threads.
@safe
public struct KeyedBLAKE2b: ~Copyable {
    public static let byteCount = 32
    /// A state with the key in it. Key material, so in locked memory; a multiple of 64 bytes, so aligned as libsodium wants it.
    private let absorbed: SecretBytes
    private let working: SecretBytes

    public init(key: borrowing SecretBytes) {
        let size = crypto_generichash_statebytes()
        precondition(size % 64 == 0)
        absorbed = SecretBytes(count: size)
        working = SecretBytes(count: size)
        let (base, length) = unsafe (key.base, key.count)
        _ = unsafe crypto_generichash_init(OpaquePointer(absorbed.mutableBase), base, length, KeyedBLAKE2b.byteCount)
    }

    /// Writes the digest of `message` to the 32 bytes at `out`.
    public mutating func digest(_ message: UnsafeRawBufferPointer, into out: UnsafeMutableRawPointer) {
        unsafe working.mutableBase.update(from: absorbed.base, count: absorbed.count)
        let state = unsafe OpaquePointer(working.mutableBase)
        let bytes = unsafe message.assumingMemoryBound(to: UInt8.self)
        _ = unsafe crypto_generichash_update(state, bytes.baseAddress, UInt64(bytes.count))
        _ = unsafe crypto_generichash_final(state, out.assumingMemoryBound(to: UInt8.self), KeyedBLAKE2b.byteCount)
    }
}
