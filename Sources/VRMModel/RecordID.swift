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
    public var description: String {
        String(unsafeUninitializedCapacity: 2 * RecordID.byteCount) { text in
            for (i, byte) in bytes.enumerated() {
                text[2 * i] = RecordID.digit(byte >> 4)
                text[2 * i + 1] = RecordID.digit(byte & 15)
            }
            return 2 * RecordID.byteCount
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        default: nil
        }
    }

    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 2 * RecordID.byteCount else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(RecordID.byteCount)
        for i in stride(from: 0, to: digits.count, by: 2) {
            guard let high = RecordID.value(digits[i]), let low = RecordID.value(digits[i + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(bytes)
    }
}
