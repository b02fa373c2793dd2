/// The signed files in a message: what a letter of ours carries, wherever mail programs moved it.
public enum AttachedFiles {
    /// Whether the bytes begin like a message and not like a bundle: with a field, or with the `From ` line of an mbox.
    public static func isMessage(_ bytes: [UInt8]) -> Bool {
        let name = bytes.prefix(80).prefix { ($0 | 0x20) >= 97 && ($0 | 0x20) <= 122 || $0 == UInt8(ascii: "-") }
        return bytes.starts(with: "From ".utf8)
            || !name.isEmpty && name.endIndex < bytes.count && bytes[name.endIndex] == UInt8(ascii: ":")
    }

    /// The files of every part that can be a bundle, decoded, in their order. Parts of parts and forwarded messages count.
    ///
    /// - Throws: ``MailFault``. A last delimiter that is missing is no fault: the signature tells whether something is.
    public static func bundles(inMessage bytes: [UInt8]) throws(MailFault) -> [[UInt8]] {
        guard bytes.count <= MailLimits.messageBytes else { throw .messageTooLong }
        var message = bytes[...]
        if message.starts(with: "From ".utf8) { message = message.drop { $0 != 10 }.dropFirst() }
        var found: [[UInt8]] = []
        var waiting: [(part: ArraySlice<UInt8>, depth: Int)] = [(message, 0)]
        var parts = 0
        while let (part, depth) = waiting.popLast() {
            parts += 1
            guard parts <= MailLimits.parts else { throw .tooManyParts }
            guard depth <= MailLimits.partDepth else { throw .tooDeep }
            let (header, body) = try split(part)
            let type = ContentType((header.first("content-type") ?? Array("text/plain".utf8))[...])
            if type.name.hasPrefix("multipart/") {
                guard let boundary = type.parameters["boundary"], !boundary.isEmpty, boundary.utf8.count <= 200 else {
                    throw .brokenMIME
                }
                let inner = try pieces(of: body, boundary: Array("--\(boundary)".utf8))
                waiting += inner.reversed().map { ($0, depth + 1) }
            } else if type.name == "message/rfc822" {
                waiting.append((body, depth + 1))
            } else if depth > 0, isBundle(type, header) {
                let encoding = String(decoding: (header.first("content-transfer-encoding") ?? [])[...].trimmed, as: UTF8.self)
                found.append(Array(TransferEncoding.decode(body, encoding)[...].trimmed))
            }
        }
        return found
    }

    /// By its type, or where a mail program knew none by its name.
    private static func isBundle(_ type: ContentType, _ header: MessageHeader) -> Bool {
        switch type.name {
        case "application/vrm-bundle", "application/json", "application/jose+json", "application/jose", "application/jwt",
            "application/sd-jwt", "application/dc+sd-jwt":
            return true
        case "application/octet-stream":
            let disposition = header.first("content-disposition").map { ContentType($0[...]) }
            let name = (disposition?.parameters["filename"] ?? type.parameters["name"] ?? "").lowercased()
            return [".json", ".jws", ".jwt"].contains { name.hasSuffix($0) }
        default: return false
        }
    }

    /// Header and body of a message or part. A part that begins with an empty line has no header.
    private static func split(_ part: ArraySlice<UInt8>) throws(MailFault) -> (MessageHeader, ArraySlice<UInt8>) {
        var at = part.startIndex
        while at < part.endIndex {
            let end = part[at...].firstIndex(of: 10) ?? part.endIndex
            if part[at..<end].allSatisfy({ $0 == 13 }) {
                return (try MessageHeader(parsing: Array(part[..<at])), part[Swift.min(end + 1, part.endIndex)...])
            }
            at = Swift.min(end + 1, part.endIndex)
            guard at - part.startIndex <= MailLimits.headerBytes else { throw .headerTooLong }
        }
        return (try MessageHeader(parsing: Array(part)), [])
    }

    /// What stands between the delimiters (RFC 2046 §5.1.1); the line end before one belongs to it.
    private static func pieces(of body: ArraySlice<UInt8>, boundary: [UInt8]) throws(MailFault) -> [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        var start: Int?
        var at = body.startIndex
        while at < body.endIndex {
            let end = body[at...].firstIndex(of: 10) ?? body.endIndex
            let line = body[at..<end]
            if line.starts(with: boundary) {
                let tail = line.dropFirst(boundary.count)
                let isLast = tail.starts(with: "--".utf8)
                if isLast || tail.allSatisfy(\.isBlank) {
                    if let start { found.append(body[start..<max(start, lineEnd(body, before: at))]) }
                    guard found.count <= MailLimits.parts else { throw .tooManyParts }
                    start = isLast ? nil : Swift.min(end + 1, body.endIndex)
                    if isLast { break }
                }
            }
            at = Swift.min(end + 1, body.endIndex)
        }
        if let start { found.append(body[start...]) }
        return found
    }

    private static func lineEnd(_ body: ArraySlice<UInt8>, before at: Int) -> Int {
        var at = at
        if at > body.startIndex, body[at - 1] == 10 { at -= 1 }
        if at > body.startIndex, body[at - 1] == 13 { at -= 1 }
        return at
    }
}
