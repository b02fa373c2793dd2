import Testing
import VRMMail
import VRMModel

@Suite struct HeaderTests {
    private func header(_ text: String) throws -> MessageHeader { try MessageHeader(parsing: Array(text.utf8)) }

    @Test(arguments: ["Subject: one\n two\nTo: a@b.example\n", "Subject: one\r\n two\r\nTo: a@b.example\r\n"])
    func `a folded field is one field`(_ text: String) throws {
        let header = try header(text)
        #expect(header.text("subject") == "one two")
        #expect(header.fields.map(\.name) == ["subject", "to"])
    }

    @Test func `the topmost of two fields is the first`() throws {
        #expect(try header("X-A: new\nX-A: old\n").text("x-a") == "new")
    }

    @Test(arguments: [
        ("no colon here\n", MailFault.brokenField), (" starts folded\n", .brokenField), ("A: b\0c\n", .strayControl),
        ("A: b\rB: c\n", .strayControl), ("Naïve: x\n", .brokenField),
        ("A: " + String(repeating: "x", count: MailLimits.lineBytes) + "\n", .lineTooLong),
        (String(repeating: "A: b\n", count: MailLimits.fields + 1), .tooManyFields),
        (String(repeating: "A: 789012345678901234567890123456\n", count: 4000), .headerTooLong),
    ])
    func `a broken header is refused by its reason`(_ text: String, _ fault: MailFault) {
        #expect(throws: fault) { try header(text) }
    }

    @Test func `a From line left by a mailbox program is passed over`() throws {
        #expect(try header(">From a@b.example Mon Jan 4\nSubject: x\n").text("subject") == "x")
    }

    @Test(arguments: [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus?= Köln", "Grüße aus Köln"), ("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?Q?M=FCller?=", "Müller"), ("=?ISO-8859-15?Q?5_=A4?=", "5 €"), ("=?windows-1252?Q?=80_=84x=93?=", "€ „x“"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"), ("=?utf-8?Q?a?= b", "a b"), ("=?utf-8?B?w7w=?= =?utf-8?B?w58=?=", "üß"),
        ("=?utf-8?B?ww==?= =?utf-8?B?vA==?=", "ü"), ("=?utf-8*de?Q?ja?=", "ja"),
        ("=?koi8-r?B?8NLJ?=", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="), ("=?utf-8?Q?open", "=?utf-8?Q?open"), ("=?", "=?"),
    ])
    func `encoded words are read`(_ raw: String, _ text: String) {
        #expect(EncodedWords.decode(Array(raw.utf8)[...]) == text)
    }

    @Test(arguments: [
        ("a@x.example", ["|a@x.example"]), ("Ann <a@x.example>, b@y.example", ["Ann|a@x.example", "|b@y.example"]),
        ("\"Last, First\" <a@x.example>", ["Last, First|a@x.example"]),
        ("\"say \\\"hi\\\"\" <a@x.example>", ["say \"hi\"|a@x.example"]),
        ("a (one (two) \\) three)@x.example (c)", ["|a@x.example"]),
        ("Team: a@x.example, B <b@x.example>; , c@x.example", ["|a@x.example", "B|b@x.example", "|c@x.example"]),
        ("undisclosed-recipients:;", []), ("=?utf-8?Q?J=C3=B6rg?= <j@x.example>", ["Jörg|j@x.example"]),
        ("\"pay@bank.example\" <thief@x.example>", ["pay@bank.example|thief@x.example"]),
        ("<@relay.example,@b.example:a@x.example>", ["|a@x.example"]), ("\"a b\"@x.example", ["|\"a b\"@x.example"]),
        ("a@x.example b@y.example", []), ("joe smith@x.example", []), ("<a@x.example", []), ("@x.example", []),
        ("a@[192.0.2.1]", ["|a@[192.0.2.1]"]), ("", []), (",,;:<>()", []),
    ])
    func `address lists are read`(_ raw: String, _ expected: [String]) {
        #expect(MailAddress.list(Array(raw.utf8)[...]).map { "\($0.name)|\($0.address)" } == expected)
    }

    @Test func `comments within comments end the reading, not the program`() {
        let raw = Array(String(repeating: "(", count: 1_000_000).utf8) + Array("a@x.example".utf8)
        #expect(MailAddress.list(raw[...]).isEmpty)
    }

    @Test(arguments: [
        ("Tue, 16 Mar 2027 09:00:00 +0000", "2027-03-16T09:00:00Z"), ("16 Mar 2027 09:00 +0130", "2027-03-16T07:30:00Z"),
        ("Tue, 16 Mar 27 09:00:00 EST", "2027-03-16T14:00:00Z"),
        ("(x) Tue (y) , 1 Jan 99 00:00:60 GMT (z)", "1999-01-01T00:00:59Z"),
        ("Sun, 29 Feb 2028 23:59:59 -0800", "2028-03-01T07:59:59Z"),
    ])
    func `dates are read`(_ raw: String, _ expected: String) {
        #expect(MailDate.parse(Array(raw.utf8)[...])?.description == expected)
    }

    @Test(arguments: [
        "", "yesterday", "32 Jan 2027 09:00 +0000", "29 Feb 2027 09:00 +0000", "1 Jan 2027 25:00 +0000", "1 Jan 2027 09:00 +0999",
    ])
    func `what is no date is none`(_ raw: String) { #expect(MailDate.parse(Array(raw.utf8)[...]) == nil) }

    @Test func `message ids are found among words`() {
        let raw = "Your mail of <a@b> <c d@e> <f@g><h@i> <open"
        #expect(MessageIDs.list(Array(raw.utf8)[...]) == ["<a@b>", "<f@g>", "<h@i>"])
    }
}

@Suite struct AuthenticationTests {
    private func passed(_ field: String) -> [String]? { AuthenticationResults(Array(field.utf8)[...])?.passed }

    @Test(arguments: [
        ("mx.me.example; dkim=pass header.d=shop.example", ["shop.example"]),
        ("mx.me.example 1; dkim=fail header.d=shop.example; spf=pass smtp.mailfrom=bounce@shop.example", ["shop.example"]),
        ("mx.me.example (pass; dkim=pass header.d=evil.example); dmarc=pass (p=none) header.from=shop.example", ["shop.example"]),
        ("mx.me.example; dkim=fail reason=\"x; dkim=pass header.d=evil.example\" header.d=shop.example", []),
        ("mx.me.example; dkim = pass header.i = @shop.example header.b=Ab=/x", ["shop.example"]),
        ("mx.me.example; dkim=pass header.d=a.example header.d=evil.example", ["a.example"]),
        ("mx.me.example; arc=pass header.d=evil.example; iprev=pass", []), ("mx.me.example; none", []), ("mx.me.example", []),
    ])
    func `what passed is what the host says passed`(_ field: String, _ domains: [String]) { #expect(passed(field) == domains) }

    @Test func `only the topmost field counts`() throws {
        let header = try MessageHeader(
            parsing: Array(
                "Authentication-Results: MX.me.example; dkim=none\nAuthentication-Results: mx.me.example; dkim=pass header.d=a.example\n"
                    .utf8))
        let found = AuthenticationResults.topmost(in: header)
        #expect(found?.host == "mx.me.example" && found?.passed == [])
    }

    @Test func `a signature names its domain`() throws {
        let header = try MessageHeader(
            parsing: Array("DKIM-Signature: v=1; bd=no.example;\n d = Shop.example ; b=d=x\nDKIM-Signature: x\n".utf8))
        #expect(DKIMSignature.domains(in: header) == ["shop.example"])
    }
}
