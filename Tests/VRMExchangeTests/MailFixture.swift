import Testing
import VRMModel

@testable import VRMExchange

/// A message that can be made; a test changes one thing.
struct MailFixture {
    var from = MailMessage.Mailbox(name: "Jörg Müller", address: "joerg@me.example")
    var to = MailMessage.Mailbox(name: nil, address: "privacy@shop.example")
    var subject = "Request for erasure of my personal data under Art. 17 GDPR (reference 1a2b3c4d)"
    var date = Instant("2027-03-16T09:05:07Z")!
    var messageID = "<1a2b3c4d.5e6f@me.example>"
    var inReplyTo: String?
    var references: [String] = []
    var text = "Dear Sir or Madam,\n\nI ask you.\n"
    var fileName = "erasure-1a2b3c4d.json"
    var mediaType = "application/json"
    var file = Array(#"{"payload":"eyJhIjoxfQ","protected":"e30","signature":"AAAA"}"#.utf8)
    var seed = "1a2b3c4d5e6f"

    func message() throws(MailFailure) -> MailMessage {
        try MailMessage(
            from: from, to: to, subject: subject, date: date, messageID: messageID, inReplyTo: inReplyTo, references: references,
            text: text, attachment: .init(name: fileName, mediaType: mediaType, bytes: file), boundarySeed: seed)
    }

    /// The rendered message with LF line ends, once it is sure that every line ended in CRLF.
    func lines() throws -> [String] {
        let text = String(decoding: try message().rendered, as: UTF8.self)
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            if index < lines.count - 1, line.last != "\r" { return "BARE LF" }
            return String(String.UnicodeScalarView(line.last == "\r" ? line.dropLast() : line))
        }
    }

    /// The lines of one header field.
    func field(_ name: String) throws -> [String] {
        var found: [String] = []
        for line in try lines().prefix(while: { !$0.isEmpty }) {
            if line.hasPrefix("\(name): ") {
                found.append(line)
            } else if line.hasPrefix(" "), !found.isEmpty {
                found.append(line)
            } else if !found.isEmpty {
                break
            }
        }
        return found
    }

    /// The lines of the first part, decoded from quoted-printable.
    func body() throws -> [String] {
        let all = try lines()
        let start = try #require(all.firstIndex(of: "--=_vrm_\(seed)"))
        let part = all[(start + 1)...].drop { !$0.isEmpty }.dropFirst()
        let end = try #require(part.firstIndex(of: "--=_vrm_\(seed)"))
        var bytes: [UInt8] = []
        for line in part[..<end] {
            var rest = Array(line.utf8)[...]
            #expect(rest.count <= 76 && rest.allSatisfy { $0 >= 32 && $0 < 127 } && rest.last != 32)
            var isSoft = false
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "=") else {
                    bytes.append(byte)
                    continue
                }
                isSoft = rest.isEmpty
                if !isSoft { bytes.append(try #require(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16))) }
                rest = rest.dropFirst(2)
            }
            if !isSoft { bytes.append(10) }
        }
        let text = try #require(String(validating: bytes, as: UTF8.self))
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            String(String.UnicodeScalarView($0))
        }
    }

    /// What a reader shows that flows paragraphs again (RFC 3676 §4, `delsp=no`).
    func reflowed() throws -> String {
        var paragraphs: [String] = []
        var isOpen = false
        for line in try body() {
            let line = line.hasPrefix(" ") ? String(line.dropFirst()) : line
            #expect(line != "-- ")
            if isOpen { paragraphs[paragraphs.count - 1] += line } else { paragraphs.append(line) }
            isOpen = line.hasSuffix(" ")
        }
        return paragraphs.joined(separator: "\n")
    }
}
