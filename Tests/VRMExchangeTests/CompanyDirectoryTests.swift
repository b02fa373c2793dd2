import Foundation
import Testing
import VRMModel

@testable import VRMExchange

@Suite struct CompanyDirectoryTests {
    private let acme =
        #"{"slug":"acme","relevant-countries":["de"],"name":"Acme GmbH","address":"Weg 1\n00000 Ort","email":" privacy@acme.invalid "#
        + #"","webform":"https://acme.invalid/form","web":"https://www.acme.invalid/","runs":["Acme shop"],"request-language":"de","#
        + #""required-elements":[{"desc":"Name","type":"name"},{"desc":"Kundennummer","type":"input","optional":true}],"#
        + #""comments":["slow"],"sources":[],"quality":"verified"}"#
    private let bare = #"{"slug":"bare","relevant-countries":["all"],"name":"Bare","quality":"verified"}"#
    private let gone = #"{"slug":"gone","name":"Gone","reason":"company-merged","sources":[],"quality":"obsolete"}"#
    private let site =
        #"{"name":"Acme","url":"https://www.acme.invalid/delete","difficulty":"hard","notes":"ask","notes_de":"frag","#
        + #""email":"help@acme.invalid","domains":["www.acme.invalid","acme.invalid","app.other.invalid/x","no,domain"]}"#

    private func read(_ path: String) throws -> (records: [DirectoryRecord], summary: DirectorySummary) {
        var records: [DirectoryRecord] = []
        let summary = try CompanyDirectory.read(path: path, each: { records.append($0) }, progress: { _ in })
        return (records, summary)
    }

    private func read(text: String, named name: String = "x.ndjson") throws -> (
        records: [DirectoryRecord], summary: DirectorySummary
    ) {
        try withFolder { folder in
            let file = folder.appending(path: name)
            try Data(text.utf8).write(to: file)
            return try read(file.path)
        }
    }

    @Test func `a record of datenanfragen is read in full`() throws {
        let (records, summary) = try read(text: acme + "\n")
        #expect(summary.records == 1)
        let record = try #require(records.first)
        #expect(record.source == .datenanfragen)
        #expect(record.slug == "acme")
        #expect(record.name == "Acme GmbH")
        #expect(record.domains.map(\.description) == ["acme.invalid"])
        #expect(record.runs == ["Acme shop"])
        #expect(record.email == "privacy@acme.invalid")
        #expect(record.webform == "https://acme.invalid/form")
        #expect(record.address == "Weg 1\n00000 Ort")
        #expect(record.country == CountryCode("DE"))
        #expect(record.language == LanguageCode("de"))
        #expect(record.identification.map(\.kind) == [.name, .input])
        #expect(record.identification.map(\.isOptional) == [false, true])
        #expect(record.identification.last?.label == "Kundennummer")
        #expect(record.notes == ["slow"])
    }

    @Test func `a site of JustDeleteMe is read in full`() throws {
        let record = try #require(try read(text: site).records.first)
        #expect(record.source == .justdeleteme)
        #expect(record.slug == "acme")
        #expect(record.domains.map(\.description) == ["acme.invalid", "other.invalid"])
        #expect(record.email == "help@acme.invalid")
        #expect(record.deletionURL == "https://www.acme.invalid/delete")
        #expect(record.deletionDifficulty == "hard")
        #expect(record.notes == ["ask"])
        #expect(record.country == nil)
    }

    @Test func `lines are counted by what they lack`() throws {
        let text = "\u{FEFF}" + acme + "\r\n\r\n" + bare + "\n" + gone + "\n{\"hello\":1}\n"
        let (records, summary) = try read(text: text)
        #expect(records.map(\.slug) == ["acme", "bare"])
        #expect(summary.records == 2)
        #expect(summary.withoutDomain == 1)
        #expect(summary.withoutContact == 1)
        #expect(summary.obsolete == 1)
        #expect(summary.unreadable == 1)
        #expect(records[1].country == nil)
    }

    @Test(arguments: ["{\"slug\":", "[1]", "text", "{\"a\":1,\"a\":2}"])
    func `a broken line is named by its number`(_ line: String) {
        #expect(throws: DirectoryFailure.brokenLine(3)) { try read(text: acme + "\n\n" + line + "\n" + bare) }
    }

    @Test func `a line above its cap is refused before it is whole`() throws {
        var source = EndlessSource(head: Array("{}\n".utf8), byte: UInt8(ascii: "x"))
        var lines = LineReader(longest: CompanyDirectory.recordBytes)
        #expect(try lines.next(from: &source) == Array("{}".utf8))
        #expect(throws: LineReader.TooLong.self) { try lines.next(from: &source) }
        #expect(source.taken < 2 << 20)
        let long = String(repeating: "x", count: CompanyDirectory.recordBytes)
        #expect(throws: DirectoryFailure.lineTooLong(2)) { try read(text: acme + "\n\"" + long + "\"\n") }
    }

    @Test func `a JSON array is read whatever it is called`() throws {
        for name in ["sites.json", "sites.ndjson"] {
            let (records, summary) = try read(text: "[\n" + site + ",\n" + acme + ", 7]", named: name)
            #expect(records.map(\.source) == [.justdeleteme, .datenanfragen])
            #expect(summary.unreadable == 1)
        }
        #expect(throws: DirectoryFailure.brokenFile("sites.json")) { try read(text: "[", named: "sites.json") }
    }

    @Test(arguments: ["companies", ".", "sites"])
    func `a folder of records is read by file name`(_ place: String) throws {
        try withFolder { folder in
            let inner = folder.appending(path: place)
            try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
            try Data(bare.utf8).write(to: inner.appending(path: "b.json"))
            try Data(acme.utf8).write(to: inner.appending(path: "a.json"))
            try Data("no".utf8).write(to: inner.appending(path: "README.md"))
            try Data("no".utf8).write(to: inner.appending(path: ".hidden.json"))
            #expect(try read(folder.path).records.map(\.slug) == ["acme", "bare"])
            try Data("{".utf8).write(to: inner.appending(path: "c.json"))
            #expect(throws: DirectoryFailure.brokenFile("c.json")) { try read(folder.path) }
        }
    }

    @Test(arguments: ["_data/sites.json", "sites.json"])
    func `a checkout of JustDeleteMe is read`(_ place: String) throws {
        try withFolder { folder in
            let file = folder.appending(path: place)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: folder.appending(path: "package.json"))
            try Data("[\(site)]".utf8).write(to: file)
            #expect(try read(folder.path).records.map(\.slug) == ["acme"])
        }
    }

    @Test func `an empty folder and a missing path are refused`() throws {
        try withFolder { folder in
            #expect(throws: DirectoryFailure.nothingFound) { try read(folder.path) }
            #expect(throws: FileFailure(errno: 2)) { try read(folder.path + "/none") }
        }
    }

    @Test func `long texts are capped and what would not survive that is dropped`() throws {
        let long = String(repeating: "é", count: 3000)
        let text =
            #"{"slug":"x","relevant-countries":["de"],"name":"\#(long)","address":"\#(long)","webform":"https://x.invalid/\#(long)","#
            + #""email":"ann@x.invalid\r\nBcc: all@x.invalid"}"#
        let record = try #require(try read(text: text.replacing("\r\n", with: "\\r\\n")).records.first)
        #expect(record.name.utf8.count == 300)
        #expect(record.address?.utf8.count == 4096)
        #expect(record.webform == nil)
        #expect(record.email == nil)
    }

    @Test func `names that differ have slugs that differ and last`() {
        #expect(DirectoryRecord.slug(fromName: "Nike") == "nike")
        #expect(DirectoryRecord.slug(fromName: "Nike+") == "nike-3a4719ad")
        #expect(DirectoryRecord.slug(fromName: "About.me") == "about-me")
        #expect(DirectoryRecord.slug(fromName: "Мій Клас").utf8.count == 8)
        #expect(DirectoryRecord.slug(fromName: "Мій Клас") != DirectoryRecord.slug(fromName: "СдамГИА"))
    }

    @Suite(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.reason)))
    struct PublicData {
        private func read(_ name: String) throws -> (records: [DirectoryRecord], summary: DirectorySummary) {
            try CompanyDirectoryTests().read(SharedData.path(name))
        }

        @Test func `the sample of datenanfragen is read`() throws {
            let (records, summary) = try read("datenanfragen/companies.sample-defanged.ndjson")
            #expect(summary.records == 194)
            #expect(summary.withoutDomain == 13)
            #expect(summary.withoutContact == 0)
            #expect(summary.unreadable == 0)
            #expect(Set(records.map(\.slug)).count == 194)
            #expect(
                records.contains {
                    $0.slug == "1and1-gb" && $0.domains == [Domain("ionos.co.uk")!] && $0.country == CountryCode("GB")
                })
        }

        @Test func `the whole of datenanfragen is read`() throws {
            let (records, summary) = try read("datenanfragen/companies.ndjson")
            #expect(summary.records == 3069)
            // 284 without an address, and a few whose address is broken.
            #expect((284...290).contains(summary.withoutDomain))
            #expect(records.count { $0.email != nil } >= 2955)
            #expect(summary.withoutContact == 0)
            #expect(Set(records.map(\.slug)).count == 3069)
        }

        @Test func `withdrawn records are counted and not handed over`() throws {
            let (records, summary) = try read("datenanfragen/obsolete-records.ndjson")
            #expect(records.isEmpty)
            #expect(summary.obsolete == 116)
        }

        @Test func `JustDeleteMe is read`() throws {
            let (records, summary) = try read("justdeleteme/sites.en.ndjson")
            #expect(summary.records == 2591)
            #expect(summary.unreadable == 0)
            #expect(summary.withoutDomain <= 5)
            #expect(records.count { $0.email != nil } == 473)
            #expect(Set(records.map(\.slug)).count == 2591)
            #expect(records.allSatisfy { $0.deletionURL != nil })
        }
    }
}
