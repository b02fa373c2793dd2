/// Hides how long a content is: u32 length | content | zeros, to steps of 128 bytes up to 1 KiB and by Padmé beyond
/// (Nikitin et al., PETS 2019: at most 12 % more, log log of the length leaks).
enum Padding {
    static func pad(_ content: [UInt8]) -> [UInt8] {
        let length = content.count + 4
        let whole = paddedLength(length)
        var padded: [UInt8] = []
        padded.reserveCapacity(whole)
        padded.append(UInt32(content.count))
        padded += content
        padded += repeatElement(0, count: whole - length)
        return padded
    }

    /// Nil unless the length fits and the rest is zeros.
    static func unpad(_ padded: [UInt8]) -> [UInt8]? {
        padded.withUnsafeBytes { bytes in unpad(bytes).map { Array($0) } }
    }

    static func unpad(_ padded: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard padded.count >= 4 else { return nil }
        let length = Int(UInt32(littleEndian: padded.loadUnaligned(as: UInt32.self)))
        guard length <= padded.count - 4, padded[(4 + length)...].allSatisfy({ $0 == 0 }) else { return nil }
        return UnsafeRawBufferPointer(rebasing: padded[4..<4 + length])
    }

    static func paddedLength(_ length: Int) -> Int {
        if length <= 1024 { return (length + 127) / 128 * 128 }
        let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
        let significant = Int.bitWidth - exponent.leadingZeroBitCount
        let mask = (1 << (exponent - significant)) - 1
        return (length + mask) & ~mask
    }
}
