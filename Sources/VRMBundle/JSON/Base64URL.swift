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
        if let decoded = text.withContiguousStorageIfAvailable(decode) { return decoded }
        return Array(text).withUnsafeBufferPointer(decode)
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        let values = values.span
        // Every value there was, and the bits that no byte uses.
        var (seen, spare): (UInt32, UInt32) = (0, 0)
        let decoded = [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4) { out, end in
            var at = 0
            while at + 4 <= text.count {
                let (a, b) = (UInt32(values[Int(text[at])]), UInt32(values[Int(text[at + 1])]))
                let (c, d) = (UInt32(values[Int(text[at + 2])]), UInt32(values[Int(text[at + 3])]))
                seen |= a | b | c | d
                out[end] = UInt8(truncatingIfNeeded: a << 2 | b >> 4)
                out[end + 1] = UInt8(truncatingIfNeeded: b << 4 | c >> 2)
                out[end + 2] = UInt8(truncatingIfNeeded: c << 6 | d)
                (at, end) = (at + 4, end + 3)
            }
            guard at < text.count else { return }
            let (a, b) = (UInt32(values[Int(text[at])]), UInt32(values[Int(text[at + 1])]))
            seen |= a | b
            out[end] = UInt8(truncatingIfNeeded: a << 2 | b >> 4)
            end += 1
            spare = b & 0xF
            guard at + 2 < text.count else { return }
            let c = UInt32(values[Int(text[at + 2])])
            seen |= c
            out[end] = UInt8(truncatingIfNeeded: b << 4 | c >> 2)
            end += 1
            spare = c & 0x3
        }
        return seen & UInt32(foreign) == 0 && spare == 0 ? decoded : nil
    }
}
