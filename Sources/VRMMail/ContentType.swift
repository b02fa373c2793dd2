/// A media type with its parameters, as Content-Type and Content-Disposition write them (RFC 2045 §5.1).
struct ContentType {
    /// `type/subtype`, or the disposition; lower case.
    let name: String
    /// Names in lower case. Of a parameter twice the first counts.
    let parameters: [String: String]

    init(_ bytes: ArraySlice<UInt8>) {
        var pieces: [[UInt8]] = [[]]
        var rest = bytes
        var isQuoted = false
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "\\") where isQuoted:
                rest.removeFirst()
                if let next = rest.first { pieces[pieces.count - 1].append(next) }
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ";") where !isQuoted: pieces.append([])
            case UInt8(ascii: "(") where !isQuoted:
                rest = rest.afterComment
                continue
            default: pieces[pieces.count - 1].append(byte)
            }
            rest = rest.dropFirst()
        }
        name = String(decoding: pieces[0][...].trimmed.map(\.asciiLowered), as: UTF8.self)
        var parameters: [String: String] = [:]
        for piece in pieces.dropFirst().prefix(50) {
            let parts = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let key = String(decoding: parts[0].trimmed.map(\.asciiLowered), as: UTF8.self)
            if parameters[key] == nil { parameters[key] = String(decoding: parts[1].trimmed, as: UTF8.self) }
        }
        self.parameters = parameters
    }
}
