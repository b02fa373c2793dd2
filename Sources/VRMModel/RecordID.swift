/// The random 16 bytes that name one record of a vault, for ever. Written as 32 hexadecimal digits.
public struct RecordID: Hashable, Comparable, Sendable {
    public let bytes: [UInt8]

    public static let byteCount = 16

    /// Nil unless there are exactly 16 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == RecordID.byteCount else { return nil }
        self.bytes = bytes
    }

    public static func < (a: RecordID, b: RecordID) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// Enough of it to type: the first 8 digits.
    public var short: String { String(description.prefix(8)) }
}

extension RecordID: LosslessStringConvertible {
    public var description: String { bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined() }

    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 2 * RecordID.byteCount else { return nil }
        var bytes: [UInt8] = []
        for i in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[i..<i + 2], as: UTF8.self), radix: 16) else { return nil }
            bytes.append(byte)
        }
        self.init(bytes)
        guard description == text else { return nil }
    }
}
