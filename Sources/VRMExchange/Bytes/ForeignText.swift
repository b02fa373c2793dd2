// Text as another program or a stranger wrote it.
extension String {
    /// Without white space at either end.
    var trimmed: String {
        let isEdge: (UInt8) -> Bool = { $0 > 0x20 && $0 < 0x7F }
        if let first = utf8.first, let last = utf8.last, isEdge(first), isEdge(last) { return self }
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace || $0 == "\u{FEFF}" }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first..<scalars.index(after: last)])
    }

    /// As many whole characters of UTF-8 from the front as fit into `cap` bytes.
    func capped(toBytes cap: Int) -> String {
        guard utf8.count > cap else { return self }
        var bytes = Array(utf8.prefix(cap))
        while true {
            if let whole = String(validating: bytes, as: UTF8.self) { return whole }
            bytes.removeLast()
        }
    }

    /// Trimmed and capped, or nil when nothing remains.
    func content(cappedToBytes cap: Int) -> String? {
        let text = trimmed.capped(toBytes: cap)
        return text.isEmpty ? nil : text
    }
}
