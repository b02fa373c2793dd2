import Testing

@testable import VRMExchange

@Suite struct CSVReaderTests {
    private func rows(_ text: String, step: Int? = nil) throws -> [[String]] {
        try rows(Array(text.utf8), step: step)
    }

    private func rows(_ bytes: [UInt8], step: Int? = nil) throws -> [[String]] {
        var source = DribblingSource("", step: step ?? 1 << 20)
        source.rest = MemoryByteSource(bytes)
        var reader = CSVReader()
        var rows: [[String]] = []
        while let record = try reader.next(from: &source) { rows.append(record.fields) }
        return rows
    }

    @Test(arguments: [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b\rc,d", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}\"a\",b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a,b\n\"two\nlines\",\"a \"\"word\"\"\"\n", [["a", "b"], ["two\nlines", "a \"word\""]]),
        ("a,b\n\"x\r\ny\",\",\"\r\n", [["a", "b"], ["x\r\ny", ","]]),
        ("a,b\n\n\r\nc,\n", [["a", "b"], ["c", ""]]),
        ("a,b,c\nd\n\"\"\n", [["a", "b", "c"], ["d"], [""]]),
        ("é,ß😀\nü\\,\"\\\"", [["é", "ß😀"], ["ü\\", "\\"]]),
        ("", []), ("\n\n", []), ("\u{FEFF}", []), ("a", [["a"]]), (",", [["", ""]]),
    ])
    func `a text gives its fields whatever the size of the blocks`(_ text: String, _ expected: [[String]]) throws {
        #expect(try rows(text) == expected)
        #expect(try rows(text, step: 1) == expected)
        #expect(try rows(text, step: 3) == expected)
    }

    @Test(arguments: [
        ("a,b\nx\"y,z\n", CSVFailure.brokenQuoting(line: 2)),
        ("a,b\n\"x\"y,z\n", .brokenQuoting(line: 2)),
        ("a,b\n\n\"x\ny,z\n", .unterminatedQuote(line: 3)),
        ("a,b\nc\u{0},d\n", .nulByte(line: 2)),
        ("a,b\n\"c\u{0}\",d\n", .nulByte(line: 2)),
        ("a,b\n\"1\n2\",c,d\n", .tooManyFields(line: 2)),
        ("a\u{0}b\u{0}", .utf16),
    ])
    func `broken text is refused with the line`(_ text: String, _ failure: CSVFailure) {
        #expect(throws: failure) { try rows(text) }
        #expect(throws: failure) { try rows(text, step: 1) }
    }

    @Test(
        arguments: [
            [0x61, 0x0A, 0xFF], [0x61, 0x0A, 0xC3], [0x61, 0x0A, 0xC3, 0x2C, 0xA4], [0x61, 0x0A, 0xC0, 0x80], [0x61, 0x0A, 0x80],
            [0x61, 0x0A, 0xED, 0xA0, 0x80], [0x61, 0x0A, 0xF4, 0x90, 0x80, 0x80], [0x61, 0x0A, 0x22, 0xE2, 0x82, 0x22],
        ] as [[UInt8]])
    func `what is not UTF-8 is refused with the line`(_ bytes: [UInt8]) {
        #expect(throws: CSVFailure.invalidUTF8(line: 2)) { try rows(bytes) }
        #expect(throws: CSVFailure.invalidUTF8(line: 2)) { try rows(bytes, step: 1) }
    }

    @Test(arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61], [0x00, 0x61, 0x00, 0x62]] as [[UInt8]])
    func `UTF-16 is named as such`(_ bytes: [UInt8]) {
        #expect(throws: CSVFailure.utf16) { try rows(bytes) }
        #expect(throws: CSVFailure.utf16) { try rows(bytes, step: 1) }
    }

    @Test func `an endless line is refused soon`() {
        for head in ["a,b\nx", "a,b\n\"", ""] {
            var source = EndlessSource(head: Array(head.utf8), byte: UInt8(ascii: "x"))
            var reader = CSVReader()
            reader.drop([0])
            let line = head.isEmpty ? 1 : 2
            #expect(throws: CSVFailure.fieldTooLong(line: line)) { while try reader.next(from: &source) != nil {} }
            #expect(source.taken < 2 << 20)
        }
    }

    @Test func `a record of many long fields is refused soon`() {
        let header = String(repeating: "a,", count: 20)
        let long = String(repeating: "x", count: 1 << 19) + ","
        #expect(throws: CSVFailure.recordTooLong(line: 2)) { try rows(header + "\n" + String(repeating: long, count: 20)) }
    }

    @Test func `endless commas are refused soon`() {
        var source = EndlessSource(byte: UInt8(ascii: ","))
        var reader = CSVReader()
        #expect(throws: CSVFailure.tooManyFields(line: 1)) { try reader.next(from: &source) }
        #expect(source.taken < 1 << 20)
    }

    @Test(arguments: [1, 2, 1 << 16])
    func `a dropped column leaves no byte behind`(_ step: Int) throws {
        var source = DribblingSource("a,b,c\n1,CANARY,2\n1,\"CAN\"\"ARY\nCANARY\",2\n1,,2", step: step)
        var reader = CSVReader()
        _ = try reader.next(from: &source)
        reader.drop([1])
        var contents: [Bool] = []
        while let record = try reader.next(from: &source) {
            #expect(record.bytes == Array("12".utf8))
            #expect(record.fields == ["1", "", "2"])
            contents.append(!record.isEmpty(1))
        }
        #expect(contents == [true, true, false])
    }

    @Test func `a dropped column is still held to the caps and to UTF-8`() throws {
        var source = MemoryByteSource(Array("a,b\n1,".utf8) + [0xFF])
        var reader = CSVReader()
        _ = try reader.next(from: &source)
        reader.drop([1])
        #expect(throws: CSVFailure.invalidUTF8(line: 2)) { try reader.next(from: &source) }
    }

    @Test(arguments: [1, 1 << 16])
    func `backslash escapes are read when asked for`(_ step: Int) throws {
        var source = DribblingSource(#""a\"b","c\\","d\e","f""g""#, step: step)
        var reader = CSVReader()
        reader.acceptBackslashEscapes()
        #expect(try reader.next(from: &source)?.fields == [#"a"b"#, #"c\"#, #"d\e"#, #"f"g"#])
    }
}
