/// How a company is named in a bundle: `https://host[:port]`, lower-case ASCII, no trailing slash.
///
/// Compared byte for byte (docs/spec/bundle.md, B-11).
public struct Origin: Hashable, Sendable, LosslessStringConvertible {
    public let description: String
    public let host: Domain

    public init?(_ text: String) {
        let scheme = "https://"
        guard text.utf8.starts(with: scheme.utf8) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = Domain(String(parts[0])), host.description.utf8.elementsEqual(parts[0].utf8)
        else { return nil }
        if parts.count == 2 {
            guard let port = Int(parts[1]), (1...65_535).contains(port), port != 443, String(port) == parts[1]
            else { return nil }
        }
        self.host = host
        description = text
    }

    public init(_ domain: Domain) {
        host = domain
        description = "https://\(domain)"
    }
}
