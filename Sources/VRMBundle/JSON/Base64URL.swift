/// base64url without padding (RFC 4648 §5), in its one canonical spelling.
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    // Tables made once and for good. Pointers: threads would count their references to an array together, and a table that is a value is
    // copied each time it is looked into.

    /// Two letters by twelve bits, the first in the lower byte.
    nonisolated(unsafe) private static let letters = table(
        (0..<4096).map {
            UInt16(alphabet[$0 >> 6]) | UInt16(alphabet[$0 & 63]) << 8
        })
    /// By letter.
    nonisolated(unsafe) private static let values = table(
        (0..<256).map { byte in
            alphabet.firstIndex { Int($0) == byte }.map { UInt8($0) } ?? foreign
        })
    private static let foreign: UInt8 = 0x80

    private static func table<Entry: BitwiseCopyable>(_ entries: [Entry]) -> UnsafePointer<Entry> {
        let table = UnsafeMutableBufferPointer<Entry>.allocate(capacity: entries.count)
        _ = table.initialize(from: entries)
        return UnsafePointer(table.baseAddress!)
    }

    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        let count = letterCount(bytes.count)
        return String(unsafeUninitializedCapacity: count) { out in
            encode(bytes, into: UnsafeMutableRawBufferPointer(out))
            return count
        }
    }

    /// How many letters so many bytes give.
    static func letterCount(_ bytes: Int) -> Int { (bytes * 4 + 2) / 3 }

    /// - Parameter out: Of ``letterCount(_:)`` bytes.
    static func encode(_ bytes: some Collection<UInt8>, into out: UnsafeMutableRawBufferPointer) {
        bytes.withContiguousStorageIfAvailable { encode($0, into: out) }
            ?? Array(bytes).withUnsafeBufferPointer { encode($0, into: out) }
    }

    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableRawBufferPointer) {
        let letters = letters
        func put(_ bits: UInt64, _ at: Int) {
            out.storeBytes(of: letters[Int(bits & 0xFFF)].littleEndian, toByteOffset: at, as: UInt16.self)
        }
        let raw = UnsafeRawBufferPointer(bytes)
        var (at, end) = (0, 0)
        while at + 8 <= raw.count {  // of which six are used
            let group = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            put(group >> 52, end)
            put(group >> 40, end + 2)
            put(group >> 28, end + 4)
            put(group >> 16, end + 6)
            (at, end) = (at + 6, end + 8)
        }
        while at + 3 <= raw.count {
            let group = UInt64(raw[at]) << 16 | UInt64(raw[at + 1]) << 8 | UInt64(raw[at + 2])
            put(group >> 12, end)
            put(group, end + 2)
            (at, end) = (at + 3, end + 4)
        }
        guard at < raw.count else { return }
        let group = UInt64(raw[at]) << 16 | (at + 1 < raw.count ? UInt64(raw[at + 1]) << 8 : 0)
        put(group >> 12, end)
        if at + 1 < raw.count { out[end + 2] = UInt8(truncatingIfNeeded: letters[Int(group & 0xFFF)]) }
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
        let values = values
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
