/// Printable ASCII, recognised eight bytes at a time: every byte of a bundle goes through here, some of them thrice.
enum PlainText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let high: UInt64 = 0x8080_8080_8080_8080

    /// 0x20 to 0x7E, and nothing else.
    static func isPrintable(_ text: some Collection<UInt8>) -> Bool {
        text.withContiguousStorageIfAvailable(isPrintable) ?? text.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func isPrintable(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        var (at, found): (Int, UInt64) = (0, 0)
        while at + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            // The high bit of a byte that is not ASCII, is DEL, or lies below a space. A borrow or a carry sets more of them, but
            // only where there is such a byte.
            found |= word | (word &+ ones) | (word &- ones &* 0x20)
            at += 8
        }
        return found & high == 0 && raw[at...].allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Printable, and without what JSON escapes.
    static func needsNoEscape(_ text: some Collection<UInt8>) -> Bool {
        isPrintable(text)
            && (text.withContiguousStorageIfAvailable(isUnquoted) ?? !text.contains { $0 == quote || $0 == backslash })
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// - Parameter text: Printable.
    private static func isUnquoted(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        var (at, found): (Int, UInt64) = (0, 0)
        while at + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            found |= ((word ^ ones &* UInt64(quote)) &- ones) | ((word ^ ones &* UInt64(backslash)) &- ones)
            at += 8
        }
        return found & high == 0 && raw[at...].allSatisfy { $0 != quote && $0 != backslash }
    }
}
