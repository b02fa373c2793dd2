import VRMCrypto

/// What a token holds in place of a value: the SHA-256 of its Disclosure (RFC 9901 §4.2.3). As four numbers, to find one among many.
struct DisclosureDigest: Equatable, Comparable {
    private let (a, b, c, d): (UInt64, UInt64, UInt64, UInt64)

    init(of encoded: some Collection<UInt8>) { (a, b, c, d) = SHA256.words(hashing: encoded) }

    /// Nil for anything but 32 bytes in base64url.
    init?(encoded: UnsafeBufferPointer<UInt8>) {
        guard Base64URL.byteCount(encoded.count) == SHA256.byteCount else { return nil }
        let words = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA256.byteCount) { bytes in
            Base64URL.decode(encoded, into: bytes) ? SHA256.words(of: UnsafeRawBufferPointer(bytes)) : nil
        }
        guard let words else { return nil }
        (a, b, c, d) = words
    }

    /// One no Disclosure belongs to, to hide how many values there are.
    static func decoy() -> DisclosureDigest { DisclosureDigest(of: Random.bytes(SHA256.byteCount)) }

    /// Digests as `_sd` lists them: another order would tell which value is which (RFC 9901 §4.2.4.1).
    static func listed(_ digests: [DisclosureDigest]) -> [String] { digests.map(\.encoded).sorted() }

    /// As it stands in a token.
    private var encoded: String {
        withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) { Base64URL.encode($0) }
    }

    static func < (one: DisclosureDigest, other: DisclosureDigest) -> Bool {
        (one.a, one.b, one.c, one.d) < (other.a, other.b, other.c, other.d)
    }
}
