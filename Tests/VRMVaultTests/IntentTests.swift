import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@testable import VRMVault

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

    @Test func `a document that names its issuer speaks for nobody else`() throws {
        let vault = try TestVault()
        let offer = try shopkeeper.offer(to: try vault.token(try vault.intend()), at: vault.now)
        let keys = try shopkeeper.document.keys
        let ofRival = try KeyDocument(parsing: KeyDocument.issuerDocument(rival.origin, keys, sealedTo: []).bytes)
        #expect(try !vault.take(offer, ofRival).isTrusted)
        #expect(try vault.take(offer, try shopkeeper.document).isTrusted)
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

    @Test func `an offer to one intent answers no other`() throws {
        let vault = try TestVault()
        let (first, second) = (try vault.token(try vault.intend()), try vault.token(try vault.intend()))
        let verified = try Verifier(Policy(audience: nil)).verify(second.flattened, recalling: Recollection(), at: vault.now)
        guard case .intent(let payload) = verified.payload else { return #expect(Bool(false)) }
        let other = try shopkeeper.offer(to: first, at: vault.now, sealedTo: payload.offersKey)
        #expect(throws: (any Error).self) { try vault.take(other, try shopkeeper.document) }
        #expect(try vault.open(.reading).intents().allSatisfy { try vault.judged($0).isEmpty })
    }

    @Test func `ten thousand items are taken in`() throws {
        let vault = try TestVault()
        let intent = try vault.intend()
        let offer = try shopkeeper.offer(to: try vault.token(intent), items: (0..<10_000).map { "i\($0)" }, at: vault.now)
        let bid = try vault.take(offer, try shopkeeper.document)
        #expect(try vault.open(.reading).content(of: bid).items.count == 10_000)
    }
}
