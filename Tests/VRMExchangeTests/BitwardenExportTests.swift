import Testing
import VRMModel

@testable import VRMExchange

@Suite struct BitwardenExportTests {
    private let personal = """
        {"encrypted": false, "folders": [{"id": "f", "name": "CANARY"}], "items": [
          {"id": "1", "type": 1, "name": "Acme shop", "notes": "CANARY", "fields": [{"name": "PIN", "value": "CANARY", "type": 1}],
           "login": {"uris": [{"match": null, "uri": "https://shop.acme.example/login"}, {"uri": "https://acme.example"},
                              {"uri": "androidapp://com.acme"}, {"uri": null}, {"uri": "other.example"}],
                     "username": " ann ", "password": "CANARY", "totp": "CANARY"},
           "passwordHistory": [{"password": "CANARY"}],
           "creationDate": "2020-02-29T10:00:00.000Z", "revisionDate": "2026-01-02T03:04:05.678Z"},
          {"id": "2", "type": 2, "name": "Note", "notes": "CANARY", "secureNote": {"type": 0}},
          {"id": "3", "type": 3, "name": "Card", "card": {"number": "CANARY"}},
          {"id": "4", "type": 1, "name": null, "login": {"uris": null, "username": null, "password": null, "totp": null}}
        ]}
        """

    @Test(arguments: [1, 1 << 20])
    func `an export gives its accounts and no secret`(_ step: Int) throws {
        let imported = try Imported(DribblingSource(personal, step: step))
        #expect(imported.accounts.map(\.domain.description) == ["acme.example", "other.example"])
        #expect(imported.accounts[0].login == Private("ann"))
        #expect(imported.accounts[0].name == "Acme shop")
        #expect(imported.accounts[0].firstSeen?.description == "2020-02-29")
        #expect(imported.accounts[0].lastSeen?.description == "2026-01-02")
        #expect(!imported.everything.contains("CANARY"))
        let summary = imported.summary
        #expect(summary.format == "bitwarden-json")
        #expect(summary.rows == 4)
        #expect(summary.accounts == 2)
        #expect(summary.skipped == 3)
        #expect(summary.secretsDropped == 4)
    }

    @Test func `an organisation's export is read too, with a byte order mark`() throws {
        let text = "\u{FEFF}" + #"{"collections":[],"items":[{"type":1,"login":{"uris":[{"uri":"acme.example"}]}}]}"#
        let imported = try Imported(text)
        #expect(imported.accounts.map(\.domain.description) == ["acme.example"])
        #expect(imported.accounts[0].login == nil)
    }

    @Test(arguments: [
        (#"{"encrypted":true,"passwordProtected":true,"salt":"x","data":"CANARY"}"#, PasswordExportFailure.encrypted),
        (#"{"encrypted":true,"encKeyValidation_DO_NOT_EDIT":"2.x","folders":[],"items":[{"name":"2.x"}]}"#, .encrypted),
        (#"{}"#, .notBitwarden), (#"{"items":[]}"#, .notBitwarden), (#"{"encrypted":false}"#, .notBitwarden),
        (#"{"encrypted":false,"items":["CANARY"]}"#, .notBitwarden),
        (#"{"encrypted":false,"items":[}"#, .brokenJSON(offset: 28)),
    ])
    func `what cannot be read is named`(_ text: String, _ failure: PasswordExportFailure) {
        #expect(throws: failure) { try Imported(text) }
    }

    @Test func `JSON that is no object is not Bitwarden's`() {
        var source = MemoryByteSource("[1]")
        #expect(throws: PasswordExportFailure.notBitwarden) {
            try BitwardenExport.read(&source, each: { _ in }, progress: { _ in })
        }
    }

    @Test func `an endless text is refused at 64 MiB`() {
        var source = EndlessSource(head: Array("{".utf8), byte: 0x20)
        #expect(throws: PasswordExportFailure.tooLarge) {
            try PasswordExport.read(&source, each: { _ in }, progress: { _ in })
        }
        #expect(source.taken <= 64 << 20 + 1 << 20)
    }
}
