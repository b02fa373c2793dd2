/// The name of a piece of personal data: a catalogue id (`email`) or the person's own (`shoe_size`).
///
/// Lower-case ASCII letters, digits and `_`, starting with a letter, at most 40 bytes, so that it can be a
/// member name in a bundle.
public struct DataItemName: Hashable, Comparable, Sendable, LosslessStringConvertible {
    public let description: String

    public init?(_ text: String) {
        guard (1...40).contains(text.utf8.count), let first = text.utf8.first, (97...122).contains(first),
            text.utf8.allSatisfy({ (97...122).contains($0) || $0.isASCIIDigit || $0 == UInt8(ascii: "_") })
        else { return nil }
        description = text
    }

    public static func < (a: DataItemName, b: DataItemName) -> Bool { a.description < b.description }

    public static let email = DataItemName("email")!
    public static let username = DataItemName("username")!
}
