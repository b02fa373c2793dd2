import Foundation
import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@testable import VRMVault

/// A company that answers intents.
struct Bidder {
    let origin: Origin
    let seed = Random.bytes(32)
    var document: KeyDocument {
        get throws {
            let key = PinnedKey(try TokenKey(SecretBytes(copying: seed), algorithm: "EdDSA").publicKey)
            return try KeyDocument(parsing: KeyDocument.issuerDocument(origin, [key], sealedTo: []).bytes)
        }
    }

    init(_ origin: String) { self.origin = Origin(origin)! }

    func offer(
        to intent: SignedBundle, price: String = "289.00", currency: String = "EUR", items: [String] = ["grinder"],
        meets: [String] = [], acceptsTerms: Bool = true, asks: [OfferPayload.Ask] = [], validUntil: Day = Day("2027-01-09")!,
        at now: Instant, as name: Origin? = nil
    ) throws -> SignedBundle {
        let verified = try Verifier(Policy(audience: nil)).verify(intent.flattened, recalling: Recollection(), at: now)
        guard case .intent(let payload) = verified.payload else { throw VaultFailure.unknownRecord }
        let key = try TokenKey(SecretBytes(copying: seed), algorithm: "EdDSA")
        let kid = key.publicKey.thumbprint
        return try CompanyIssuer(key: key, kid: kid, origin: name ?? origin, now: now).sign(
            offer: OfferPayload(
                ref: verified.reference, nonce: Base64URL.encode(Random.bytes(16)), items: items,
                price: try #require(Amount(price, currency)), validUntil: validUntil, meets: meets, acceptsTerms: acceptsTerms,
                asks: asks), to: verified.common.iss
        ).sealed(to: payload.offersKey)
    }
}

private nonisolated(unsafe) let writing = DemandWriting(
    regime: { _ in .plain }, language: { _ in .english }, holidays: .none,
    compose: { draft, signer in
        LetterDraft(
            subject: "s", to: nil, messageID: "<m@vrm.invalid>", date: Instant(seconds: 0), bundleFile: "b.json",
            segments: [.text(signer)], fromName: nil, fromAddress: nil)
    })

extension TestVault {
    fileprivate func intend(
        _ title: String = "a grinder", reserve: String? = "310", must: [String] = [], nice: [Want.Wish] = [],
        attributes: [String] = [], until day: String = "2027-01-10", audience: Audience? = nil
    ) throws -> Intent {
        try change { vault, change in
            for name in attributes { _ = try change.set(DataItemName(name)!, value("value of \(name)")) }
            var want = Want(title: title)
            (want.must, want.nice) = (must, nice)
            var draft = IntentDraft(
                want: want, category: IntentCategory("kitchen")!, region: Region("DE-HH")!, lastDay: Day(day)!,
                terms: ShippedTerms.all[0])
            draft.reserve = reserve.flatMap { Amount($0, "EUR") }
            draft.attributes = attributes.compactMap { DataItemName($0) }
            draft.audience = audience
            return try change.intend(draft).0
        }
    }

    fileprivate func token(_ intent: Intent) throws -> SignedBundle { try open(.reading).published(intent).signed }

    fileprivate func take(_ offer: SignedBundle, _ document: KeyDocument?) throws -> Bid {
        try change { _, change in try change.take(offer: offer.file, given: document).bid }
    }

    fileprivate func judged(_ intent: Intent) throws -> [BidJudgement] { try open(.reading).judged(intent, at: now) }

    /// Whether the signing key is there, and the opening one.
    fileprivate func keys(_ intent: Intent) throws -> [Bool] {
        let keys = try open(.reading).hasKeys(intent)
        return [keys.signing, keys.opening]
    }

    /// The rows that hold keys of intents, filed or not.
    fileprivate func keyRows(_ use: IntentKey.Use) throws -> [RecordID] {
        let vault = try open(.reading)
        return try vault.all(IntentKey.self).filter { $0.use == use }.map { vault.store.row(of: $0.id) }
    }

    /// Whether any file of the vault has the name of this row, also where nothing reads them any more.
    fileprivate func hasOnDisk(_ row: RecordID) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: path).contains { name in
            try Data(contentsOf: URL(filePath: path + "/" + name)).range(of: Data(row.bytes)) != nil
        }
    }

    fileprivate func shortlist(_ bid: Bid, _ intent: Intent, _ names: String...) throws -> SignedBundle {
        try change { _, change in
            try change.shortlist(
                bid, of: intent, showing: names.map { DataItemName($0)! }, for: .EstablishContractualAgreement,
                domain: bid.company.host
            ).signed
        }
    }

    fileprivate func award(_ intent: Intent, _ bid: Bid, giving names: String...) throws -> MadeAward {
        try change { _, change in
            try change.award(
                intent, to: bid, giving: names.map { DataItemName($0)! }, through: Day("2027-01-31")!, domain: bid.company.host,
                writing: writing)
        }
    }
}

@Suite struct IntentTests {
    let shopkeeper = Bidder("https://shop.example")
    let rival = Bidder("https://rival.example")

    @Test func `an intent says what is wanted, with sixteen digests and no value`() throws {
        let vault = try TestVault()
        // A point is in no digest, so no digest looks like the amount.
        let token = try vault.token(try vault.intend(reserve: "310.77", attributes: ["postal_code"]))
        let verified = try Verifier(Policy(audience: nil)).verify(token.flattened, recalling: Recollection(), at: vault.now)
        guard case .intent(let payload) = verified.payload else { return #expect(Bool(false)) }
        #expect(payload.want.title == "a grinder" && payload.riders == [.deleteOnClose] && verified.disclosed.isEmpty)
        #expect(!String(decoding: token.flattened, as: UTF8.self).contains("disclosures\":[\""))
        let payloadText = String(decoding: Base64URL.decode(token.payload.utf8) ?? [], as: UTF8.self)
        #expect(!payloadText.contains("310.77"), "the reserve never leaves")
    }

    @Test func `two intents of one vault share no key, id, digest or salt`() throws {
        let vault = try TestVault()
        let tokens = try (0..<2).map { _ in try vault.token(try vault.intend(attributes: ["postal_code"])) }
        let strings = tokens.map { token -> Set<String> in
            let payload = String(decoding: Base64URL.decode(token.payload.utf8) ?? [], as: UTF8.self)
            return Set(payload.split(separator: Character("\"")).filter { $0.count >= 20 }.map { String($0) })
        }
        let shared = strings[0].intersection(strings[1])
        #expect(shared == [Base64URL.encode(ShippedTerms.all[0].sha256), "urn:vrm:bundle:intent/1"], "\(shared)")
    }

    @Test func `an intent ends within fourteen days and not before today`() throws {
        let vault = try TestVault()
        #expect(throws: IntentRefusal.alreadyOver(Day("2026-12-31")!)) { try vault.intend(until: "2026-12-31") }
        #expect(throws: IntentRefusal.tooLong(latest: Day("2027-01-14")!)) { try vault.intend(until: "2027-01-15") }
        _ = try vault.intend(until: "2027-01-14")
    }

    @Test func `an offer is judged against what only the person knows`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(
            must: ["quiet"], nice: [Want.Wish(text: "repairable", weight: 3), Want.Wish(text: "red", weight: 1)])
        let token = try vault.token(intent)
        _ = try vault.take(
            shopkeeper.offer(to: token, price: "248", meets: ["quiet", "repairable"], at: vault.now), shopkeeper.document)
        _ = try vault.take(
            rival.offer(
                to: token, price: "310.0001", acceptsTerms: false,
                asks: [.init(field: "phone_number", purpose: .DeliveryOfGoods), .init(field: "name", purpose: .DirectMarketing)],
                at: vault.now), rival.document)
        let judged = try vault.judged(intent)
        #expect(judged.map(\.bid.company) == [shopkeeper.origin, rival.origin])
        // 50 × 62/310 for the price, 50 × 3/4 for the wishes.
        #expect(judged[0].score == 10 + 37 && judged[0].isWithinReserve == true && judged[0].missing.isEmpty)
        #expect(judged[1].score == 0 && judged[1].isWithinReserve == false && judged[1].missing == ["quiet"])
        #expect(judged[1].excess.count == 2)
        #expect(judged[1].reasons.contains("asks for name for DirectMarketing, which your terms prohibit"))
    }

    @Test func `another currency is no comparison, and an unknown key no offer`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let token = try vault.token(intent)
        _ = try vault.take(shopkeeper.offer(to: token, price: "1", currency: "USD", at: vault.now), shopkeeper.document)
        let unknown = try vault.take(rival.offer(to: token, price: "1", at: vault.now), nil)
        for judged in try vault.judged(intent) { #expect(judged.score == nil && judged.isWithinReserve == nil) }
        #expect(throws: IntentRefusal.untrusted(rival.origin.host)) { try vault.award(intent, unknown) }
    }

    @Test func `with a key an offer that was kept becomes trusted, under the same id`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let offer = try shopkeeper.offer(to: try vault.token(intent), at: vault.now)
        let before = try vault.take(offer, nil)
        let after = try vault.take(offer, try shopkeeper.document)
        #expect(!before.isTrusted && after.isTrusted && before.id == after.id)
        #expect(try vault.judged(intent).count == 1)
    }

    @Test func `the same offer again changes nothing`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let offer = try shopkeeper.offer(to: try vault.token(intent), at: vault.now)
        let first = try vault.take(offer, try shopkeeper.document)
        let entries = try vault.open(.reading).ledger().count
        #expect(try vault.take(offer, try shopkeeper.document) == first)
        #expect(try vault.open(.reading).ledger().count == entries)
    }

    @Test func `foreign, unsealed, misdirected and late offers are refused`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let token = try vault.token(intent)
        let offer = try shopkeeper.offer(to: token, at: vault.now)
        let foreign = try KeyDocument(parsing: KeyDocument.jwks(rival.document.keys, sealedTo: []).bytes)
        #expect(throws: Rejection.self) { try vault.take(offer, foreign) }
        let bare = SignedBundle(
            protected: offer.protected, payload: offer.payload, signature: offer.signature, disclosures: nil, jti: offer.jti)
        #expect(throws: IntentRefusal.unsealed) { try vault.take(bare, try shopkeeper.document) }
        let other = try TestVault()
        #expect(throws: IntentRefusal.notOurs) { try other.take(offer, try shopkeeper.document) }
        vault.now = Instant("2027-01-11T00:00:00Z")!
        #expect(throws: IntentRefusal.closed(.expired)) { try vault.take(offer, try shopkeeper.document) }
        #expect(try vault.judged(intent).isEmpty)
    }

    @Test func `one key signs for one company`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let token = try vault.token(intent)
        _ = try vault.take(try shopkeeper.offer(to: token, at: vault.now), try shopkeeper.document)
        let key = try #require(try shopkeeper.document.keys.first)
        let bare = try KeyDocument(parsing: KeyDocument.jwks([key], sealedTo: []).bytes)
        let disguised = try shopkeeper.offer(to: token, at: vault.now, as: rival.origin)
        #expect(throws: IntentRefusal.sharedKey(shopkeeper.origin.host)) { try vault.take(disguised, bare) }
    }

    @Test func `who is not asked is not heard`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(audience: Audience(allow: [], block: [Domain("rival.example")!]))
        let token = try vault.token(intent)
        #expect(throws: IntentRefusal.notAsked(rival.origin.host)) {
            try vault.take(try rival.offer(to: token, at: vault.now), try rival.document)
        }
        _ = try vault.take(try shopkeeper.offer(to: token, at: vault.now), try shopkeeper.document)
    }

    @Test func `a shortlisted company is shown what was committed to, for itself, once, and it is a grant`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(attributes: ["postal_code", "shoe_size"])
        let bid = try vault.take(try shopkeeper.offer(to: try vault.token(intent), at: vault.now), try shopkeeper.document)
        let nonce = try vault.open(.reading).content(of: bid).nonce
        let shown = try vault.shortlist(bid, intent, "postal_code")
        var policy = Policy(audience: shopkeeper.origin.description)
        policy.nonce = nonce
        let seen = try Verifier(policy).verify(shown.flattened, recalling: Recollection(), at: vault.now)
        #expect(seen.disclosed.map(\.path) == ["attributes.postal_code"])
        policy.audience = rival.origin.description
        #expect(throws: Rejection.self) { try Verifier(policy).verify(shown.flattened, recalling: Recollection(), at: vault.now) }
        let who = try vault.open(.reading).who(has: DataItemName("postal_code")!, at: vault.now)
        #expect(who.map(\.company) == [shopkeeper.origin.host] && who.first?.why.purpose == .EstablishContractualAgreement)
        let kept = try vault.open(.reading).bid(bid.id.description).bid
        #expect(throws: IntentRefusal.nonceUsed(shopkeeper.origin.host)) { try vault.shortlist(kept, intent, "shoe_size") }
        let grant = try #require(try vault.open(.reading).grants().first)
        #expect(throws: VaultFailure.grantOfIntent(intent.id)) { try vault.change { _, change in try change.revoke(grant) } }
        let (bytes, missing) = try vault.open(.reading).file(ofBundle: grant.bundle)
        #expect(bytes == shown.flattened && missing == 0, "the same bytes again")
        #expect(try vault.open(.reading).verify().fault == nil)
    }

    @Test func `what was not committed to cannot be shown`() throws {
        let vault = try TestVault()
        let intent = try vault.intend(attributes: ["postal_code"])
        let bid = try vault.take(try shopkeeper.offer(to: try vault.token(intent), at: vault.now), try shopkeeper.document)
        #expect(throws: IntentRefusal.notCommitted(email)) { try vault.shortlist(bid, intent, "email") }
        try vault.change { _, change in _ = try change.remove(DataItemName("postal_code")!) }
        #expect(throws: IntentRefusal.valueRemoved(DataItemName("postal_code")!)) {
            try vault.shortlist(bid, intent, "postal_code")
        }
    }

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

        let (_, closing) = try vault.change { _, change in try change.withdraw(intent, writing: writing) }
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

    @Test func `ten thousand items are taken in`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let offer = try shopkeeper.offer(to: try vault.token(intent), items: (0..<10_000).map { "i\($0)" }, at: vault.now)
        let bid = try vault.take(offer, try shopkeeper.document)
        #expect(try vault.open(.reading).content(of: bid).items.count == 10_000)
    }
}
