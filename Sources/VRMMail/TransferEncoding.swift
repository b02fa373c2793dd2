/// The encodings that carry bytes through mail (RFC 2045 §6), read as leniently as it asks.
enum TransferEncoding {
    /// - Parameter name: Of Content-Transfer-Encoding; anything but base64 and quoted-printable leaves the bytes alone.
    static func decode(_ bytes: ArraySlice<UInt8>, _ name: String) -> [UInt8] {
        switch name.lowercased() {
        case "base64": base64(bytes)
        case "quoted-printable": quotedPrintable(bytes)
        default: Array(bytes)
        }
    }

    /// Letters that are none are passed over (§6.8); the first `=` ends it.
    static func base64(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 3 / 4)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            let value: UInt32
            switch byte {
            case 65...90: value = UInt32(byte) - 65
            case 97...122: value = UInt32(byte) - 71
            case 48...57: value = UInt32(byte) + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="): return out
            default: continue
            }
            buffer = buffer << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return out
    }

    /// An `=` that escapes nothing stays; white space at the end of a line goes (§6.7(3)).
    static func quotedPrintable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        for part in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            var line = part
            let isLast = part.endIndex == bytes.endIndex
            while let last = line.last, last.isBlank { line.removeLast() }
            let isSoft = line.last == UInt8(ascii: "=")
            if isSoft { line.removeLast() }
            var at = line.startIndex
            while at < line.endIndex {
                if line[at] == UInt8(ascii: "="), at + 2 < line.endIndex, let high = line[at + 1].hexValue,
                    let low = line[at + 2].hexValue
                {
                    out.append(high << 4 | low)
                    at += 3
                } else {
                    out.append(line[at])
                    at += 1
                }
            }
            if !isSoft && !isLast { out.append(10) }
        }
        return out
    }
}
