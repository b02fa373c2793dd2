/// base64url without padding (RFC 4648 §5), in its one canonical spelling.
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// By letter. A value and no array, so that threads do not count references to it together.
    private static let letters: InlineArray<64, UInt8> = InlineArray { alphabet[$0] }
    private static let values: InlineArray<256, UInt8> = InlineArray { byte in
        alphabet.firstIndex { Int($0) == byte }.map { UInt8($0) } ?? foreign
    }
    private static let foreign: UInt8 = 0x80

    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        bytes.withContiguousStorageIfAvailable(encode) ?? Array(bytes).withUnsafeBufferPointer(encode)
    }

    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let letters = letters.span
        return String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { out in
            var (at, end) = (0, 0)
            while at + 3 <= bytes.count {
                let group = UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
                out[end] = letters[Int(group >> 18)]
                out[end + 1] = letters[Int(group >> 12 & 63)]
                out[end + 2] = letters[Int(group >> 6 & 63)]
                out[end + 3] = letters[Int(group & 63)]
                (at, end) = (at + 3, end + 4)
            }
            guard at < bytes.count else { return end }
            let group = UInt32(bytes[at]) << 16 | (at + 1 < bytes.count ? UInt32(bytes[at + 1]) << 8 : 0)
            out[end] = letters[Int(group >> 18)]
            out[end + 1] = letters[Int(group >> 12 & 63)]
            guard at + 1 < bytes.count else { return end + 2 }
            out[end + 2] = letters[Int(group >> 6 & 63)]
            return end + 3
        }
    }

    /// Nil for padding, white space, a foreign letter, an impossible length, or bits set that no byte uses:
    /// encoding the result gives the input again.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var decoded = [UInt8](repeating: 0, count: byteCount(text.count))
        return decode(text, into: &decoded, at: 0) ? decoded : nil
    }

    /// How many bytes so many letters give.
    static func byteCount(_ letters: Int) -> Int { letters * 3 / 4 }

    /// Decodes to a place in `out`. What stands there is of no use when the result is false.
    static func decode(_ text: some Collection<UInt8>, into out: inout [UInt8], at start: Int) -> Bool {
        out.withUnsafeMutableBufferPointer { out in
            let place = UnsafeMutableBufferPointer(rebasing: out[start..<start + byteCount(text.count)])
            return text.withContiguousStorageIfAvailable { decode($0, into: place) }
                ?? Array(text).withUnsafeBufferPointer { decode($0, into: place) }
        }
    }

    /// - Parameter out: Of ``byteCount(_:)`` bytes.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        guard text.count % 4 != 1 else { return false }
        let values = values.span
        // Every value there was, and the bits that no byte uses.
        var (seen, spare): (UInt32, UInt32) = (0, 0)
        var (at, end) = (0, 0)
        while at + 4 <= text.count {
            let (a, b) = (UInt32(values[Int(text[at])]), UInt32(values[Int(text[at &+ 1])]))
            let (c, d) = (UInt32(values[Int(text[at &+ 2])]), UInt32(values[Int(text[at &+ 3])]))
            seen |= a | b | c | d
            let group = a << 18 | b << 12 | c << 6 | d
            out[end] = UInt8(truncatingIfNeeded: group >> 16)
            out[end &+ 1] = UInt8(truncatingIfNeeded: group >> 8)
            out[end &+ 2] = UInt8(truncatingIfNeeded: group)
            (at, end) = (at &+ 4, end &+ 3)
        }
        if at < text.count {
            let (a, b) = (UInt32(values[Int(text[at])]), UInt32(values[Int(text[at + 1])]))
            seen |= a | b
            out[end] = UInt8(truncatingIfNeeded: a << 2 | b >> 4)
            spare = b & 0xF
            if at + 2 < text.count {
                let c = UInt32(values[Int(text[at + 2])])
                seen |= c
                out[end + 1] = UInt8(truncatingIfNeeded: b << 4 | c >> 2)
                spare = c & 0x3
            }
        }
        return seen & UInt32(foreign) == 0 && spare == 0
    }
}
