import Testing
import VRMMail

@Suite struct AttachmentTests {
    private let file = #"{"payload":"x"}"#

    private func mixed(_ boundary: String, _ parts: [String]) -> String {
        "Content-Type: multipart/mixed; boundary=\"\(boundary)\"\r\n\r\n" + parts.map { "--\(boundary)\r\n\($0)\r\n" }.joined()
            + "--\(boundary)--\r\n"
    }

    private func attached(_ encoding: String, _ body: String, _ type: String = "application/json") -> String {
        "Content-Type: \(type)\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n\(body)"
    }

    private func found(_ message: String) throws -> [String] {
        try AttachedFiles.bundles(inMessage: Array(message.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("base64", "eyJwYXlsb2FkIjoieCJ9"), ("BASE64", "eyJw\r\nYXlsb2Fk\r\n IjoieCJ9"),
        ("quoted-printable", "{=22payload=22:=\r\n\"x\"}"),
        ("7bit", #"{"payload":"x"}"#), ("8bit", "{\"payload\":\"x\"}\r\n"),
    ])
    func `an attachment is decoded`(_ encoding: String, _ body: String) throws {
        #expect(try found(mixed("b", ["Content-Type: text/plain\r\n\r\nHello", attached(encoding, body)])) == [file])
    }

    @Test func `a part of a part is found, and one in a forwarded message`() throws {
        let inner = mixed("in", [attached("7bit", file)])
        #expect(try found(mixed("out", [inner])) == [file])
        #expect(try found(mixed("out", ["Content-Type: message/rfc822\r\n\r\nSubject: f\r\n\(inner)"])) == [file])
    }

    @Test func `a program that knew no type is read by the name`() throws {
        let type = "application/octet-stream; name=\"a (1); x.json\""
        #expect(try found(mixed("b", [attached("7bit", file, type)])) == [file])
        #expect(try found(mixed("b", [attached("7bit", file, "application/octet-stream; name=a.exe")])) == [])
    }

    @Test func `two are two, and none is none`() throws {
        #expect(try found(mixed("b", [attached("7bit", file), attached("7bit", file)])).count == 2)
        #expect(try found(mixed("b", ["\r\nHello"])) == [])
        #expect(try found("Subject: x\r\n\r\n\(file)") == [])
    }

    @Test func `a message that breaks off gives what is there`() throws {
        #expect(try found("Content-Type: multipart/mixed; boundary=b\n\n--b\n" + attached("7bit", file)) == [file])
    }

    @Test func `nesting ends at its cap`() {
        var message = attached("7bit", file)
        for level in 0...MailLimits.partDepth { message = mixed("b\(level)x", [message]) }
        #expect(throws: MailFault.tooDeep) { try found(message) }
    }

    @Test func `parts end at their cap`() {
        #expect(throws: MailFault.tooManyParts) {
            try found(mixed("b", Array(repeating: "\r\nx", count: MailLimits.parts + 1)))
        }
    }

    @Test(arguments: ["multipart/mixed", "multipart/mixed; boundary=\"\""])
    func `parts without a boundary are told apart by nobody`(_ type: String) {
        #expect(throws: MailFault.brokenMIME) { try found("Content-Type: \(type)\n\nx") }
    }

    @Test(arguments: [
        ("Subject: x\n\n", true), ("From a@b Mon\n", true), ("{\"a\":1}", false), ("eyJhbGciOi.J9.x", false), ("", false),
    ])
    func `a message is told from a bundle`(_ text: String, _ isMessage: Bool) {
        #expect(AttachedFiles.isMessage(Array(text.utf8)) == isMessage)
    }
}
