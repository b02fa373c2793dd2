import Glibc
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal

/// Fetches a company's key document with the user's own curl: https, its own origin, 64 KiB, no redirect, public addresses.
///
/// There is no HTTP client in the program, and this is the only command that reaches out (docs/decisions/0011-fetch-by-curl.md).
struct KeyFetch {
    let origin: Origin

    static let path = "/.well-known/jwt-vc-issuer"

    /// - Throws: A ``Message`` of ``ExitStatus/unavailable``.
    func document() throws -> [UInt8] {
        let host = origin.host.description
        let port = origin.description.split(separator: ":").dropFirst(2).first.map(String.init) ?? "443"
        let address = try address(of: host)
        // -q first: nobody's curlrc may add a proxy, a redirect or a header. What was resolved here is what it connects to.
        let words = [
            "curl", "-q", "--silent", "--proto", "=https", "--tlsv1.2", "--noproxy", "*", "--max-redirs", "0",
            "--connect-timeout",
            "10", "--max-time", "20", "--max-filesize", String(Limits.keyDocumentBytes), "--resolve",
            "\(host):\(port):\(address)",
            "--write-out", "\n%{http_code}", "--url", origin.description + KeyFetch.path,
        ]
        guard let (status, output) = ChildProcess.output(of: words, cap: Limits.keyDocumentBytes + 5) else {
            throw Message("there is no curl", hint: "apt install curl, or get the file and name it", status: .unavailable)
        }
        guard status == 0, output.count <= Limits.keyDocumentBytes + 4, output.suffix(4) == Array("\n200".utf8)[...] else {
            throw Message(
                "\(origin) did not give its keys", hint: "look at \(origin)\(KeyFetch.path), or name a file", status: .unavailable
            )
        }
        return Array(output.dropLast(4))
    }

    /// One address of a host; all it has must be public, so that a name cannot lead into the network at home.
    private func address(of host: String) throws -> String {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0, let first = list else {
            throw Message("\(host) cannot be found", hint: "check the name with: vrm company show", status: .unavailable)
        }
        defer { freeaddrinfo(first) }
        var found: [[UInt8]] = []
        var entry: UnsafeMutablePointer<addrinfo>? = first
        while let info = entry?.pointee {
            if let address = info.ai_addr {
                let raw = UnsafeRawPointer(address)
                switch info.ai_family {
                case AF_INET: found.append(withUnsafeBytes(of: raw.load(as: sockaddr_in.self).sin_addr) { Array($0) })
                case AF_INET6: found.append(withUnsafeBytes(of: raw.load(as: sockaddr_in6.self).sin6_addr) { Array($0) })
                default: break
                }
            }
            entry = info.ai_next
        }
        guard let chosen = found.first, found.allSatisfy(PublicAddress.isPublic) else {
            throw Message(
                "\(host) is not out on the internet", hint: "get the file yourself, then: vrm company trust DOMAIN FILE",
                status: .unavailable)
        }
        if chosen.count == 4 { return chosen.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { String(UInt16(chosen[$0]) << 8 | UInt16(chosen[$0 + 1]), radix: 16) }
        return "[" + groups.joined(separator: ":") + "]"
    }
}
