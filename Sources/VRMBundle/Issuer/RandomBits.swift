import VRMCrypto

/// Ids and salts of 128 random bits. Those of one token are drawn at once: each draw is a call of the operating system.
struct RandomBits {
    private static let byteCount = 16

    private var bytes: ArraySlice<UInt8>

    init(count: Int) { bytes = Random.bytes(RandomBits.byteCount * count)[...] }

    /// The next of as many as were drawn.
    mutating func next() -> ArraySlice<UInt8> {
        precondition(!bytes.isEmpty, "more random bits than were drawn")
        defer { bytes = bytes.dropFirst(RandomBits.byteCount) }
        return bytes.prefix(RandomBits.byteCount)
    }

    /// A `jti`.
    mutating func id() -> String { Base64URL.encode(next()) }

    static func id() -> String {
        var random = RandomBits(count: 1)
        return random.id()
    }
}
