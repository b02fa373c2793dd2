/// Printable ASCII. Every byte of a bundle goes through here, some of them thrice.
enum PlainText {
    /// 0x20 to 0x7E, and nothing else.
    static func isPrintable(_ text: some Collection<UInt8>) -> Bool {
        text.withContiguousStorageIfAvailable(isPrintable) ?? text.allSatisfy { (0x20...0x7E).contains($0) }
    }

    // A loop that leaves nowhere early: the compiler makes steps of sixteen bytes of it.
    private static func isPrintable(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (least, greatest): (UInt8, UInt8) = (0x20, 0x7E)
        for byte in text {
            least = min(least, byte)
            greatest = max(greatest, byte)
        }
        return least == 0x20 && greatest == 0x7E
    }

    /// Printable, and without what JSON escapes.
    // Eight bytes at a time: what is written is mostly short. The last eight may begin among those before.
    static func needsNoEscape(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        guard raw.count >= 8 else { return raw.allSatisfy { (0x20...0x7E).contains($0) && $0 != quote && $0 != backslash } }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (spaces, quotes, backslashes) = (ones &* 0x20, ones &* UInt64(quote), ones &* UInt64(backslash))
        var (at, found): (Int, UInt64) = (0, 0)
        while at < raw.count {
            let word = raw.loadUnaligned(fromByteOffset: min(at, raw.count - 8), as: UInt64.self)
            // The high bit of a byte that is not ASCII, is DEL, lies below a space, or is one of the two. A borrow or a carry sets
            // more of them, but only where there is such a byte.
            found |= word | (word &+ ones) | (word &- spaces) | ((word ^ quotes) &- ones) | ((word ^ backslashes) &- ones)
            at += 8
        }
        return found & 0x8080_8080_8080_8080 == 0
    }
}
