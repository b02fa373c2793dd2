import Testing
import VRMBundle
import VRMCrypto
import VRMModel

/// Two companies lay side by side everything they got: nothing that looks random, and no fine time, may be the same.
@Suite struct UnlinkabilityTests {
    let now = Instant("2027-01-01T12:34:56Z")!
    let text = "Be kind."

    /// The same things said to one company.
    private func bundles(to origin: String, sealedTo reader: AgreementJWK?, at now: Instant) throws -> [SignedBundle] {
        let issuer = try PersonIssuer(seed: SecretBytes(random: 32), audience: try #require(Origin(origin)), now: now)
        let ends = Instant("2027-01-31T00:00:00Z")!
        let terms = TermsText(id: "own-1", uri: nil, sha256: SHA256.digest(text.utf8), lang: "en", text: text)
        let offered = issuer.sign(terms: TermsPayload(terms: terms), ends: ends)
        let values = ["email": "mara@muster.example", "phone_number": "+49 40 5550101"]
        let said = values.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONValue.string($0.value)) }
        let grant = issuer.sign(
            grant: GrantPayload(
                purposes: [.CustomerCare], basis: .consent, terms: offered.reference, retention: Day("2027-01-30")!,
                supersedes: nil, data: JSONObject()), ends: ends, data: said)
        let request = issuer.sign(
            request: RequestPayload(
                exercise: "deletion", regime: "gdpr", basis: "Art. 17", grants: [], respondBy: Day("2027-02-01")!,
                subject: JSONObject()), ends: ends, subject: said)
        let revocation = issuer.sign(
            revocation: RevocationPayload(toe: PersonIssuer.date(of: now), revokes: [grant.reference]), ends: ends)
        let message = issuer.sign(message: MessagePayload(kind: .complaint, text: "It broke."), ends: ends)
        let rotation = try issuer.sign(rotationTo: SecretBytes(random: 32), ends: ends)
        let all = [offered, grant, request, revocation, message, rotation]
        return try reader.map { reader in try all.map { try $0.sealed(to: reader) } } ?? all
    }

    /// Every text and number below a value, with the path to it.
    private func leaves(_ value: JSONValue, _ path: String) -> [(path: String, text: String)] {
        switch value {
        case .object(let object): object.members.flatMap { leaves($0.value, path + "." + $0.name) }
        case .array(let elements): elements.flatMap { leaves($0, path + "[]") }
        case .string(let text):
            // What travels inside a text is looked at as well: a proof of possession, an encoded part.
            [(path, text)]
                + text.split(separator: ".").flatMap { part in
                    Base64URL.decode(part.utf8).flatMap { try? JSONParser.parse($0) }.map { leaves($0, path + "›") } ?? []
                }
        case .number(let number): [(path, number.text)]
        default: []
        }
    }

    private func leaves(_ bundles: [SignedBundle]) throws -> [(path: String, text: String)] {
        try bundles.flatMap { signed in
            let bytes =
                signed.sealed == nil ? signed.flattened : JSONValue.string(String(decoding: signed.file, as: UTF8.self)).bytes
            return leaves(try JSONParser.parse(bytes), "")
        }
    }

    /// Looks like chance: long, and of mixed letters and digits as base64url is.
    private func looksRandom(_ text: String) -> Bool {
        // A word of a public vocabulary is the same for everybody.
        text.utf8.count >= 16 && !text.contains(" ") && !text.hasPrefix(Purpose.vocabulary) && text.contains(where: \.isNumber)
            && text.contains(where: \.isUppercase)
            && text.contains(where: \.isLowercase)
    }

    @Test func `two companies share no key, id, fine time or anything that looks random`() throws {
        let one = try leaves(try bundles(to: "https://shop.example", sealedTo: nil, at: now))
        let other = try leaves(try bundles(to: "https://rival.example", sealedTo: nil, at: now.adding(seconds: 2)))
        let shared = Set(one.map(\.text)).intersection(other.map(\.text))
        let digest = Base64URL.encode(SHA256.digest(text.utf8))
        #expect(shared.contains(digest), "the comparison reaches the payloads")
        for text in shared where text != digest {
            let paths = one.filter { $0.text == text }.map(\.path)
            // A header says what kind of token it is, and so does the whole encoded; everything else must not be alike.
            #expect(!looksRandom(text), "\(paths): \(text)")
            if let number = Int64(text), number > 1_000_000_000 {
                #expect(number % 60 == 0, "\(paths): finer than a minute")
            }
        }
    }

    @Test func `times are minutes and midnights`() throws {
        for (path, text) in try leaves(try bundles(to: "https://shop.example", sealedTo: nil, at: now)) {
            guard let seconds = Int64(text), seconds > 1_000_000_000 else { continue }
            #expect(seconds % (path.hasSuffix(".exp") ? 86_400 : 60) == 0, "\(path)")
        }
    }

    @Test func `sealed to one reader twice, nothing but the reader's name is the same`() throws {
        let reader = try OpeningKey(seed: SecretBytes(random: 32)).publicKey
        let one = try leaves(try bundles(to: "https://shop.example", sealedTo: reader, at: now))
        let other = try leaves(try bundles(to: "https://shop.example", sealedTo: reader, at: now))
        let shared = Set(one.map(\.text)).intersection(other.map(\.text)).filter(looksRandom)
        #expect(shared == [reader.kid])
    }
}
