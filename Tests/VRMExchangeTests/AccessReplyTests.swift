import Testing
import VRMModel

@testable import VRMExchange

@Suite struct AccessReplyTests {
    private let known = [
        KnownValue.folded("mara@me.example"): [KnownValue(item: .email, version: 2, isCurrent: true)],
        KnownValue.folded("old@me.example"): [KnownValue(item: .email, version: 1, isCurrent: false)],
        KnownValue.folded("+49 40 555"): [KnownValue(item: DataItemName("phone_number")!, version: 1, isCurrent: true)],
    ]

    private final class Found {
        var leaves: [String] = []
        var taken = 0
    }

    /// A text that never ends.
    private struct EndlessText: ByteSource {
        let found: Found

        func read(upTo n: Int) -> [UInt8] {
            defer { found.taken += n }
            return [UInt8](repeating: UInt8(ascii: found.taken == 0 ? "\"" : "x"), count: found.taken == 0 ? 1 : n)
        }
    }

    /// Path and value of each leaf.
    private func leaves(_ text: String, step: Int = 1 << 16) throws -> [String] {
        let found = Found()
        var reader = JSONLeaves(DribblingSource(text, step: step), file: "f", prefix: "") { path, value in
            found.leaves.append("\(path)=\(value)")
        }
        try reader.read()
        return found.leaves
    }

    private func survey(_ values: [(String, String)]) throws -> ReplySurvey {
        var survey = ReplySurvey(known: known)
        for (path, value) in values { try survey.take(value, at: path) }
        return survey
    }

    @Test(arguments: [1, 2, 3, 7, 1 << 16])
    func `every leaf has its path, however the bytes arrive`(_ step: Int) throws {
        let text = #" {"a":{"b":[1,{"c":"ä\u00e4\ud83d\ude00\n"},[],{}],"d":null},"e":[[true,-1.5e3]]} {"a":"again"}"#
        #expect(
            try leaves(text, step: step) == [
                "a.b[]=1", "a.b[].c=ää😀\n", "a.d=", "e[][]=true", "e[][]=-1.5e3", "a=again",
            ])
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"a":}"#, "[1,]", "[1 2]", "{1:2}", #"{"a" 1}"#, "tru", "01", "1.", "+1",
        "-",
        "Infinity", #""\x""#, #""\ud800""#, #""\ud800\u0041""#, #""\u12""#, "\"a\nb\"", "[", #"{"a":[1}"#, "]", #""a"#,
        #"{"a":1}}"#, "nullx", "// no", "'a'",
    ])
    func `what is not JSON is refused`(_ text: String) {
        for step in [1, 1 << 16] { #expect(throws: ReplyFailure.self) { try leaves(text, step: step) } }
    }

    @Test func `depth is counted, not recursed`() {
        let deepest = ReplyLimits.depth
        #expect(throws: Never.self) {
            try leaves(String(repeating: "[", count: deepest) + "1" + String(repeating: "]", count: deepest))
        }
        #expect(throws: ReplyFailure.json(file: "f", offset: Int64(deepest), .tooDeep)) {
            try leaves(String(repeating: "[", count: 1_000_000))
        }
    }

    @Test func `an endless text is refused after a little more than the cap`() {
        let found = Found()
        #expect(throws: ReplyFailure.self) {
            var reader = JSONLeaves(EndlessText(found: found), file: "f", prefix: "") { _, _ in }
            try reader.read()
        }
        #expect(found.taken < ReplyLimits.textBytes + (1 << 18))
    }

    @Test func `our own values are recognised, whatever the case and the spaces`() throws {
        let survey = try survey([
            ("mail", " MARA@me.example "), ("mail", "old@me.example"), ("mail", "who@else.example"), ("tel", "(+49) 40/555"),
        ])
        let field = try #require(survey.fields["mail"])
        #expect(field.values == 3 && field.foreign == 1)
        #expect(field.known.keys.map(\.version).sorted { ($0 ?? 0) < ($1 ?? 0) } == [1, 2])
        #expect(survey.fields["tel"]?.foreign == 0, "by its digits")
    }

    @Test func `few samples are kept of many values, and short ones`() throws {
        let long = String(repeating: "x", count: 1_000)
        let survey = try survey([("f", long)] + (0..<1_000).map { ("f", "\($0)") } + [("f", "7")])
        let field = try #require(survey.fields["f"])
        #expect(field.values == 1_002 && field.samples.count == ReplyLimits.samples && field.hasMore && field.isCut)
        #expect(field.samples.allSatisfy { $0.revealed.utf8.count <= ReplyLimits.sampleBytes })
    }

    @Test func `a field too many is refused`() throws {
        #expect(throws: ReplyFailure.tooManyFields) {
            _ = try survey((0...ReplyLimits.fields).map { ("f\($0)", "1") })
        }
    }

    @Test(arguments: [
        ("customer.emailAddress", "email"), ("E-Mail", "email"), ("emails[].value", "email"), ("profil.Vorname", "given_name"),
        ("shared_with[]", "@recipient"), ("recipients[].email", "@recipient"), ("data source", "@source"),
        ("table.csv:Ort", "locality"),
    ])
    func `a field is guessed by its name`(_ path: String, _ use: String) throws {
        #expect(FieldGuess.all(in: try survey([(path, "1")]), beside: [:]).map(\.use.description) == [use])
    }

    @Test func `a field is guessed by our values in it, and only if all of them are`() throws {
        #expect(FieldGuess.all(in: try survey([("x", "mara@me.example")]), beside: [:]).map(\.reason) == [.value])
        #expect(FieldGuess.all(in: try survey([("x", "mara@me.example"), ("x", "1")]), beside: [:]).isEmpty)
        #expect(FieldGuess.all(in: try survey([("x", "mara@me.example")]), beside: ["x": .ignored]).isEmpty)
    }

    @Test func `a finding names what differs`() throws {
        let phone = DataItemName("phone_number")!
        let survey = try survey([("m", "old@me.example"), ("m", "who@else.example"), ("s", "1"), ("r", "Adfarm"), ("n", "x")])
        let findings = survey.findings(
            under: ["m": .item(.email), "r": .recipient, "n": .ignored],
            against: ReplyExpectation(held: [phone], kept: [.email]))
        #expect(
            findings.map { "\($0.kind.rawValue) \($0.field ?? "") \($0.item?.description ?? "") \($0.version ?? 0) \($0.count)" }
                == [
                    "unknown_field s  0 1", "unrecorded m email 1 2", "old_value m email 1 1", "wrong_value m email 0 1",
                    "recipient r  0 1", "not_disclosed  phone_number 0 0",
                ])
        #expect(findings.first { $0.kind == .wrongValue }?.onlyValue?.revealed == "who@else.example")
    }
}
