/// Message ids in Message-ID, In-Reply-To and References (RFC 5322 §3.6.4).
public enum MessageIDs {
    /// Each with its angle brackets, in their order. Words between them are passed over.
    public static func list(_ bytes: ArraySlice<UInt8>) -> [String] {
        var found: [String] = []
        var rest = bytes
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[start...]
            let inner = rest.dropFirst().prefix { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
            let end = inner.endIndex
            if end < rest.endIndex, rest[end] == UInt8(ascii: ">"), !inner.isEmpty {
                found.append(String(decoding: rest[start...end], as: UTF8.self))
            }
            rest = rest[end...]
        }
        return found
    }
}
