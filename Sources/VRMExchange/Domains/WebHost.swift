public import VRMModel

extension PublicSuffixes {
    /// Longer texts are no address that anyone opened.
    static let urlBytes = 8 * 1024

    /// The host of a web address as exports contain it: `https://ann@shop.acme.example:8443/login?x`, or bare,
    /// `acme.example/login`. A name in other scripts is put into its ASCII form.
    ///
    /// - Returns: Nil for other schemes (`android://…` is an app), an IP address, a single label, a mail address,
    ///   and anything over 8 KiB.
    public static func host(ofURL text: String) -> Domain? {
        guard text.utf8.count <= urlBytes else { return nil }
        let text = text.trimmed
        var rest = Substring(text).utf8
        var hasScheme = false
        if let colon = rest.firstIndex(where: { !isSchemeByte($0) }), rest[colon...].starts(with: "://".utf8) {
            let scheme = text[..<colon].lowercased()
            guard scheme == "http" || scheme == "https" else { return nil }
            rest = rest[colon...].dropFirst(3)
            hasScheme = true
        } else if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            hasScheme = true
        }
        // Browsers take a backslash for a slash (WHATWG URL, "authority state").
        let end: (UInt8) -> Bool = { $0 == slash || $0 == question || $0 == hash || $0 == backslash }
        rest = rest[..<(rest.firstIndex(where: end) ?? rest.endIndex)]
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            guard hasScheme else { return nil }
            rest = rest[rest.index(after: at)...]
        }
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            guard rest[rest.index(after: colon)...].allSatisfy({ (48...57).contains($0) }) else { return nil }
            rest = rest[..<colon]
        }
        return Punycode.asciiForm(ofHost: String(Substring(rest))).flatMap { Domain($0) }
    }

    /// The registrable domain of a web address, in one step.
    public static func registrableDomain(ofURL text: String) -> Domain? {
        host(ofURL: text).flatMap { registrableDomain(of: $0) }
    }

    private static let (slash, question, hash) = (UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"))
    private static let backslash = UInt8(ascii: "\\")

    /// RFC 3986 §3.1, without the dot: `acme.example://x` is no scheme anyone registered.
    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "+"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
