import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@testable import VRMVault

@Suite struct IntentClosingTests {
    let shopkeeper = Bidder("https://shop.example")
    let rival = Bidder("https://rival.example")

    @Test func `an award goes on under a fresh key, and who lost is told to delete exactly what it was shown`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(attributes: ["postal_code", "address"])
        let token = try vault.token(intent)
        let winner = try vault.take(try shopkeeper.offer(to: token, at: vault.now), try shopkeeper.document)
        let loser = try vault.take(try rival.offer(to: token, at: vault.now), try rival.document)
        _ = try vault.shortlist(loser, intent, "postal_code")
        let made = try vault.award(intent, winner, giving: "address")
        #expect(made.intent.state(at: vault.now, hasShown: true) == .awarded && made.rotation == nil)

        // The winner: award, then terms and the address under the key it names.
        let award = try Verifier(Policy(audience: shopkeeper.origin.description)).verify(
            made.award.file, recalling: Recollection(), at: vault.now)
        let successor = try #require(award.successor)
        let grant = try Verifier(Policy(audience: shopkeeper.origin.description)).verify(
            try #require(made.grantFile).file, recalling: Recollection(), at: vault.now)
        #expect(grant.common.iss == successor.name && grant.disclosed.map(\.path) == ["data.address"])
        #expect(made.grant?.basis == .contract, "it accepted the terms in its offer")

        // The loser: signed by the intent's key, to it alone, with what it was shown.
        let demand = try #require(made.closing.demands.first)
        #expect(made.closing.demands.count == 1)
        let request = try Verifier(Policy(audience: rival.origin.description, types: [.request])).verify(
            demand.signed.file, recalling: Recollection(), at: vault.now)
        #expect(request.common.iss == award.common.iss)
        #expect(request.disclosed.map(\.path) == ["subject.postal_code"])
        #expect(request.disclosed.first?.value == .string("value of postal_code"))
        #expect(try vault.open(.reading).requests().map(\.kind) == [.erasure])
        #expect(try vault.open(.reading).grants().filter { $0.isActive(at: vault.now) }.count == 1)

        // Everybody: the word that it is over, which counts by the same key only.
        let withdrawal = try #require(made.closing.withdrawal)
        var memory = Memory(BriefMemory())
        let over = try Verifier(Policy(audience: nil)).verify(withdrawal.flattened, recalling: Recollection(), at: vault.now)
        try memory.remember(over)
        #expect(try memory.recall(try Unverified(parsing: token.flattened)).isEnded)
        #expect(throws: IntentRefusal.closed(.awarded)) { try vault.award(made.intent, winner) }
        #expect(try vault.open(.reading).verify().fault == nil)
    }

    @Test func `a stranger's withdrawal ends nothing`() throws {
        let (vault, stranger) = (try TestVault(), try TestVault())
        let token = try vault.token(try vault.intend())
        let seed = SecretBytes(random: 32)
        let forged = try IntentIssuer(seed: seed, now: stranger.now).sign(
            withdrawal: WithdrawalPayload(ref: token.reference), ends: Instant("2027-01-14T00:00:00Z")!)
        var memory = Memory(BriefMemory())
        try memory.remember(
            try Verifier(Policy(audience: nil)).verify(forged.flattened, recalling: Recollection(), at: vault.now))
        #expect(try !memory.recall(try Unverified(parsing: token.flattened)).isEnded)
    }

    @Test func `to a company that knows the person already the old key names the fresh one`() throws {
        let vault = try TestVault()
        try vault.change { vault, change in
            let company = try change.addCompany(shop, name: nil, privacyEmail: nil, origin: nil, country: nil)
            _ = try change.offer(ShippedTerms.all[0], to: company)
        }
        let intent = try vault.intend(attributes: ["address"])
        let bid = try vault.take(try shopkeeper.offer(to: try vault.token(intent), at: vault.now), try shopkeeper.document)
        let made = try vault.award(intent, bid, giving: "address")
        let rotation = try Verifier(Policy(audience: shopkeeper.origin.description)).verify(
            try #require(made.rotation).file, recalling: Recollection(), at: vault.now)
        let award = try Verifier(Policy(audience: shopkeeper.origin.description)).verify(
            made.award.file, recalling: Recollection(), at: vault.now)
        #expect(rotation.successor?.name == award.successor?.name)
    }

    @Test func `after the grace late offers cannot be opened, and the signing key waits for the last demand`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(attributes: ["postal_code"])
        let token = try vault.token(intent)
        let late = try shopkeeper.offer(to: token, at: vault.now)
        let loser = try vault.take(try rival.offer(to: token, at: vault.now), try rival.document)
        _ = try vault.shortlist(loser, intent, "postal_code")
        func touch() throws { try vault.change { _, change in _ = try change.set(email, value("\(vault.now)@muster.example")) } }
        vault.now = Instant("2027-01-13T23:59:59Z")!
        try touch()
        #expect(try vault.keys(intent) == [true, true])
        let opening = try #require(try vault.keyRows(.open).first)
        #expect(try vault.hasOnDisk(opening))
        vault.now = Instant("2027-01-14T00:00:00Z")!
        try touch()
        #expect(try vault.keys(intent) == [true, false])
        #expect(try vault.keyRows(.open) == [] && !vault.hasOnDisk(opening), "destroyed, and not only out of sight")
        #expect(throws: IntentRefusal.notOurs) { try vault.take(late, try shopkeeper.document) }

        let (_, closing) = try vault.change { _, change in try change.withdraw(intent, writing: plainDemands) }
        #expect(closing.withdrawal == nil && closing.demands.count == 1)
        try touch()
        #expect(try vault.keys(intent) == [true, false], "the demand is open")
        let demand = try #require(try vault.open(.reading).requests().first)
        try vault.record(.sent, "2027-01-14", on: demand)
        vault.now = Instant("2027-01-20T12:00:00Z")!
        try vault.record(.fulfilled, "2027-01-20", on: try #require(try vault.open(.reading).requests().first))
        try touch()
        #expect(try vault.keys(intent) == [false, false])
        #expect(try vault.open(.reading).state(of: intent, at: vault.now) == .expired)
        #expect(try vault.open(.reading).verify().fault == nil)
    }

    @Test func `what waits to be posted is there after a crash, and is given up in the end`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        var posting = try vault.change { _, change in try change.post(intent, to: "https://market.example/") }
        #expect(try vault.open(.reading).postings(of: intent).map(\.state) == [.waiting])
        #expect(try vault.change { _, change in try change.post(intent, to: "https://market.example/") } == posting)
        for _ in 0..<4 { posting = try vault.change { _, change in try change.note(3, of: posting, isDelivered: false) } }
        #expect(posting.state == .givenUp)
        #expect(throws: IntentRefusal.givenUp) {
            try vault.change { _, change in try change.post(intent, to: "https://market.example/") }
        }
    }

    @Test func `a demand names what that company was shown, and no letter about it names the person`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(attributes: ["postal_code", "address"])
        let token = try vault.token(intent)
        let bids = try [shopkeeper, rival].map { try vault.take(try $0.offer(to: token, at: vault.now), try $0.document) }
        _ = try vault.shortlist(bids[0], intent, "postal_code")
        _ = try vault.shortlist(bids[1], intent, "address")
        var matters: [String: [String]] = [:]
        let asked = DemandWriting(
            regime: { _ in .plain }, language: { _ in .english }, holidays: .none,
            compose: { draft, signer in
                guard case .shown(let grants) = draft.matter else { throw VaultFailure.unknownRecord }
                matters[draft.relationship.company.domain.description] = grants.flatMap(\.items).map(\.name.description)
                return try plainDemands.compose(draft, signer)
            })
        let (_, closing) = try vault.change { _, change in try change.withdraw(intent, writing: asked) }
        #expect(matters == ["shop.example": ["postal_code"], "rival.example": ["address"]])
        for demand in closing.demands {
            let grant = try #require(
                try vault.open(.reading).grants().first { $0.relationship == demand.request.relationship })
            #expect(demand.request.grants == [grant.id])
            try vault.record(.sent, "2027-01-02", on: demand.request)
        }
        vault.now = Instant("2027-03-01T12:00:00Z")!
        for request in try vault.open(.reading).requests() {
            let company = try vault.open(.reading).relationship(request.relationship).company.domain
            #expect(throws: IntentRefusal.knownByKey(company, request.id)) {
                try vault.change { _, change in
                    _ = try change.followUp(.reminder, on: request) { _ in throw VaultFailure.unknownRecord }
                }
            }
        }
    }

    @Test func `an offer whose day is over is neither answered nor awarded`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(attributes: ["postal_code"])
        let offer = try shopkeeper.offer(to: try vault.token(intent), validUntil: Day("2027-01-02")!, at: vault.now)
        let bid = try vault.take(offer, try shopkeeper.document)
        vault.now = Instant("2027-01-03T00:00:00Z")!
        #expect(throws: IntentRefusal.offerOver(Day("2027-01-02")!)) { try vault.shortlist(bid, intent, "postal_code") }
        #expect(throws: IntentRefusal.offerOver(Day("2027-01-02")!)) { try vault.award(intent, bid) }
    }

    @Test func `after a withdrawal no offer is taken`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let offer = try shopkeeper.offer(to: try vault.token(intent), at: vault.now)
        _ = try vault.change { _, change in try change.withdraw(intent, writing: plainDemands) }
        #expect(throws: IntentRefusal.closed(.withdrawn)) { try vault.take(offer, try shopkeeper.document) }
    }

    @Test func `what is past its day is not published, and a file handed over is once`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        #expect(throws: VaultFailure.sentBeforeMade) {
            try vault.change { _, change in try change.handOver(intent, on: Day("2026-12-31")!) }
        }
        for _ in 0..<2 {
            try vault.change { vault, change in
                _ = try change.handOver(try vault.intent(intent.id.description), on: Day("2027-01-01")!)
            }
        }
        let open = try vault.open(.reading).intent(intent.id.description)
        #expect(open.channels.map(\.kind) == [.hand] && open.state(at: vault.now, hasShown: false) == .open)
        vault.now = Instant("2027-01-11T00:00:00Z")!
        for kind in [Intent.Channel.Kind.feed, .hand] {
            #expect(throws: IntentRefusal.closed(.expired)) {
                try vault.change { _, change in _ = try change.publish(intent, kind, at: "/elsewhere") }
            }
        }
    }

    @Test func `what was overtaken by its withdrawal waits no more`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let address = "https://market.example/?a=1&b=it's"
        _ = try vault.change { _, change in try change.post(intent, to: address) }
        func waiting() throws -> String {
            let reader = try vault.open(.reading)
            return try reader.waiting(try reader.intent(intent.id.description), at: vault.now)
        }
        #expect(try waiting().hasSuffix("--post 'https://market.example/?a=1&b=it'\\''s'"))
        _ = try vault.change { _, change in try change.withdraw(intent, writing: plainDemands) }
        #expect(try waiting() == "nothing")
    }
}
