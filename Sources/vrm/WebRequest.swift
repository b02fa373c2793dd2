import Glibc
import VRMExchange
import VRMModel
import VRMTerminal

/// One request over https by the user's own curl: no redirect, no proxy, public addresses only, bounded in size and time.
///
/// There is no HTTP client in the program (docs/decisions/0011-fetch-by-curl.md). `Sec-GPC: 1` goes along always (W3C Global
/// Privacy Control).
struct WebRequest {
    let address: String
    let host: String
    private let port: String

    /// The longest answer that is read.
    let cap: Int

    /// - Parameter address: `https://`, a name or an IP address, a port and a path if need be; no user, no fragment.
    /// - Returns: Nil for anything else.
    init?(_ address: String, cap: Int) {
        let scheme = "https://"
        guard address.utf8.starts(with: scheme.utf8), address.utf8.count <= 2048,
            address.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && !"\"\\#@{}[]".utf8.contains($0) })
        else { return nil }
        let authority = address.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, !name.isEmpty,
            name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || "-._".utf8.contains($0) })
        else { return nil }
        guard parts.count == 1 || Int(parts[1]).map({ (1...65_535).contains($0) && String($0) == parts[1] }) ?? false else {
            return nil
        }
        self.address = address
        self.cap = cap
        host = String(name)
        port = parts.count == 2 ? String(parts[1]) : "443"
    }

    enum Answer {
        case status(Int, [UInt8])
        /// No answer, or one that is too long.
        case none
    }

    /// - Throws: A ``Message`` of ``ExitStatus/unavailable`` when the host is not out on the internet, or there is no curl.
    func get() throws -> Answer { try run([], input: nil) }

    /// - Throws: As ``get()``.
    func post(_ body: [UInt8], as type: String) throws -> Answer {
        try run(["--header", "Content-Type: \(type)", "--header", "Expect:", "--data-binary", "@-"], input: body)
    }

    /// Whether the name leads to this machine or the network around it. False also for a name that leads nowhere.
    func leadsHome() -> Bool { !(addresses() ?? []).allSatisfy(PublicAddress.isPublic) }

    private func run(_ more: [String], input: [UInt8]?) throws -> Answer {
        let resolved = try resolve()
        // -q first: nobody's curlrc may add a proxy, a redirect or a header. What was resolved here is what it connects to.
        let words =
            [
                "curl", "-q", "--silent", "--proto", "=https", "--tlsv1.2", "--noproxy", "*", "--max-redirs", "0",
                "--connect-timeout", "10", "--max-time", "20", "--max-filesize", String(cap), "--globoff", "--resolve",
                "\(host):\(port):\(resolved)", "--header", "Sec-GPC: 1", "--user-agent", "vrm",
            ] + more + ["--write-out", "\n%{http_code}", "--url", address]
        guard let (status, output) = ChildProcess.output(of: words, input: input, cap: cap + 5) else {
            throw Message("there is no curl", hint: "apt install curl, or do it by hand", status: .unavailable)
        }
        guard status == 0, output.count <= cap + 4, output.count >= 4, output[output.count - 4] == 10,
            let code = Int(String(decoding: output.suffix(3), as: UTF8.self))
        else { return .none }
        return .status(code, Array(output.dropLast(4)))
    }

    /// One address of the host; all it has must be public, so that a name cannot lead into the network at home.
    private func resolve() throws -> String {
        guard let found = addresses() else {
            throw Message("\(host) cannot be found", hint: "check the name: getent hosts \(host)", status: .unavailable)
        }
        guard let chosen = found.first, found.allSatisfy(PublicAddress.isPublic) else { throw homeward }
        if chosen.count == 4 { return chosen.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { String(UInt16(chosen[$0]) << 8 | UInt16(chosen[$0 + 1]), radix: 16) }
        return "[" + groups.joined(separator: ":") + "]"
    }

    var homeward: Message {
        Message("\(host) is not out on the internet", hint: "do it by hand, with a file", status: .unavailable)
    }

    private func addresses() -> [[UInt8]]? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0, let first = list else { return nil }
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
        return found
    }
}
