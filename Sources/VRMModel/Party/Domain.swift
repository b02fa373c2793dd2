/// A DNS host name in its ASCII form, lower case, no final dot: `shop.acme.example`, `xn--mller-kva.example`.
///
/// At least two labels, at most 253 bytes (RFC 1035 §2.3.4). Compared byte for byte.
public struct Domain: Hashable, Comparable, Sendable, LosslessStringConvertible {
    public let description: String

    /// Upper case is lowered and a final dot dropped; nil when what remains is no host name.
    public init?(_ text: String) {
        var name = text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard name.count <= 253, labels.count >= 2,
            labels.allSatisfy(Domain.isLabel),
            labels.last?.allSatisfy(\.isASCIIDigit) == false  // an IPv4 address is no domain
        else { return nil }
        description = String(decoding: name, as: UTF8.self)
    }

    public static func < (a: Domain, b: Domain) -> Bool { a.description < b.description }

    /// Letters, digits and inner hyphens (RFC 1123 §2.1); an underscore occurs in real host names.
    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
        else { return false }
        return label.allSatisfy {
            $0.isASCIIDigit || (97...122).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }
}
