import Testing
import VRMBundle
import VRMCrypto
import VRMModel

/// Fifty companies lay together everything two hundred persons published, and look for two intents of one hand. The text is left out:
/// it is the person's own doing.
@Suite struct MarketTests {
    struct Published {
        let person: Int
        let token: SignedBundle
        let claims: JSONObject
        let channel: String
    }

    static let persons = 200
    static let companies = 50

    /// Two intents each, at hours spread over two weeks, in the feed of one company or of one's own.
    private func market(ownFeeds: Bool) throws -> [Published] {
        var random = Lottery()
        let text = TermsText(id: "vrm-service-1", uri: nil, sha256: SHA256.digest("terms".utf8), lang: "en", text: nil)
        var all: [Published] = []
        for person in 0..<MarketTests.persons {
            for _ in 0..<2 {
                let now = Instant("2027-01-01T00:00:00Z")!.adding(seconds: Int64(random.next(below: 14 * 86_400)))
                let reader = try OpeningKey(seed: SecretBytes(random: 32)).publicKey
                let payload = IntentPayload(
                    category: "google:536", region: "DE", want: Want(title: "x"), offersKey: reader, terms: text,
                    riders: [.deleteOnClose])
                let values = (0..<random.next(below: 17)).map { (name: "a\($0)", value: JSONValue.string("v\(person)")) }
                let token = try IntentIssuer(seed: SecretBytes(random: 32), now: now).sign(
                    intent: payload, ends: now.day.adding(days: 7).start, attributes: values
                ).withoutDisclosures
                let claims = try #require(try JSONParser.parse(Base64URL.decode(token.payload.utf8) ?? []).object)
                let channel = ownFeeds ? "feed of \(person)" : "feed \(random.next(below: MarketTests.companies))"
                all.append(Published(person: person, token: token, claims: claims, channel: channel))
            }
        }
        return all
    }

    /// Everything in a token that is rare: what less than one in fifty has as well.
    private func features(_ published: Published) -> Set<String> {
        func leaves(_ value: JSONValue, _ path: String) -> [String] {
            switch value {
            case .object(let object): object.members.flatMap { leaves($0.value, path + "." + $0.name) }
            case .array(let elements): ["\(path)#\(elements.count)"] + elements.flatMap { leaves($0, path) }
            case .string(let text): [text]
            case .number(let number): ["\(path)=\(number.text)"]
            default: []
            }
        }
        return Set(
            leaves(.object(published.claims), "") + ["bytes \(published.token.flattened.count)", published.token.protected])
    }

    /// How many persons' two intents are each the other's best match, by what few share.
    private func linked(_ all: [Published], isChannelUsed: Bool, areTimesUsed: Bool = false) -> Int {
        let sets = all.map { features($0).union(isChannelUsed ? ["channel " + $0.channel] : []) }
        var counts: [String: Int] = [:]
        for set in sets { for feature in set { counts[feature, default: 0] += 1 } }
        func isTime(_ feature: String) -> Bool { !areTimesUsed && (feature.hasPrefix(".iat=") || feature.hasPrefix(".nbf=")) }
        let rare = sets.map {
            $0.filter { (2...4).contains(counts[$0]!) && !isTime($0) }
        }
        func best(_ at: Int) -> Int? {
            let scores = all.indices.map { $0 == at ? 0 : rare[$0].intersection(rare[at]).count }
            guard let most = scores.max(), most > 0, scores.filter({ $0 == most }).count == 1 else { return nil }
            return scores.firstIndex(of: most)
        }
        return all.indices.filter { at in best(at).map { all[$0].person == all[at].person } ?? false }.count / 2
    }

    @Test func `in shared channels no two intents of one person can be linked`() throws {
        let all = try market(ownFeeds: false)
        #expect(linked(all, isChannelUsed: true) == 0)
        #expect(linked(all, isChannelUsed: true, areTimesUsed: true) <= 3, "by the hour no better than by chance: 200 in 336")
        // What is exactly alike in two tokens of one person is alike in most people's.
        let found = all.map(features)
        var counts: [String: Int] = [:]
        for set in found { for feature in set { counts[feature, default: 0] += 1 } }
        for first in stride(from: 0, to: all.count, by: 2) {
            for feature in found[first].intersection(found[first + 1]) where !feature.contains("=") {
                #expect(counts[feature]! > MarketTests.persons, "\(feature)")
            }
        }
    }

    @Test func `a feed of one's own links every pair: the test can see a link`() throws {
        #expect(linked(try market(ownFeeds: true), isChannelUsed: true) == MarketTests.persons)
    }

    @Test func `every intent is the same size and has as many digests, whatever it commits to`() throws {
        let all = try market(ownFeeds: false)
        #expect(Set(all.map { $0.token.flattened.count }).count == 1)
        #expect(Set(all.map { $0.claims["attributes"]?.object?["_sd"]?.array?.count }) == [16])
    }

    @Test func `times tell the hour and no more`() throws {
        for published in try market(ownFeeds: false) {
            #expect(try #require(published.claims["iat"]?.integer) % 3600 == 0)
            #expect(try #require(published.claims["exp"]?.integer) % 86_400 == 0)
        }
    }
}

/// The same draws in every run.
private struct Lottery {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}

@Suite struct IntentMemberTests {
    private func claims(_ change: (inout JSONObject) -> Void) throws -> [UInt8] {
        let reader = try OpeningKey(seed: SecretBytes(random: 32)).publicKey
        let text = TermsText(id: "t", uri: nil, sha256: SHA256.digest("t".utf8), lang: "en", text: nil)
        let payload = IntentPayload(
            category: "kitchen", region: "DE", want: Want(title: "x"), offersKey: reader, terms: text, riders: [.deleteOnClose],
            audience: Audience(allow: [], block: [Domain("shop.example")!]))
        let seed = SecretBytes(random: 32)
        let now = Instant("2027-01-01T12:00:00Z")!
        let token = try IntentIssuer(seed: seed, now: now).sign(
            intent: payload, ends: now.day.adding(days: 7).start, attributes: [])
        var claims = try #require(try JSONParser.parse(Base64URL.decode(token.payload.utf8) ?? []).object)
        change(&claims)
        let body = Base64URL.encode(JSONValue.object(claims).bytes)
        let signature = Base64URL.encode(try SigningKey(seed: seed).sign(Array("\(token.protected).\(body)".utf8)))
        return SignedBundle(
            protected: token.protected, payload: body, signature: signature, disclosures: [], jti: token.jti
        ).flattened
    }

    private func verify(_ bytes: [UInt8]) throws -> IntentPayload? {
        let bundle = try Verifier(Policy(audience: nil)).verify(
            bytes, recalling: Recollection(), at: Instant("2027-01-02T00:00:00Z")!)
        if case .intent(let payload) = bundle.payload { return payload } else { return nil }
    }

    @Test func `riders and audience are read as they were made`() throws {
        let payload = try #require(try verify(try claims { _ in }))
        #expect(payload.riders == [.deleteOnClose] && payload.audience?.block == [Domain("shop.example")!])
        #expect(payload.audience?.admits(Origin("https://www.shop.example")!) == false)
        #expect(payload.audience?.admits(Origin("https://workshop.example")!) == true)
    }

    @Test func `a rider or an audience of another form breaks B-09`() throws {
        let broken: [(inout JSONObject) -> Void] = [
            { $0["riders"] = ["be-nice"] }, { $0["riders"] = [] }, { $0["audience"] = ["block": ["Shop.example"]] },
            { $0["audience"] = ["allow": []] }, { $0["audience"] = "shop.example" },
        ]
        for change in broken {
            let bytes = try claims(change)
            let rejection = #expect(throws: Rejection.self) { try verify(bytes) }
            #expect(rejection?.rule == .members)
        }
    }
}
