import Testing
import VRMMail
import VRMModel

@testable import VRMExchange

/// What an answer to a letter of ours is by its own marks.
@Suite struct MailReplyTests {
    private static let letter = "<1@me.example>"

    private func reply(
        _ fields: String, from sender: String = "privacy@shop.example", body: String = "Hello\n"
    ) throws -> MailReply? {
        var knowledge = MailSurvey.Knowledge(today: Day("2027-03-16")!, digest: { [UInt8($0.count % 256)] })
        knowledge.ownHosts = ["mx.me.example"]
        knowledge.letters = [MailReplyTests.letter]
        var survey = MailSurvey(knowledge)
        let text =
            "From: \(sender)\nDate: Mon, 15 Mar 2027 09:00:00 +0000\nAuthentication-Results: mx.me.example; dkim=pass header.d=shop.example\n"
            + fields
        let header = try MessageHeader(parsing: Array(text.utf8))
        survey.take(header, message: survey.wants(header) ? Array((text + "\n" + body).utf8) : nil, file: nil)
        return survey.replies.first
    }

    @Test(arguments: [
        ("", MailReply.Kind.written), ("Auto-Submitted: no\n", .written), ("Auto-Submitted: No (by hand)\n", .written),
        ("Auto-Submitted: auto-replied\n", .automatic),
        ("Auto-Submitted:  Auto-Replied; owner-email=\"a@b.example\"\n", .automatic),
        ("Auto-Submitted: auto-generated (rejected)\n", .automatic), ("Auto-Submitted: auto-notified\n", .automatic),
        ("X-Auto-Response-Suppress: All\n", .written), ("Precedence: bulk\n", .written),
    ])
    func `a machine's answer says that it is one`(_ field: String, _ kind: MailReply.Kind) throws {
        let reply = try #require(try reply("In-Reply-To: \(MailReplyTests.letter)\n\(field)"))
        #expect(reply.kind == kind)
        #expect(reply.digest?.count == 1)
    }

    @Test(arguments: ["MAILER-DAEMON@shop.example", "postmaster@shop.example"])
    func `what a mail server says of itself is no answer of the company`(_ sender: String) throws {
        let fields = "In-Reply-To: \(MailReplyTests.letter)\nSubject: Warning: delayed\nAuto-Submitted: auto-replied\n"
        #expect(try reply(fields, from: sender)?.kind == .notice)
        #expect(try reply(fields)?.kind == .automatic)
    }

    @Test(arguments: [
        ("failed", MailReply.Kind.bounce), ("delivered", .arrival), ("Delivered (to mailbox)", .arrival), ("delayed", nil),
        ("relayed", nil), ("expanded", nil),
    ])
    func `a delivery report is told by its action`(_ action: String, _ kind: MailReply.Kind?) throws {
        let body = "--x\n\nReporting-MTA: dns; mx\n\nAction: \(action)\n--x\n\nMessage-ID:\n \(MailReplyTests.letter)\n--x--\n"
        let reply = try reply("Content-Type: multipart/report; report-type=delivery-status; boundary=x\n", body: body)
        #expect(reply?.kind == kind)
        let named = try self.reply(
            "In-Reply-To: \(MailReplyTests.letter)\nContent-Type: multipart/report; report-type=delivery-status\n", body: body)
        #expect(named?.kind == kind ?? .notice)
        #expect(named?.files == [])
    }

    @Test(arguments: [
        ("manual-action/MDN-sent-manually; displayed", MailReply.Kind.arrival),
        ("automatic-action/MDN-sent-automatically; processed/warning", .arrival),
        ("manual-action/MDN-sent-manually;deleted", .arrival),
        ("automatic-action/MDN-sent-automatically; failed", nil), ("displayed", nil),
    ])
    func `a read report is told by its disposition`(_ disposition: String, _ kind: MailReply.Kind?) throws {
        let body = "--x\n\nOriginal-Message-ID: \(MailReplyTests.letter)\nDisposition: \(disposition)\n--x--\n"
        let type = "Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n"
        #expect(try reply(type, body: body)?.kind == kind)
        #expect(try reply(type, body: body.replacingLetter)?.kind == nil)
    }
}

extension String {
    /// The same about a letter of somebody else's.
    fileprivate var replacingLetter: String { split(separator: "1@me.example").joined(separator: "2@me.example") }
}
