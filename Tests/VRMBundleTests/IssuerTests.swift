import Testing
import VRMBundle
import VRMCrypto
import VRMModel

@Suite struct IssuerTests {
    let now = Instant("2027-01-01T12:34:56Z")!
    let later = Instant("2027-01-11T00:00:00Z")!
    let shop = Origin("https://shop.example")!

    func issuer() throws -> PersonIssuer {
        try PersonIssuer(seed: SecretBytes(random: SigningKey.seedBytes), audience: shop, now: now)
    }

    func terms(_ text: String) -> TermsPayload {
        TermsPayload(terms: TermsText(id: "own-1", uri: nil, sha256: SHA256.digest(text.utf8), lang: "en", text: text))
    }

    func intent(_ key: AgreementJWK) -> IntentPayload {
        var want = Want(title: "a quiet espresso grinder")
        want.budget = Amount("400", "EUR")
        want.items = [Want.Item(name: "grinder", quantity: 1)]
        want.nice = [Want.Wish(text: "black", weight: 2)]
        return IntentPayload(
            category: "kitchen", region: "DE-HH", want: want, offersKey: key,
            terms: TermsText(
                id: nil, uri: "https://terms.example/1", sha256: SHA256.digest("Be kind.".utf8), lang: "en", text: nil),
            replyTo: "mailto:r7@relay.example")
    }

    func read(_ signed: SignedBundle, as audience: String?, pinned: [PinnedKey] = [], nonce: String? = nil) throws
        -> VerifiedBundle
    {
        try Verifier(Policy(audience: audience, nonce: nonce)).verify(
            signed.flattened, recalling: Recollection(pinned: pinned), at: now)
    }

    @Test func `what is signed is accepted, and dated a minute back`() throws {
        let signed = try issuer().sign(terms: terms("Be kind."), ends: now.adding(seconds: 86_400))
        let bundle = try read(signed, as: shop.description)
        #expect(bundle.type == .terms)
        #expect(bundle.common.iat == Instant("2027-01-01T12:33:00Z"))
        #expect(bundle.common.exp == Instant("2027-01-03T00:00:00Z"))
        #expect(bundle.standing == .first_contact)
        #expect(bundle.reference == signed.reference)
    }

    @Test func `a grant shows its values and nothing else`() throws {
        let issuer = try issuer()
        let offer = issuer.sign(terms: terms("Be kind."), ends: later)
        let payload = GrantPayload(
            purposes: [.CustomerCare], basis: .consent, terms: offer.reference, retention: Day("2027-02-01")!, supersedes: nil,
            data: JSONObject())
        let signed = issuer.sign(
            grant: payload, ends: now.adding(seconds: 30 * 86_400),
            data: [("email", "mara@muster.example"), ("shoe_size", "42")])
        let bundle = try read(signed, as: shop.description)
        guard case .grant(let grant) = bundle.payload else { return #expect(Bool(false), "no grant") }
        #expect(grant.data.names.count == 2)
        #expect(grant.data["email"]?.string == "mara@muster.example")
        let payloadBytes = try #require(Base64URL.decode(signed.payload.utf8))
        let payloadText = String(decoding: payloadBytes, as: UTF8.self)
        #expect(!payloadText.contains("muster"))
        #expect(!payloadText.contains("email"))
    }

    @Test func `the order of the digests tells nothing of the values`() throws {
        let issuer = try issuer()
        let payload = GrantPayload(
            purposes: [.CustomerCare], basis: .consent, terms: issuer.sign(terms: terms("Be kind."), ends: later).reference,
            retention: Day("2027-02-01")!, supersedes: nil, data: JSONObject())
        let values = (0..<12).map { (name: "item\($0)", value: JSONValue.string("\($0)")) }
        let signed = issuer.sign(grant: payload, ends: now.adding(seconds: 30 * 86_400), data: values)
        let claims = try JSONParser.parse(try #require(Base64URL.decode(signed.payload.utf8)))
        let texts = try #require(claims.object?["data"]?.object?["_sd"]?.array).compactMap(\.string)
        #expect(texts.count == 12 && texts == texts.sorted())
    }

    @Test func `a rectification carries its changes as values`() throws {
        let payload = RequestPayload(
            exercise: "rectification", regime: "gdpr", basis: "Art. 16 GDPR", grants: [], respondBy: Day("2027-02-01")!,
            subject: JSONObject(), changes: JSONObject())
        let signed = try issuer().sign(
            request: payload, ends: later, subject: [("name", "Mara")],
            changes: [
                DisclosedChange(name: "address", old: "Hafenstr. 1", new: "Hafenstr. 2"),
                DisclosedChange(name: "email", old: nil, new: "mara@muster.example"),
            ])
        func changes(_ signed: SignedBundle) throws -> JSONObject? {
            guard case .request(let read) = try read(signed, as: shop.description).payload else { return nil }
            return read.changes
        }
        let whole = try #require(try changes(signed))
        #expect(whole["address"]?.object?["old"] == "Hafenstr. 1" && whole["address"]?.object?["new"] == "Hafenstr. 2")
        #expect(whole["email"] == ["new": "mara@muster.example"])

        // The old value erased, the rest still verifies.
        let kept = try #require(signed.disclosures).filter {
            !String(decoding: Base64URL.decode($0.utf8) ?? [], as: UTF8.self).contains("Hafenstr. 1")
        }
        let erased = SignedBundle(
            protected: signed.protected, payload: signed.payload, signature: signed.signature, disclosures: kept, jti: signed.jti)
        #expect(kept.count == 5)
        #expect(try changes(erased)?["address"] == ["new": "Hafenstr. 2"])
    }

    @Test func `a message and a piece of a log are accepted`() throws {
        let issuer = try issuer()
        let message = issuer.sign(
            message: MessagePayload(kind: .question, text: "Why?", answerWantedBy: Day("2027-01-20")!), ends: later)
        #expect(try read(message, as: shop.description).type == .message)
        let entry = [UInt8](repeating: 7, count: 32) + Array("{\"event\":\"sent\"}".utf8)
        let (header, commitment) = (BLAKE2b.digest([1]), BLAKE2b.digest(entry))
        let (device, before) = ([UInt8](repeating: 9, count: 16), BLAKE2b.digest([2]))
        let head = BLAKE2b.digest(before + device + [3, 0, 0, 0, 0, 0, 0, 0] + header + commitment)
        let link = EvidencePayload.Link(header: header, commitment: commitment, entry: entry)
        let evidence = issuer.sign(
            evidence: EvidencePayload(device: device, sequence: 3, before: before, links: [link], head: head), ends: later)
        #expect(try read(evidence, as: shop.description).type == .evidence)
    }

    @Test func `after a rotation the old key is out of use and the new one goes on`() throws {
        let old = SecretBytes(random: 32)
        let new = SecretBytes(random: 32)
        let issuer = try PersonIssuer(seed: old, audience: shop, now: now)
        let rotation = try issuer.sign(rotationTo: new, ends: later)
        let successor = try PersonIssuer(seed: new, audience: shop, now: now)
        var memory = Memory(BriefMemory())
        func arrive(_ signed: SignedBundle) throws -> VerifiedBundle {
            let bundle = try Unverified(parsing: signed.flattened)
            let verified = try Verifier(Policy(audience: shop.description, remembers: true)).verify(
                bundle, recalling: try memory.recall(bundle), at: now)
            try memory.remember(verified)
            return verified
        }
        #expect(try arrive(issuer.sign(terms: terms("1"), ends: later)).standing == .first_contact)
        #expect(try arrive(rotation).successor?.name == successor.name)
        #expect(throws: Rejection.self) { try arrive(issuer.sign(terms: terms("2"), ends: later)) }
        #expect(try arrive(successor.sign(terms: terms("3"), ends: later)).standing == .pinned)
        #expect(try arrive(rotation).isReplay)
    }

    @Test(arguments: TokenKey.algorithms)
    func `a company signs with either kind of key, and hands over to another`(_ algorithm: String) throws {
        let key = try TokenKey(TokenKey.randomSecret(algorithm), algorithm: algorithm)
        let pinned = PinnedKey(key.publicKey, kid: "2027-a")
        let company = CompanyIssuer(key: key, kid: "2027-a", origin: shop, now: now)
        let person = try issuer().name
        let ref = BundleReference(jti: "0123456789abcdef", s256: SHA256.digest([]))
        let receipt = ReceiptPayload(
            ref: ref, seq: 1, outcome: .open, reason: nil, receivedAt: now, expectedBy: nil, completedAt: nil, retained: [])
        #expect(try read(company.sign(receipt: receipt, to: person), as: person, pinned: [pinned]).type == .receipt)
        let message = MessagePayload(kind: .reply, text: "Because.", inReplyTo: ref)
        #expect(try read(company.sign(message: message, to: person), as: person, pinned: [pinned]).type == .message)
        let next = try TokenKey(TokenKey.randomSecret(algorithm), algorithm: algorithm)
        let rotation = try read(company.sign(rotationTo: next, kid: "2027-b"), as: nil, pinned: [pinned])
        #expect(rotation.successor?.key == PinnedKey(next.publicKey, kid: "2027-b"))
    }

    @Test func `an intent is read by everybody, offered to under seal, shown to one and awarded`() throws {
        let opening = try OpeningKey(seed: SecretBytes(random: 32))
        let issuer = try IntentIssuer(seed: SecretBytes(random: 32), now: now)
        let made = issuer.sign(
            intent: intent(opening.publicKey), ends: now.adding(seconds: 9 * 86_400),
            attributes: [("postcode", "20095"), ("member", true)])
        let public_ = try read(made.withoutDisclosures, as: nil)
        #expect(public_.type == .intent && public_.disclosed.isEmpty)
        #expect(public_.common.iat == Instant("2027-01-01T12:00:00Z"))

        let key = try TokenKey(SecretBytes(random: 32), algorithm: "EdDSA")
        let pinned = PinnedKey(key.publicKey)
        let company = CompanyIssuer(key: key, kid: pinned.kid, origin: shop, now: now)
        let payload = OfferPayload(
            ref: made.reference, nonce: "nonce-of-this-offer", items: ["grinder"], price: try #require(Amount("289.00", "EUR")),
            validUntil: Day("2027-01-08")!, acceptsTerms: true, asks: [.init(field: "address", purpose: .DeliveryOfGoods)])
        let offer = try company.sign(offer: payload, to: issuer.name).sealed(to: opening.publicKey)
        let opened = try Unverified(parsing: offer.file, opening: [opening])
        let verified = try Verifier(Policy(audience: issuer.name, references: [public_])).verify(
            opened, recalling: Recollection(pinned: [pinned]), at: now)
        #expect(verified.wasSealed && !verified.notChecked.contains("references"))

        let shown = try issuer.present(made, revealing: ["postcode"], to: shop, nonce: "nonce-of-this-offer")
        let bundle = try read(shown, as: shop.description, nonce: "nonce-of-this-offer")
        #expect(bundle.disclosed.map(\.path) == ["attributes.postcode"])
        #expect(throws: Rejection.self) { try read(shown, as: shop.description) }
        #expect(throws: Rejection.self) { try read(shown, as: "https://rival.example", nonce: "nonce-of-this-offer") }

        let next = SecretBytes(random: 32)
        let award = try issuer.sign(awardOf: offer.reference, to: shop, continuingUnder: next, ends: later)
        let winner = try PersonIssuer(seed: next, audience: shop, now: now)
        #expect(try read(award, as: shop.description).successor?.name == winner.name)
        let withdrawal = issuer.sign(withdrawal: WithdrawalPayload(ref: made.reference), ends: later)
        #expect(try read(withdrawal, as: nil).type == .withdrawal)
    }

    @Test func `what is sealed opens with its key and no other`() throws {
        let (opening, other) = (
            try OpeningKey(seed: SecretBytes(random: 32)), try OpeningKey(seed: SecretBytes(random: 32), kid: "x")
        )
        let signed = try issuer().sign(terms: terms("Be kind."), ends: later)
        let sealed = try signed.sealed(to: opening.publicKey)
        #expect(try Unverified(parsing: sealed.file, opening: [other, opening]).wasSealed)
        #expect(throws: Rejection.self) { try Unverified(parsing: sealed.file, opening: [other]) }
        let wrong = try OpeningKey(seed: SecretBytes(random: 32), kid: opening.kid)
        #expect(throws: Rejection.self) { try Unverified(parsing: sealed.file, opening: [wrong]) }
    }

    @Test func `a company's key that is not a point is never trusted`() {
        let zeros = JSONObject([
            ("kty", "OKP"), ("crv", "Ed25519"), ("x", .string(Base64URL.encode([UInt8](repeating: 0, count: 32)))),
        ])
        #expect(throws: Rejection.self) { try PublicJWK(checked: zeros) }
        let document = JSONValue.object(JSONObject([("keys", .array([.object(zeros)]))])).bytes
        #expect(throws: KeyDocumentFailure.badKey) { try KeyDocument(parsing: document) }
    }

    @Test func `a thumbprint is the one of RFC 8037, appendix A`() throws {
        let json = JSONObject([("kty", "OKP"), ("crv", "Ed25519"), ("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")])
        #expect(try PublicJWK(checked: json).thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }
}
