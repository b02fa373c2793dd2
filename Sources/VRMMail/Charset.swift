/// Bytes in one of the character sets that mail of the last thirty years is written in.
enum Charset {
    /// What cannot be read becomes U+FFFD, one for each byte or broken sequence, so that it is seen.
    static func decode(_ bytes: some Sequence<UInt8>, as name: String) -> String {
        switch name.lowercased() {
        case "utf-8", "utf8", "us-ascii", "ascii": String(decoding: Array(bytes), as: UTF8.self)
        case "iso-8859-1", "latin1", "iso_8859-1", "l1": single(bytes) { Unicode.Scalar($0) }
        case "iso-8859-15", "latin-9", "latin9", "iso_8859-15": single(bytes) { latin9[$0] ?? Unicode.Scalar($0) }
        case "windows-1252", "cp1252", "cp-1252":
            single(bytes) { (0x80..<0xA0).contains($0) ? windows[Int($0) - 0x80] : Unicode.Scalar($0) }
        default: single(bytes) { $0 < 0x80 ? Unicode.Scalar($0) : "\u{FFFD}" }
        }
    }

    private static func single(_ bytes: some Sequence<UInt8>, _ scalar: (UInt8) -> Unicode.Scalar) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(scalar(byte)) }
        return String(text)
    }

    /// Where ISO-8859-15 differs from ISO-8859-1.
    private static let latin9: [UInt8: Unicode.Scalar] = [
        0xA4: "€", 0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ",
    ]

    /// 0x80 to 0x9F of windows-1252; five places are empty.
    private static let windows: [Unicode.Scalar] = [
        "€", "\u{FFFD}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{FFFD}", "Ž", "\u{FFFD}",
        "\u{FFFD}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{FFFD}", "ž", "Ÿ",
    ]
}
