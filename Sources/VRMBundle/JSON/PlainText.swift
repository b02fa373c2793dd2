/// Printable ASCII, recognised eight bytes at a time: every byte of a bundle goes through here, some of them thrice.
enum PlainText {
    /// 0x20 to 0x7E, and nothing else.
    static func isPrintable(_ text: some Collection<UInt8>) -> Bool {
        text.withContiguousStorageIfAvailable { isFree($0, of: 0x7F, 0x7F) } ?? text.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Printable, and without what JSON escapes.
    static func needsNoEscape(_ text: some Collection<UInt8>) -> Bool {
        text.withContiguousStorageIfAvailable { isFree($0, of: UInt8(ascii: "\""), UInt8(ascii: "\\")) }
            ?? needsNoEscape(Array(text))
    }

    private static func isFree(_ text: UnsafeBufferPointer<UInt8>, of one: UInt8, _ other: UInt8) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let spaces = ones &* 0x20
        let (first, second) = (ones &* UInt64(one), ones &* UInt64(other))
        var (at, found): (Int, UInt64) = (0, 0)
        while at + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            // The high bit of a byte that is not ASCII, is DEL, lies below a space, or is one of the two. A borrow or a carry sets
            // more of them, but only where there is such a byte.
            found |= word | (word &+ ones) | (word &- spaces) | ((word ^ first) &- ones) | ((word ^ second) &- ones)
            at += 8
        }
        guard found & 0x8080_8080_8080_8080 == 0 else { return false }
        return raw[at...].allSatisfy { (0x20...0x7E).contains($0) && $0 != one && $0 != other }
    }
}
