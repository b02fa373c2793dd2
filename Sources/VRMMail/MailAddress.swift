/// A mailbox of a From, To or Cc field (RFC 5322 §3.4).
public struct MailAddress: Hashable, Sendable {
    /// Decoded, without quotes; empty when there is none.
    public let name: String
    /// `local@domain`, spelled as it came.
    public let address: String

    /// What follows the last `@`.
    public var domain: String { String(address[address.index(after: address.lastIndex(of: "@")!)...]) }

    /// The mailboxes of an address list: those of groups too, comments left out. What is no address is passed over.
    public static func list(_ bytes: ArraySlice<UInt8>) -> [MailAddress] {
        var reader = AddressReader(rest: bytes)
        return reader.list()
    }
}

/// Reads an address list in one pass, without recursion.
private struct AddressReader {
    var rest: ArraySlice<UInt8>

    /// A piece of a phrase or of an addr-spec.
    private struct Word {
        var bytes: [UInt8]
        var isQuoted = false
        /// White space or a comment stands before it.
        var isApart = false
    }
    private var words: [Word] = []
    private var angle: [Word]?
    private var found: [MailAddress] = []

    init(rest: ArraySlice<UInt8>) { self.rest = rest }

    mutating func list() -> [MailAddress] {
        var isApart = false
        var isInAngle = false
        while let byte = rest.first {
            switch byte {
            case 9, 10, 13, 32:
                rest.removeFirst()
                isApart = true
            case UInt8(ascii: "("):
                skipComment()
                isApart = true
            case UInt8(ascii: "\""):
                add(Word(bytes: quoted(), isQuoted: true, isApart: isApart), isInAngle)
                isApart = false
            case UInt8(ascii: "<") where !isInAngle && angle == nil:
                rest.removeFirst()
                isInAngle = true
                angle = []
            case UInt8(ascii: ">") where isInAngle:
                rest.removeFirst()
                isInAngle = false
            case UInt8(ascii: ",") where !isInAngle, UInt8(ascii: ";") where !isInAngle:
                rest.removeFirst()
                flush()
            case UInt8(ascii: ":"):
                rest.removeFirst()
                // Outside, a group's name went before; inside, a route (§4.4).
                if isInAngle { angle = [] } else { words = [] }
            default:
                let stop = "()<>\",;:\t\r\n ".utf8
                var atom = byte == UInt8(ascii: "[") ? domainLiteral() : Array(rest.prefix { !stop.contains($0) })
                if atom.isEmpty { atom = [byte] }
                rest = rest.dropFirst(byte == UInt8(ascii: "[") ? 0 : atom.count)
                add(Word(bytes: atom, isApart: isApart), isInAngle)
                isApart = false
            }
        }
        // An angle that never ends names nobody.
        if !isInAngle { flush() }
        return found
    }

    private mutating func add(_ word: Word, _ isInAngle: Bool) {
        if isInAngle { angle?.append(word) } else { words.append(word) }
    }

    private mutating func flush() {
        defer {
            words = []
            angle = nil
        }
        guard found.count <= MailLimits.addresses, let address = spec(angle ?? words) else { return }
        var phrase: [UInt8] = []
        if angle != nil {
            for word in words {
                if word.isApart, !phrase.isEmpty { phrase.append(32) }
                phrase += word.bytes
            }
        }
        found.append(MailAddress(name: EncodedWords.decode(phrase[...]), address: address))
    }

    /// An addr-spec: one `@` outside quotes, something on both sides; white space only beside `@` and `.`.
    private func spec(_ words: [Word]) -> String? {
        var text: [UInt8] = []
        var signs = 0
        for (index, word) in words.enumerated() {
            let joins: (UInt8?) -> Bool = { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: ".") }
            if index > 0, word.isApart, !joins(text.last), word.isQuoted || !joins(word.bytes.first) { return nil }
            if word.isQuoted {
                guard signs == 0 else { return nil }
                text.append(UInt8(ascii: "\""))
                for byte in word.bytes {
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
                    text.append(byte)
                }
                text.append(UInt8(ascii: "\""))
            } else {
                signs += word.bytes.count { $0 == UInt8(ascii: "@") }
                text += word.bytes
            }
        }
        guard signs == 1, text.first != UInt8(ascii: "@"), text.last != UInt8(ascii: "@"), text.count <= 320,
            let address = String(validating: text, as: UTF8.self),
            address.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
        else { return nil }
        return address
    }

    /// Consumes a quoted string; the bytes without quotes and backslashes.
    private mutating func quoted() -> [UInt8] {
        rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let next = rest.popFirst() { text.append(next) } else { text.append(byte) }
        }
        return text
    }

    private mutating func domainLiteral() -> [UInt8] {
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            text.append(byte)
            if byte == UInt8(ascii: "]") { break }
        }
        return text
    }

    private mutating func skipComment() { rest = rest.afterComment }
}

extension ArraySlice<UInt8> {
    /// What follows the comment that starts here; nothing when it never ends or nests too deep.
    var afterComment: ArraySlice<UInt8> {
        var depth = 0
        var at = startIndex
        while at < endIndex {
            switch self[at] {
            case UInt8(ascii: "\\"): at += 1
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { return self[Swift.min(at, endIndex)...] }
            if depth > MailLimits.commentDepth { break }
        }
        return self[endIndex...]
    }
}
