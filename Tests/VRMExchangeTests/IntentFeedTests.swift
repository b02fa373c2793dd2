import Testing
import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel

@Suite struct IntentFeedTests {
    let now = Instant("2027-01-01T12:00:00Z")!

    private func intent(_ title: String, seed: [UInt8], ends: String = "2027-01-10T00:00:00Z") throws -> SignedBundle {
        let reader = try OpeningKey(seed: SecretBytes(random: 32)).publicKey
        let terms = TermsText(id: "t", uri: nil, sha256: SHA256.digest("t".utf8), lang: "en", text: nil)
        let payload = IntentPayload(category: "kitchen", region: "DE", want: Want(title: title), offersKey: reader, terms: terms)
        return try IntentIssuer(seed: SecretBytes(copying: seed), now: now).sign(
            intent: payload, ends: Instant(ends)!, attributes: []
        ).withoutDisclosures
    }

    private func name(_ seed: [UInt8]) throws -> String {
        IntentFeed.file(of: try IntentIssuer(seed: SecretBytes(copying: seed), now: now).name)
    }

    private func withdrawal(of intent: SignedBundle, by seed: [UInt8]) throws -> SignedBundle {
        try IntentIssuer(seed: SecretBytes(copying: seed), now: now).sign(
            withdrawal: WithdrawalPayload(ref: intent.reference), ends: Instant("2027-01-13T00:00:00Z")!)
    }

    @Test func `both lists name every intent and no markup of a stranger`() throws {
        let seed = Random.bytes(32)
        let feed = IntentFeed([(try name(seed), try intent("<script>& \u{1B}[31m", seed: seed).flattened)], at: now)
        let atom = String(decoding: feed.atom(id: "urn:uuid:x"), as: UTF8.self)
        #expect(feed.open.count == 1 && atom.contains("&lt;script&gt;&amp;") && !atom.contains("\u{1B}"))
        #expect(try JSONParser.parse(feed.json(id: "urn:uuid:x")).object?["items"]?.array?.count == 1)
    }

    @Test func `a withdrawal takes the place of its intent, a stranger's has none`() throws {
        let (seed, other) = (Random.bytes(32), Random.bytes(32))
        let made = try intent("x", seed: seed)
        let mine = IntentFeed([(try name(seed), try withdrawal(of: made, by: seed).flattened)], at: now)
        #expect(mine.open.isEmpty && mine.over.count == 1)
        let forged = try withdrawal(of: made, by: other).flattened
        let feed = IntentFeed([(try name(seed), forged), ("extra.json", forged)], at: now)
        #expect(feed.over.isEmpty && feed.expired.isEmpty)
    }

    @Test func `what is over goes, what is no intent stays and is not listed`() throws {
        let seed = Random.bytes(32)
        let name = try name(seed)
        let feed = IntentFeed(
            [(name, try intent("x", seed: seed, ends: "2027-01-02T00:00:00Z").flattened), ("junk.json", [0x7B])],
            at: Instant("2027-01-03T00:00:00Z")!)
        #expect(feed.open.isEmpty && feed.expired == [name])
    }

    @Test func `the id of a folder is found again, and nobody's markup`() {
        let feed = IntentFeed([], at: now)
        let id = "urn:uuid:00000000-1111-2222-3333-444444444444"
        #expect(IntentFeed.id(inJSON: feed.json(id: id)) == id)
        #expect(IntentFeed.id(inJSON: feed.json(id: "urn:uuid:<a>00000-1111-2222-3333-444444444444")) == nil)
    }
}
