import Foundation
import Testing
import VRMBundle
import VRMCrypto
import VRMModel

/// One file of `vectors/bundle`: a bundle, what the verifier is told, and what must come out (vectors/README.md).
struct Vector: CustomTestStringConvertible, Sendable {
    let name: String
    let object: JSONObject
    /// `valid`, or the rule that is broken.
    let expect: String

    var testDescription: String { name }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func all() throws -> [Vector] {
        let folder = root.appending(path: "vectors/bundle")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map { try Vector($0) }
    }

    static func named(_ name: String) throws -> Vector { try Vector(root.appending(path: "vectors/bundle/\(name).json")) }

    private init(_ file: URL) throws {
        let parsed = try JSONParser.parse(Array(Data(contentsOf: file)), deepest: 64)
        object = try #require(parsed.object)
        name = file.deletingPathExtension().lastPathComponent
        expect = try #require(object["expect"]?.string)
    }

    private init(_ vector: Vector, replacing members: JSONObject) {
        var object = vector.object
        for member in members.members { object[member.name] = member.value == .null ? nil : member.value }
        self.object = object
        name = vector.name + ", repaired"
        expect = "valid"
    }

    /// The same without its one fault; nil where there is nothing to mend but the whole.
    var repaired: Vector? { object["repaired"]?.object.map { Vector(self, replacing: $0) } }

    var bytes: [UInt8] {
        if let text = object["bundle"]?.string { return Array(text.utf8) }
        return object["bundle_base64"]?.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) } ?? []
    }

    var now: Instant { object["now"]?.string.flatMap { Instant($0) } ?? Instant(seconds: 0) }
    var audience: String? { object["audience"]?.string }

    /// What the verifier says.
    func verdict() throws -> VerifiedBundle {
        var reader = try Reader(self)
        for earlier in object["before"]?.array ?? [] {
            let earlier = try #require(earlier.object)
            _ = try reader.verify(
                Array(try #require(earlier["bundle"]?.string).utf8),
                audience: earlier["audience"].map { $0.string } ?? audience,
                nonce: earlier["nonce"].map { $0.string } ?? object["nonce"]?.string,
                at: earlier["now"]?.string.flatMap { Instant($0) } ?? now)
        }
        let types = object["types"]?.array.map { Set($0.compactMap { $0.string.flatMap { TokenType(rawValue: $0) } }) }
        return try reader.verify(
            bytes, audience: audience, nonce: object["nonce"]?.string, at: now, types: types ?? Set(TokenType.allCases),
            termsText: object["terms_text"]?.string.map { Array($0.utf8) })
    }

    var outcome: String {
        do {
            _ = try verdict()
            return "valid"
        } catch let rejection as Rejection {
            return rejection.rule.rawValue
        } catch {
            return "\(error)"
        }
    }
}

/// A verifier with what a vector gives it.
private struct Reader {
    let pins: JSONObject
    let keys: [OpeningKey]
    let remembers: Bool
    var memory = Memory(BriefMemory())
    var references: [VerifiedBundle] = []

    init(_ vector: Vector) throws {
        pins = vector.object["pins"]?.object ?? JSONObject()
        keys = try (vector.object["recipient_keys"]?.array ?? []).compactMap(\.object).map { jwk in
            let seed = try #require(jwk["d"]?.string.flatMap { Base64URL.decode($0.utf8) })
            return try OpeningKey(seed: SecretBytes(copying: seed), kid: jwk["kid"]?.string)
        }
        remembers = vector.object["before"] != nil
        for issuer in pins.members where (issuer.value.array ?? []).contains(where: { $0.object?["account"]?.bool == true }) {
            try memory.bind(issuer.name)
        }
        for file in vector.object["references"]?.array ?? [] {
            let bundle = try Unverified(parsing: Array(try #require(file.string).utf8), opening: keys)
            references.append(
                try Verifier(Policy(audience: nil)).verify(
                    bundle, recalling: Recollection(pinned: try pinned(bundle.issuer)), at: bundle.issuedAt ?? vector.now))
        }
    }

    private func pinned(_ issuer: String?) throws -> [PinnedKey] {
        try (issuer.flatMap { pins[$0] }?.array ?? []).map { entry in
            let jwk = try #require(entry.object?["jwk"]?.object)
            return PinnedKey(try PublicJWK(unchecked: jwk), kid: entry.object?["kid"]?.string)
        }
    }

    mutating func verify(
        _ bytes: [UInt8], audience: String?, nonce: String?, at now: Instant, types: Set<TokenType> = Set(TokenType.allCases),
        termsText: [UInt8]? = nil
    ) throws -> VerifiedBundle {
        let bundle = try Unverified(parsing: bytes, opening: keys)
        let given = try pinned(bundle.issuer)
        let recollection = try memory.recall(bundle, given: given, isPublished: !given.isEmpty, nonce: nonce)
        let policy = Policy(
            audience: audience, types: types, references: references, termsText: termsText, nonce: nonce, remembers: remembers)
        let verified = try Verifier(policy).verify(bundle, recalling: recollection, at: now)
        try memory.remember(verified, isPublished: !given.isEmpty)
        return verified
    }
}
