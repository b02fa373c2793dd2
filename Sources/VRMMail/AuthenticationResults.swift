/// What a mail host found out about who sent a message (RFC 8601). Worth as much as the host that wrote it: anybody can put
/// such a field into a message.
public struct AuthenticationResults: Sendable {
    public struct Result: Sendable {
        /// `dkim`, `spf`, `dmarc` …, lower case.
        public let method: String
        /// `pass`, `fail` …, lower case.
        public let value: String
        /// `header.d`, `smtp.mailfrom` …, lower case, with what they say. Of a property twice the first counts.
        public let properties: [String: String]
    }

    /// The host that speaks, lower case.
    public let host: String
    public let results: [Result]

    /// Nil when the field is not of the form of §2.2.
    public init?(_ bytes: ArraySlice<UInt8>) {
        var reader = TokenReader(rest: bytes)
        guard let host = reader.value(stop: ";"), !host.isEmpty else { return nil }
        _ = reader.value(stop: ";")  // a version
        var results: [Result] = []
        while reader.skip(";") {
            guard let method = reader.value(stop: ";="), reader.skip("="), let value = reader.value(stop: ";") else { continue }
            var properties: [String: String] = [:]
            while let name = reader.value(stop: ";="), reader.skip("="), let text = reader.value(stop: ";") {
                if properties[name.lowercased()] == nil { properties[name.lowercased()] = text }
            }
            let name = method.lowercased().prefix { $0 != "/" }
            results.append(Result(method: String(name), value: value.lowercased(), properties: properties))
        }
        self.host = host.lowercased()
        self.results = results
    }

    /// What the topmost field says. Those below may be the sender's own: a host adds on top (§4.1), and not every host takes
    /// strangers' fields out (§5).
    public static func topmost(in header: MessageHeader) -> AuthenticationResults? {
        header.first("authentication-results").flatMap { AuthenticationResults($0[...]) }
    }

    /// The domains it says the message really comes from.
    public var passed: [String] {
        results.filter { $0.value == "pass" }.compactMap { result in
            let said: String?
            switch result.method {
            case "dmarc": said = result.properties["header.from"]
            case "dkim": said = result.properties["header.d"] ?? result.properties["header.i"]
            case "spf": said = result.properties["smtp.mailfrom"]
            default: said = nil
            }
            return said?.split(separator: "@").last.map(String.init)
        }
    }
}

/// Cuts a structured field into words, comments and white space between them left out.
private struct TokenReader {
    var rest: ArraySlice<UInt8>

    private mutating func skipBlank() {
        while let byte = rest.first {
            if byte.isBlank {
                rest.removeFirst()
            } else if byte == UInt8(ascii: "(") {
                rest = rest.afterComment
            } else {
                return
            }
        }
    }

    mutating func skip(_ mark: String) -> Bool {
        skipBlank()
        guard let byte = rest.first, mark.utf8.contains(byte) else { return false }
        rest.removeFirst()
        return true
    }

    /// A word or quoted string; nil at one of `stop` and at the end.
    mutating func value(stop: String) -> String? {
        skipBlank()
        guard let first = rest.first, !stop.utf8.contains(first) else { return nil }
        var text: [UInt8] = []
        if first == UInt8(ascii: "\"") {
            rest.removeFirst()
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                text.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
            }
        } else {
            text = Array(rest.prefix { !$0.isBlank && $0 != UInt8(ascii: "(") && !stop.utf8.contains($0) })
            rest = rest.dropFirst(text.count)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Who claims to have signed a message (RFC 6376 §3.5, `d=`). A claim: the signature is not checked here.
public enum DKIMSignature {
    public static func domains(in header: MessageHeader) -> [String] {
        header.all("dkim-signature").compactMap { body in
            for tag in body.split(separator: UInt8(ascii: ";")) {
                let parts = tag.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2, parts[0].trimmed.elementsEqual("d".utf8) {
                    return String(decoding: parts[1].trimmed, as: UTF8.self).lowercased()
                }
            }
            return nil
        }
    }
}
