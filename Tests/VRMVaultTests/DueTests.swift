import Testing
import VRMModel

@testable import VRMVault

@Suite struct DueTests {
    let test: TestVault

    init() throws { test = try TestVault() }

    /// What is due about requests, as lists show it.
    func due(_ day: String) throws -> [String] {
        let now = Instant("\(day)T12:00:00Z")!
        return try test.open(.reading).due(at: now, under: .plain).map { "\($0.on) \($0.what)" }
    }

    @Test func `a request is to be sent, then an answer is due, then it is time to remind`() throws {
        let request = try test.makeRequest()
        #expect(try due("2027-01-02") == ["2027-01-01 send erasure request"])
        test.now = Instant("2027-01-04T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        #expect(try due("2027-01-05") == ["2027-02-04 answer to erasure request"])
        // In time on the last day.
        #expect(try due("2027-02-04") == ["2027-02-04 answer to erasure request"])
        #expect(try due("2027-02-05") == ["2027-02-04 answer to erasure request", "2027-02-05 remind of erasure request"])
    }

    @Test func `a question puts it to the person, and while it stands still no answer is due`() throws {
        let request = try test.makeRequest()
        test.now = Instant("2027-01-10T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        try test.record(.identityRequested, "2027-01-10", on: request)
        #expect(try due("2027-03-05") == ["2027-01-10 your identity for erasure request"])
        let other = try test.makeRequest(.access)
        try test.record(.sent, "2027-01-10", on: other)
        try test.record(.identityRequested, "2027-01-10", on: other, about: .scope)
        #expect(try due("2027-03-05").contains("2027-01-10 what you ask for in access request"))
    }

    @Test func `a refusal waits for the person's word, and what is over waits for nothing`() throws {
        let request = try test.makeRequest()
        test.now = Instant("2027-01-10T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        try test.record(.refused, "2027-01-09", on: request)
        #expect(try due("2027-01-10") == ["2027-01-09 your word on the answer to erasure request"])
        try test.record(.confirmed, "2027-01-10", on: request)
        #expect(try due("2027-03-05") == [])
    }

    @Test func `a follow-up moves its request on when it is sent, not when it is made`() throws {
        let request = try test.makeRequest()
        test.now = Instant("2027-02-10T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        func remind(_ kind: FollowUp.Kind) throws -> FollowUp {
            try test.change { vault, change in
                try change.followUp(kind, on: vault.request(request.id.short)) { draft in
                    LetterDraft(
                        subject: "r", to: nil, messageID: "<\(draft.id)@me.example>", inReplyTo: draft.thread.first,
                        references: draft.thread, date: self.test.now, bundleFile: draft.first.bundleFile,
                        segments: [.text("t")], fromName: nil, fromAddress: nil)
                }
            }
        }
        let letter = try remind(.reminder)
        #expect(try test.open(.reading).request(request.id.short).history.state == .sent)
        #expect(
            try due("2027-02-10") == [
                "2027-02-04 answer to erasure request", "2027-02-05 remind of erasure request", "2027-02-10 send reminder",
            ])
        try test.change { _, change in try change.markSent(.followUp(letter), on: Day("2027-02-10")!) }
        #expect(try test.open(.reading).request(request.id.short).history.state == .reminded)
        // The second warns, then there is the complaint.
        #expect(try due("2027-02-11") == ["2027-02-04 answer to erasure request", "2027-02-24 remind of erasure request"])
        test.now = Instant("2027-02-25T12:00:00Z")!
        let second = try remind(.admonition)
        #expect(try test.open(.reading).letter(second.letter).references.count == 2)
        try test.change { vault, change in try change.markSent(vault.outgoing(second.id.short), on: Day("2027-02-25")!) }
        #expect(try due("2027-02-26") == ["2027-02-04 answer to erasure request", "2027-03-11 complain about erasure request"])
        #expect(try test.open(.reading).requestsByMessageID().values.allSatisfy { $0.map(\.id) == [request.id] })
        #expect(try test.open(.reading).requestsByMessageID().count == 3)
        // Taking it back takes back that it left.
        try test.change { vault, change in _ = try change.takeBack(lastOf: vault.request(request.id.short)) }
        #expect(try test.open(.reading).followUps(of: request).map(\.sent) == [Day("2027-02-10"), nil])
        // What is over has no letter to send.
        try test.record(.fulfilled, "2027-02-25", on: request)
        #expect(try due("2027-02-26") == [])
    }

    @Test func `a letter that could not follow is not made`() throws {
        let request = try test.makeRequest()
        #expect(throws: RequestRefusal.cannotFollow(.reminded, after: .made)) {
            try test.change { _, change in
                _ = try change.followUp(.reminder, on: request) { _ in fatalError() }
            }
        }
    }

    @Test func `contesting a question lets the period run on as if it had not been asked`() throws {
        let request = try test.makeRequest()
        test.now = Instant("2027-01-20T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        try test.record(.identityRequested, "2027-01-10", on: request)
        let dispute = RequestEvent(.reminded, on: Day("2027-01-20")!, isContested: true, recorded: test.now)
        try test.change { vault, change in _ = try change.record(dispute, on: vault.request(request.id.short)) }
        let deadline = try #require(LawBook.plain.deadline(of: test.open(.reading).request(request.id.short), at: nil))
        #expect(deadline.answerBy == Day("2027-02-04"))
        #expect(deadline.stoppedSince == nil)
        #expect(deadline.steps.contains(.keptRunning(asked: Day("2027-01-10")!, .contested)))
    }

    @Test func `what proved who the person is is held, and to be deleted when the request is over`() throws {
        let request = try test.makeRequest()
        test.now = Instant("2027-01-20T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
        try test.record(.identityRequested, "2027-01-10", on: request)
        let passport = DataItemName("passport_number")!
        try test.change { vault, change in
            _ = try change.record(
                RequestEvent(.identitySupplied, on: Day("2027-01-12")!, recorded: self.test.now),
                on: vault.request(request.id.short), handing: [passport])
        }
        #expect(try test.open(.reading).who(has: passport, at: test.now).map(\.state) == ["held"])
        #expect(try due("2027-01-20") == ["2027-02-06 answer to erasure request"])
        try test.record(.fulfilled, "2027-01-19", on: request)
        #expect(try due("2027-01-20") == ["2027-01-19 have passport_number deleted, given as proof"])
        #expect(try test.open(.reading).verify().fault == nil)
    }
}
