import Testing

@testable import VRMBundle

@Suite struct UnpackingTests {
    /// What a payload with one Disclosure below a name discloses.
    private func path(below name: String) throws -> String {
        let disclosure = Disclosure(name: "email", value: "mara@muster.example")
        let digests: JSONValue = ["_sd": .array([.string(DisclosureDigest.listed([disclosure.digest])[0])])]
        let payload = Base64URL.encode(JSONValue.object(JSONObject([(name, digests)])).bytes)
        let bundle = try Unverified(parsing: Array("e30.\(payload).AA~\(disclosure.encoded)~".utf8))
        var unpacking = try Unpacking(bundle)
        _ = try unpacking.unpack(try #require(bundle.signed).index, at: "data", depth: 1)
        try unpacking.finish()
        return try #require(unpacking.disclosed.first).path
    }

    @Test func `a path names what was disclosed, and of an endless name no more than its beginning`() throws {
        #expect(try path(below: "shop") == "data.shop.email")
        let long = String(repeating: "p", count: 100_000)
        #expect(try path(below: long) == "data.\(long.prefix(64))…#2.email")
    }

    @Test func `an envelope is another one when anything in it is`() throws {
        func envelope(_ text: String) throws -> Envelope { try Envelope(parsing: Array(text.utf8)) }
        let flattened = #"{"payload":"b","protected":"a","signature":"c"}"#
        #expect(try envelope(flattened) == envelope("a.b.c"))
        #expect(try envelope(#"{"payload":"\u0062","protected":"a","signature":"c"}"#) == envelope("a.b.c"))
        for other in ["d.b.c", "a.d.c", "a.b.d", "a.b.c~"] { #expect(try envelope(other) != envelope("a.b.c"), "\(other)") }
        #expect(try envelope("a.b.c~d~") != envelope("a.b.c~e~"))
        #expect(try envelope("a.b.c~d~") != envelope("a.b.c~d~e~"))
        #expect(try envelope("a.b.c~d~e.f.g") != envelope("a.b.c~d~e.f.h"))
        // The same bytes in a row, cut elsewhere.
        let (one, two) = (
            #"{"payload":"b.c","protected":"a","signature":"d"}"#, #"{"payload":"b","protected":"a","signature":"c.d"}"#
        )
        #expect(try envelope(one) != envelope(two))
    }
}
