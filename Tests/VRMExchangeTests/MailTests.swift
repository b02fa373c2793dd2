import Testing
import VRMModel

@testable import VRMExchange

@Suite struct MailTests {
    @Test func `the same message has the same bytes for ever`() throws {
        var mail = MailFixture()
        mail.inReplyTo = "<a@b.example>"
        mail.references = ["<a@b.example>", "<c@d.example>"]
        mail.text =
            "Guten Tag,\n\nbitte löschen Sie die Daten unverzüglich, spätestens bis zum 16. April 2027 (Art. 12).\n\n> x\n"
        let expected = """
            From: =?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@me.example>
            To: privacy@shop.example
            Subject: Request for erasure of my personal data under Art. 17 GDPR
             (reference 1a2b3c4d)
            Date: Tue, 16 Mar 2027 09:05:07 +0000
            Message-ID: <1a2b3c4d.5e6f@me.example>
            In-Reply-To: <a@b.example>
            References: <a@b.example> <c@d.example>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="=_vrm_1a2b3c4d5e6f"

            --=_vrm_1a2b3c4d5e6f
            Content-Type: text/plain; charset=utf-8; format=flowed; delsp=no
            Content-Transfer-Encoding: quoted-printable

            Guten Tag,

            bitte l=C3=B6schen Sie die Daten unverz=C3=BCglich, sp=C3=A4testens bis zum=
             16. April=20
            2027 (Art. 12).

             > x

            --=_vrm_1a2b3c4d5e6f
            Content-Type: application/json; name="erasure-1a2b3c4d.json"
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment; filename="erasure-1a2b3c4d.json"

            eyJwYXlsb2FkIjoiZXlKaElqb3hmUSIsInByb3RlY3RlZCI6ImUzMCIsInNpZ25hdHVyZSI6IkFB
            QUEifQ==
            --=_vrm_1a2b3c4d5e6f--

            """
        #expect(try mail.lines().joined(separator: "\n") == expected)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", "Thu, 1 Jan 1970 00:00:00 +0000"), ("2028-02-29T23:59:59Z", "Tue, 29 Feb 2028 23:59:59 +0000"),
        ("2026-12-31T12:00:00Z", "Thu, 31 Dec 2026 12:00:00 +0000"),
    ])
    func `a date is written as RFC 5322 wants it`(_ instant: String, _ date: String) throws {
        var mail = MailFixture()
        mail.date = try #require(Instant(instant))
        #expect(try mail.field("Date") == ["Date: \(date)"])
    }

    @Test(arguments: [
        ("Ann Lee", "From: Ann Lee <joerg@me.example>"), ("", "From: joerg@me.example"),
        ("Lee, Ann", "From: \"Lee, Ann\" <joerg@me.example>"),
        ("A \"B\" \\ C", "From: \"A \\\"B\\\" \\\\ C\" <joerg@me.example>"),
        ("a  b", "From: \"a  b\" <joerg@me.example>"),
        ("=?utf-8?Q?x?=", "From: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?= <joerg@me.example>"),
    ])
    func `a name stands as it is, quoted, or in encoded words`(_ name: String, _ field: String) throws {
        var mail = MailFixture()
        mail.from = .init(name: name, address: mail.from.address)
        #expect(try mail.field("From") == [field])
    }

    @Test func `an encoded subject is folded and splits no character`() throws {
        var mail = MailFixture()
        mail.subject = String(repeating: "ü😀", count: 40)
        let lines = try mail.field("Subject")
        #expect(lines.count > 5 && lines.allSatisfy { $0.utf8.count <= 76 })
        for line in lines {
            let word = try #require(line.split(separator: " ").last)
            #expect(word.hasPrefix("=?utf-8?Q?=") && word.hasSuffix("?="))
            let bytes = word.dropFirst(11).dropLast(2).split(separator: "=").compactMap { UInt8($0, radix: 16) }
            #expect(String(validating: bytes, as: UTF8.self) != nil)
        }
    }

    @Test(arguments: ["x", " leading", "trailing ", "two  spaces", String(repeating: "y", count: 300), "a=?b"])
    func `no header line is longer than it may be`(_ subject: String) throws {
        var mail = MailFixture()
        mail.subject = subject
        mail.references = (0..<20).map { "<\($0).aaaaaaaaaaaaaaaa@b.example>" }
        for line in try mail.lines().prefix(while: { !$0.isEmpty }) {
            #expect(line.utf8.count <= 78 && !line.allSatisfy { $0 == " " })
        }
    }

    static let paragraphs = [
        "", "\n", "a", "a\n\n\nb", "From here", ">quoted", " indented\n  twice", "trailing   \nx", "-- \nname",
        String(repeating: "word ", count: 100), String(repeating: "x", count: 2000), "-- " + String(repeating: "x", count: 90),
        String(repeating: "ä", count: 500) + " ü", "a" + String(repeating: " ", count: 200) + "b", ".", ".\n..\nFrom x",
        "tab\t\nx",
        "= == =3D\n=", "\u{0}\u{7}\u{1B}", "👩‍👩‍👧‍👦 ".repeated(60), "crlf\r\nx\ry", String(repeating: "a", count: 73) + " > b",
        String(repeating: "a", count: 74) + " From b " + String(repeating: "c ", count: 60),
        "1. " + "Bitte löschen Sie die Daten über mich ".repeated(9),
    ]

    @Test(arguments: paragraphs)
    func `a text comes back when it is decoded and flowed again`(_ text: String) throws {
        var mail = MailFixture()
        mail.text = text
        let expected = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false
        ).map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        #expect(try mail.reflowed() == expected.joined(separator: "\n"))
    }

    @Test(arguments: paragraphs)
    func `a line is wrapped at 76 and would not be taken for a quotation`(_ text: String) throws {
        var mail = MailFixture()
        mail.text = text
        for line in try mail.body() {
            #expect(!line.hasPrefix(">") && !line.hasPrefix("From "))
            let words = line.split(separator: " ")
            #expect(line.unicodeScalars.count <= 76 || words.count <= 1 || line.contains("  ") || line.hasPrefix("-- "))
        }
    }

    @Test(arguments: [0, 1, 2, 3, 56, 57, 58, 114, 1000])
    func `a file of any length keeps lines of 76`(_ count: Int) throws {
        var mail = MailFixture()
        mail.file = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 251 &+ 3) }
        let lines = try mail.lines()
        let start = try #require(lines.lastIndex { $0.hasPrefix("Content-Disposition") })
        let body = lines[(start + 2)...].prefix { !$0.hasPrefix("--") }
        #expect(body.joined().utf8.count == (count + 2) / 3 * 4)
        #expect(body.dropLast().allSatisfy { $0.utf8.count == 76 })
    }

    @Test func `no part can hold the boundary`() throws {
        var mail = MailFixture()
        mail.text = "--=_vrm_1a2b3c4d5e6f--\n=_vrm_1a2b3c4d5e6f"
        mail.file = Array(mail.text.utf8)
        #expect(try mail.lines().filter { $0.hasPrefix("--=_vrm_1a2b3c4d5e6f") }.count == 3)
    }
}

@Suite struct RefusedMailTests {
    static let cases: [(MailFailure, @Sendable (inout MailFixture) -> Void)] = [
        (.badAddress, { $0.from = .init(address: "a@b") }),
        (.badAddress, { $0.to = .init(address: "a@b.example\r\nBcc: c@d.example") }),
        (.badAddress, { $0.to = .init(address: "a@b.example, c@d.example") }),
        (.badName, { $0.from = .init(name: "A\r\nBcc: c@d.example", address: "a@b.example") }),
        (.badName, { $0.to = .init(name: "A\u{0}", address: "a@b.example") }),
        (.badName, { $0.to = .init(name: String(repeating: "a", count: 1001), address: "a@b.example") }),
        (.badSubject, { $0.subject = "" }), (.badSubject, { $0.subject = "a\nb" }), (.badSubject, { $0.subject = "a\rb" }),
        (.badSubject, { $0.subject = "a\u{85}b" }), (.badSubject, { $0.subject = "a\u{2028}b" }),
        (.badDate, { $0.date = Instant("1899-12-31T23:59:59Z")! }),
        (.badMessageID, { $0.messageID = "a@b.example" }), (.badMessageID, { $0.messageID = "<a@b\r\nX: y>" }),
        (.badMessageID, { $0.messageID = "<a b@c>" }), (.badMessageID, { $0.messageID = "<a@b><c@d>" }),
        (.badMessageID, { $0.inReplyTo = "<@b>" }), (.badMessageID, { $0.references = ["<a@b>", "<a@ü>"] }),
        (.badFileName, { $0.fileName = "a\"; x=\"b.json" }), (.badFileName, { $0.fileName = "löschen.json" }),
        (.badFileName, { $0.fileName = "" }), (.badMediaType, { $0.mediaType = "application/json; x=y" }),
        (.badMediaType, { $0.mediaType = "json" }), (.badBoundarySeed, { $0.seed = "" }), (.badBoundarySeed, { $0.seed = "a b" }),
        (.badBoundarySeed, { $0.seed = String(repeating: "a", count: 41) }),
        (.attachmentTooLarge, { $0.file = [UInt8](repeating: 0, count: 512 * 1024 + 1) }),
        (.textTooLong, { $0.text = String(repeating: "a", count: 128 * 1024 + 1) }),
    ]

    @Test(arguments: cases.indices)
    func `a value that cannot stand in a message is refused by name`(_ index: Int) {
        let (failure, change) = RefusedMailTests.cases[index]
        var mail = MailFixture()
        change(&mail)
        #expect(throws: failure) { try mail.message() }
    }

    @Test func `the largest message can be made`() throws {
        var mail = MailFixture()
        mail.file = [UInt8](repeating: 7, count: 512 * 1024)
        mail.text = String(repeating: "ä ", count: 128 * 1024 / 3)
        #expect(try mail.message().rendered.count > 700_000)
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
