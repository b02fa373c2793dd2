import Testing
import VRMBundle
import VRMModel

@testable import VRMVault

@Suite struct RequestLifeTests {
    @Test func `what happened to a request is there after opening again, as it was written down`() throws {
        let test = try TestVault()
        let request = try test.makeRequest()
        test.now = Instant("2027-03-01T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        try test.record(.extended, "2027-01-20", on: request, until: "2027-03-20")
        try test.record(.acknowledged, "2027-01-06", on: request)
        let kept = try test.open(.reading).request(request.id.short)
        #expect(kept.history.events.map(\.kind) == [.sent, .acknowledged, .extended])
        #expect(kept.history.asWritten.map(\.kind) == [.sent, .extended, .acknowledged])
        #expect(kept.history.state == .extended)
        #expect(kept.history.events.last?.until == Day("2027-03-20"))
        #expect(kept.history.events.last?.reason?.revealed == "much to do")
        #expect(kept.history.events.last?.actor == .company)
        #expect(LawBook.plain.deadline(of: kept, at: nil)?.answerBy == Day("2027-03-20"))
    }

    @Test func `each event has its ledger line, and none its reasons`() throws {
        let test = try TestVault()
        let request = try test.makeRequest()
        test.now = Instant("2027-03-01T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        try test.record(.extended, "2027-01-20", on: request, until: "2027-03-20")
        let lines = try test.open(.reading).ledger().compactMap(\.entry).suffix(2)
        #expect(lines.map(\.event) == [.sent, .requestRecorded])
        #expect(lines.map(\.detail) == [["2027-01-04"], ["extended", "2027-01-20"]])
        #expect(lines.allSatisfy { $0.records == [request.id] && $0.company == shop })
    }

    @Test func `what cannot follow is refused, and nothing is written`() throws {
        let test = try TestVault()
        let request = try test.makeRequest()
        let before = try test.open(.reading).ledger().count
        #expect(throws: RequestRefusal.cannotFollow(.fulfilled, after: .made)) {
            try test.record(.fulfilled, "2027-01-01", on: request)
        }
        #expect(throws: RequestRefusal.beforeRequest(made: Day("2027-01-01")!)) {
            try test.record(.sent, "2026-12-31", on: request)
        }
        let vault = try test.open(.reading)
        #expect(try vault.request(request.id.short).history.events.isEmpty)
        #expect(try vault.ledger().count == before)
    }

    @Test func `the day it left can be put right until something follows`() throws {
        let test = try TestVault()
        let request = try test.makeRequest()
        test.now = Instant("2027-03-01T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        let lines = try test.open(.reading).ledger().count
        #expect(try test.record(.sent, "2027-01-04", on: request).sent == Day("2027-01-04"))
        #expect(try test.open(.reading).ledger().count == lines)
        #expect(try test.record(.sent, "2027-01-05", on: request).sent == Day("2027-01-05"))
        try test.record(.acknowledged, "2027-01-06", on: request)
        #expect(throws: RequestRefusal.cannotFollow(.sent, after: .sent)) { try test.record(.sent, "2027-01-05", on: request) }
    }

    @Test func `saying sent and recording it are one`() throws {
        let test = try TestVault()
        let (one, other) = (try test.makeRequest(), try test.makeRequest(.access))
        test.now = Instant("2027-01-10T12:00:00Z")!
        try test.change { _, change in try change.markSent(.request(one), on: Day("2027-01-04")!) }
        try test.record(.sent, "2027-01-04", on: other)
        let vault = try test.open(.reading)
        #expect(try vault.request(one.id.short).history.events == vault.request(other.id.short).history.events)
    }

    @Test func `what was written down last can be taken back`() throws {
        let test = try TestVault()
        let request = try test.makeRequest()
        test.now = Instant("2027-03-01T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        try test.record(.fulfilled, "2027-01-20", on: request)
        try test.record(.received, "2027-01-05", on: request)
        let back = try test.change { vault, change in try change.takeBack(lastOf: vault.request(request.id.short)) }
        #expect(back.history.events.map(\.kind) == [.sent, .fulfilled])
        #expect(try test.open(.reading).ledger().last?.entry?.event == .requestTakenBack)
    }

    @Test func `a record of before there were events reads as it was, and stays so`() throws {
        let id = RecordID([UInt8](repeating: 7, count: 16))!
        let old = """
            {"relationship":"\(id)","kind":"access","regime":"gdpr","lang":"en","made":1798804800,"identified_by":[],\
            "bundle":"\(id)","letter":"\(id)","sent":"2027-02-01"}
            """
        let read = try RightsRequest(id: id, Vault.object(Array(old.utf8)))
        #expect(read.history.state == .sent)
        #expect(read.sent == Day("2027-02-01"))
        #expect(JSONValue.object(read.json).text == old)
    }

    @Test func `an event with everything in it reads as it was written`() throws {
        let id = RecordID([UInt8](repeating: 7, count: 16))!
        let event = RequestEvent(
            .identityRequested, on: Day("2027-01-05")!, until: Day("2027-02-05"), reason: value("why"), about: .scope,
            isContested: true, actor: .authority, evidence: [1, 2], followUp: id, receipt: id,
            recorded: Instant("2027-01-06T00:00:00Z")!)
        #expect(try RequestEvent(try #require(event.json.object)) == event)
    }

    @Test func `a day by the person's word counts, with its reason`() throws {
        let test = try TestVault()
        let request = try test.makeRequest()
        test.now = Instant("2027-03-01T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        let day = DeadlineOverride(Day("2027-01-31")!, reason: value("they said so on the phone"))
        try test.change { vault, change in _ = try change.setAnswerBy(day, of: vault.request(request.id.short)) }
        let vault = try test.open(.reading)
        let deadline = try #require(LawBook.plain.deadline(of: vault.request(request.id.short), at: nil))
        #expect(deadline.answerBy == Day("2027-01-31"))
        #expect(
            deadline.steps.last
                == .overridden(from: Day("2027-02-04")!, to: Day("2027-01-31")!, reason: value("they said so on the phone")))
        #expect(try vault.ledger().last?.entry?.detail == ["answer-by", "2027-01-31"])
    }

    @Test func `a company whose requests are over can be forgotten with them, one with an open one cannot`() throws {
        let test = try TestVault()
        let request = try test.makeRequest()
        test.now = Instant("2027-03-01T12:00:00Z")!
        func remove() throws { try test.change { vault, change in _ = try change.removeCompany(vault.company("shop.example")) } }
        #expect(throws: VaultFailure.companyHasGrants(1)) { try remove() }
        try test.record(.withdrawn, "2027-01-04", on: request)
        try remove()
        let vault = try test.open(.reading)
        #expect(try vault.requests().isEmpty)
        #expect(try vault.all(KeptLetter.self).isEmpty)
        #expect(vault.verify().fault == nil)
    }
}
