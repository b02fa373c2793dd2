import Foundation
import Testing
import VRMBundle
import VRMModel

/// One file of `vectors/bundle`: a bundle, what the verifier is told, and what must come out.
struct Vector: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    let now: Instant
    let audience: String?
    let types: Set<TokenType>
    let recollection: Recollection
    let references: [[UInt8]]
    let termsText: [UInt8]?
    /// `valid`, or the rule that is broken.
    let expect: String

    var testDescription: String { name }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func all() throws -> [Vector] {
        let folder = root.appending(path: "vectors/bundle")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map { try Vector($0) }
    }

    private init(_ file: URL) throws {
        let parsed = try JSONParser.parse(Array(Data(contentsOf: file)), deepest: 64)
        let object = try #require(parsed.object)
        name = file.deletingPathExtension().lastPathComponent
        if let text = object["bundle"]?.string {
            bytes = Array(text.utf8)
        } else {
            let text = try #require(object["bundle_base64"]?.string)
            bytes = Array(try #require(Data(base64Encoded: text)))
        }
        now = try #require(object["now"]?.string.flatMap { Instant($0) })
        audience = object["audience"]?.string
        types =
            object["types"]?.array.map { Set($0.compactMap { $0.string.flatMap { TokenType(rawValue: $0) } }) }
            ?? Set(TokenType.allCases)
        let pinned = try (object["pinned"]?.array ?? []).map {
            let jwk = try #require($0.object?["jwk"]?.object)
            return PinnedKey(try PublicJWK(unchecked: jwk), kid: $0.object?["kid"]?.string)
        }
        recollection = Recollection(
            pinned: pinned, seen: object["seen"]?.string.flatMap { Base64URL.decode($0.utf8) },
            isRevoked: object["revoked"]?.bool ?? false)
        references = (object["references"]?.array ?? []).compactMap { $0.string.map { Array($0.utf8) } }
        termsText = object["terms_text"]?.string.map { Array($0.utf8) }
        expect = try #require(object["expect"]?.string)
    }

    /// What the verifier says.
    var outcome: String {
        do {
            var policy = Policy(audience: audience, types: types, termsText: termsText)
            policy.references = try references.map {
                try Verifier(Policy(audience: nil)).verify($0, recalling: Recollection(), at: now)
            }
            _ = try Verifier(policy).verify(bytes, recalling: recollection, at: now)
            return "valid"
        } catch let rejection as Rejection {
            return rejection.rule.rawValue
        } catch {
            return "\(error)"
        }
    }
}
