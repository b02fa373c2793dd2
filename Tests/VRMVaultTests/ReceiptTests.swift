import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@testable import VRMVault

@Suite struct ReceiptTests {
    let test: TestVault
    let request: RightsRequest
    let seed = SecretSeed()

    /// A company's key as a class, so that a suite of values can hold it.
    final class SecretSeed {
        let bytes = SecretBytes(random: 32)
    }

    init() throws {
        test = try TestVault()
        request = try test.makeRequest()
        let key = PinnedKey(.ed25519(try SigningKey(seed: seed.bytes).publicKey), kid: "2027")
        try test.change { vault, change in try change.trust([key], of: vault.company("shop.example")) }
        test.now = Instant("2027-01-04T12:00:00Z")!
        try test.record(.sent, "2027-01-04", on: request)
    }

    /// What the company signs about the request.
    func receipt(
        _ outcome: ReceiptPayload.Outcome, _ reason: ReceiptPayload.Reason? = nil, seq: Int64 = 1, by: String? = nil,
        retained: [ReceiptPayload.Retained] = [], of other: RightsRequest? = nil, on day: String = "2027-01-10"
    ) throws -> [UInt8] {
        let vault = try test.open(.reading)
        let ours = try Unverified(parsing: vault.signed(bundle: (other ?? request).bundle).0.flattened)
        let now = Instant("\(day)T10:00:00Z")!
        let company = try CompanyIssuer(
            key: TokenKey(seed.bytes, algorithm: "EdDSA"), kid: "2027", origin: Origin(shop), now: now)
        let payload = ReceiptPayload(
            ref: try #require(ours.reference), seq: seq, outcome: outcome, reason: reason, receivedAt: now,
            expectedBy: by.flatMap { Day($0) }, completedAt: nil, retained: retained)
        return company.sign(receipt: payload, to: try #require(ours.issuer)).flattened
    }

    @discardableResult
    func take(_ file: [UInt8]) throws -> RightsRequest {
        test.now = Instant("2027-01-31T12:00:00Z")!
        return try test.change { vault, change in
            let request = try vault.request(request.id.short)
            return try change.take(receipt: vault.receipt(file, for: request, at: self.test.now), on: request, under: .plain)
        }
    }

    static let outcomes: [(ReceiptPayload.Outcome, ReceiptPayload.Reason?, RequestState)] = [
        (.open, nil, .acknowledged), (.in_progress, nil, .acknowledged), (.fulfilled, nil, .fulfilled),
        (.denied, .no_match, .noData), (.denied, .too_many_requests, .refused), (.expired, nil, .refused),
        (.in_progress, .need_user_verification, .identityRequested), (.denied, .need_user_verification, .identityRequested),
    ]

    @Test(arguments: outcomes.indices)
    func `an outcome is an event`(_ index: Int) throws {
        let (outcome, reason, state) = ReceiptTests.outcomes[index]
        let taken = try take(try receipt(outcome, reason))
        #expect(taken.history.state == state)
        let event = try #require(taken.history.events.last)
        #expect(event.day == Day("2027-01-10") && event.receipt != nil && event.evidence?.count == 32)
        #expect(event.reason?.revealed == reason?.rawValue)
    }

    @Test func `what is kept back makes it partial`() throws {
        let kept = ReceiptPayload.Retained(what: "invoices", basis: "eu-gdpr:A6-1-c")
        #expect(try take(try receipt(.fulfilled, retained: [kept])).history.state == .partial)
    }

    @Test func `a later day than the law's is an extension, which needs reasons`() throws {
        let extended = try take(try receipt(.in_progress, .other, by: "2027-03-01"))
        #expect(extended.history.state == .extended)
        #expect(LawBook.plain.deadline(of: extended, at: nil)?.answerBy == Day("2027-03-01"))
    }

    @Test func `without reasons it is announced and does not count`() throws {
        let extended = try take(try receipt(.in_progress, by: "2027-03-01"))
        #expect(LawBook.plain.deadline(of: extended, at: nil)?.answerBy == Day("2027-02-04"))
    }

    @Test func `an earlier day only acknowledges`() throws {
        #expect(try take(try receipt(.in_progress, .other, by: "2027-01-20")).history.state == .acknowledged)
    }

    @Test func `the same again changes nothing`() throws {
        let file = try receipt(.fulfilled)
        try take(file)
        let entries = try test.open(.reading).ledger().count
        #expect(try take(file).history.events.count == 2)
        #expect(try test.open(.reading).ledger().count == entries)
    }

    @Test func `the highest number wins, whatever comes when`() throws {
        try take(try receipt(.in_progress, seq: 5))
        #expect(throws: VaultFailure.laterReceipt("in_progress")) { try take(try receipt(.fulfilled, seq: 4)) }
        #expect(try take(try receipt(.fulfilled, seq: 6)).history.state == .fulfilled)
    }

    @Test func `a second word that it is under way is kept, and moves nothing`() throws {
        try take(try receipt(.open, seq: 1))
        #expect(try take(try receipt(.in_progress, seq: 2)).history.events.count == 2)
        #expect(try test.open(.reading).receipts(of: request).map(\.seq) == [1, 2])
    }

    @Test func `an answer to another request is none to this one`() throws {
        let other = try test.makeRequest(.access)
        let file = try receipt(.fulfilled, of: other)
        let entries = try test.open(.reading).ledger().count
        #expect(throws: VaultFailure.unknownAgreement) { try take(file) }
        #expect(try test.open(.reading).ledger().count == entries)
    }

    @Test func `a receipt of a key nobody trusts is kept nowhere`() throws {
        let key = PinnedKey(.ed25519(try SigningKey(seed: SecretBytes(random: 32)).publicKey), kid: "2027")
        let file = try receipt(.fulfilled)
        try test.change { vault, change in try change.trust([key], of: vault.company("shop.example")) }
        #expect(throws: Rejection.self) { try take(file) }
        #expect(try test.open(.reading).receipts(of: request).isEmpty)
    }
}
