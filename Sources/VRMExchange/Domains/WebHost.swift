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
        var rest = text.trimmed[...]
        var hasScheme = false
        if let colon = rest.firstRange(of: "://") {
            let scheme = rest[..<colon.lowerBound].lowercased()
            if scheme == "http" || scheme == "https" {
                rest = rest[colon.upperBound...]
                hasScheme = true
            } else if !scheme.contains(where: { "/?#.".contains($0) }) {
                return nil
            }
        } else if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            hasScheme = true
        }
        // Browsers take a backslash for a slash (WHATWG URL, "authority state").
        var authority = rest.prefix { !"/?#\\".contains($0) }
        if let at = authority.lastIndex(of: "@") {
            guard hasScheme else { return nil }
            authority = authority[authority.index(after: at)...]
        }
        if let colon = authority.firstIndex(of: ":") {
            let port = authority[authority.index(after: colon)...]
            guard port.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
            authority = authority[..<colon]
        }
        return Punycode.asciiForm(ofHost: String(authority)).flatMap { Domain($0) }
    }

    /// The registrable domain of a web address, in one step.
    public static func registrableDomain(ofURL text: String) -> Domain? {
        host(ofURL: text).flatMap { registrableDomain(of: $0) }
    }
}
