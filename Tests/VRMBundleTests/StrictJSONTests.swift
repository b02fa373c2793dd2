import Foundation
import Testing

@testable import VRMBundle

/// JSONTestSuite, where it is at hand: what must be read, what must be refused, and our choice where it leaves one.
private enum Suite {
    static let folder = Vector.root.deletingLastPathComponent().appending(path: "shared/data/vectors/jsontestsuite/test_parsing")
    static let isThere = FileManager.default.fileExists(atPath: folder.path)

    static func files(_ prefix: String) -> [URL] {
        ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
            .filter { $0.lastPathComponent.hasPrefix(prefix) }.sorted { $0.path < $1.path }
    }

    static func accepts(_ file: URL) throws -> Bool {
        (try? JSONParser.parse(Array(try Data(contentsOf: file)), deepest: 1024)) != nil
    }

    /// Duplicate names and lone surrogates are JSON to the suite and not to us.
    static let ourRefusals: Set<String> = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"]
    /// Of the free ones these are read: numbers of any size keep their spelling.
    static let ourChoices: Set<String> = [
        "i_number_double_huge_neg_exp.json", "i_number_huge_exp.json", "i_number_neg_int_huge_exp.json",
        "i_number_pos_double_huge_exp.json", "i_number_real_neg_overflow.json", "i_number_real_pos_overflow.json",
        "i_number_real_underflow.json", "i_number_too_big_neg_int.json", "i_number_too_big_pos_int.json",
        "i_number_very_big_negative_int.json", "i_structure_500_nested_arrays.json",
    ]
}

@Suite struct StrictJSONTests {
    @Test(.enabled(if: Suite.isThere, "JSONTestSuite is not beside this checkout"), arguments: Suite.files("y_"))
    func `a text that must be read is read`(_ file: URL) throws {
        #expect(try Suite.accepts(file) == !Suite.ourRefusals.contains(file.lastPathComponent))
    }

    @Test(.enabled(if: Suite.isThere, "JSONTestSuite is not beside this checkout"), arguments: Suite.files("n_"))
    func `a text that must be refused is refused`(_ file: URL) throws {
        #expect(try !Suite.accepts(file))
    }

    @Test(.enabled(if: Suite.isThere, "JSONTestSuite is not beside this checkout"), arguments: Suite.files("i_"))
    func `where the suite leaves it open the choice is declared`(_ file: URL) throws {
        #expect(try Suite.accepts(file) == Suite.ourChoices.contains(file.lastPathComponent))
    }

    @Test func `a million open brackets are refused without a crash`() {
        #expect(throws: JSONFailure.self) { try JSONParser.parse([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) }
    }

    @Test(arguments: [
        (#"{"a":"#, "}"), ("[", "]"), (#"[{"a":"#, "}]"),
    ])
    func `as many levels are read as are allowed, and no more`(_ open: String, _ close: String) throws {
        let each = open.filter { "[{".contains($0) }.count
        func nested(_ levels: Int) -> [UInt8] {
            Array((String(repeating: open, count: levels / each) + "0" + String(repeating: close, count: levels / each)).utf8)
        }
        _ = try JSONParser.parse(nested(12), deepest: 12)
        #expect(throws: JSONFailure.self) { try JSONParser.parse(nested(14), deepest: 12) }
        #expect(throws: JSONFailure.self) { try JSONParser.parse(nested(14), deepest: 13) }
    }

    @Test(arguments: [2, 3, 24, 25, 26, 100])
    func `a name that stands twice is noticed, however many stand between`(_ count: Int) throws {
        let names = (1..<count).map { "\"n\($0)\":0" }
        _ = try JSONParser.parse(Array("{\(names.joined(separator: ","))}".utf8))
        for name in [names[0], names[count - 2]] {
            let twice = "{\((names + [name]).joined(separator: ","))}"
            #expect(throws: JSONFailure.self, "\(name)") { try JSONParser.parse(Array(twice.utf8)) }
        }
    }

    @Test(arguments: [1, 30])
    func `what is spelled with escapes is found, read and taken for the same`(_ others: Int) throws {
        let more = (0..<others).map { ",\"n\($0)\":0" }.joined()
        let object = try #require(
            try JSONParser.parse(Array("{\"\\u0061b\":[\"\\u00e9\\n\",\"\"],\"c\\t\":\"d\"\(more)}".utf8)).object)
        #expect(object["ab"] == ["\u{E9}\n", ""])
        #expect(object["c\t"]?.string == "d")
        #expect(object.names.prefix(2) == ["ab", "c\t"] && object.count == others + 2)
        for twice in ["\"ab\":1", "\"a\\u0062\":1", "\"n0\":1", "\"\\u006e0\":1"] {
            #expect(throws: JSONFailure.self, "\(twice)") {
                try JSONParser.parse(Array("{\"\\u0061b\":0\(more),\(twice)}".utf8))
            }
        }
    }

    @Test func `names that only look alike are two names`() throws {
        let parsed = try JSONParser.parse(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8))
        let object = try #require(parsed.object)
        #expect(object["\u{E9}"]?.integer == 1)
        #expect(object["e\u{301}"]?.integer == 2)
    }

    @Test(arguments: ["1.0", "1e2", "-0", "9007199254740992", "12345678901234567890"])
    func `a number that is no safe integer gives none`(_ text: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)).integer == nil)
    }

    @Test func `what is written is read again, and controls are escaped`() throws {
        let value: JSONValue = ["a\u{9B}\u{7F}\u{1B}\"\\": ["\u{1F600}", nil, true, -7, [:]]]
        #expect(try JSONParser.parse(value.bytes) == value)
        #expect(value.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }

    @Test(arguments: [1, 7, 4096])
    func `what is written fits, whatever room there was at first`(_ room: Int) {
        var json = JSONWriter(reserving: room)
        json.object { json in
            json.member("absent", nil as String?)
            json.member("empty") { _ in }
            json.array("none") { _ in }
            json.array("list") { json in
                json.write("a\"b")
                json.write(base64URL: [0, 0xFF])
                json.array { json in json.write(.number(JSONNumber(-7))) }
                json.write(["text": .string(String(repeating: "é", count: 300)), "no": false])
            }
            json.member("seconds", 1_798_761_600 as Int64)
        }
        let long = String(repeating: "é", count: 300)
        let text = #"{"empty":{},"none":[],"list":["a\"b","AP8",[-7],{"text":"\#(long)","no":false}],"seconds":1798761600}"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == text)
        json.removeAll()
        json.write("again")
        #expect(json.bytes == Array("\"again\"".utf8))
    }

    @Test func `base64url has one spelling`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            let padded = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            #expect(Base64URL.encode(bytes) == padded.filter { $0 != "=" })
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
        }
        for bad in ["A", "AB=", "AB==", "A B", "AB\n", "AC", "+/AA", "AAB"] {
            #expect(Base64URL.decode(bad.utf8) == nil, "\(bad)")
        }
    }
}
