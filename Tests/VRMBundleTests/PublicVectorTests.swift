import Foundation
import Testing
import VRMCrypto

@testable import VRMBundle

/// Vectors others published, where they are at hand.
private enum Published {
    static let folder =
        ProcessInfo.processInfo.environment["VRM_SHARED"].map { URL(filePath: $0).appending(path: "data/vectors") }
        ?? Vector.root.deletingLastPathComponent().appending(path: "shared/data/vectors")
    static let isThere = FileManager.default.fileExists(atPath: folder.path)

    static func object(_ path: String) throws -> JSONObject {
        let bytes = Array(try Data(contentsOf: folder.appending(path: path)))
        return try #require(try JSONParser.parse(bytes, deepest: 64).object)
    }
}

@Suite struct PublicVectorTests {
    @Test(.enabled(if: Published.isThere, "the examples of RFC 9901 are not beside this checkout"))
    func `every example of RFC 9901 is signed by its issuer and unpacks to its payload`() throws {
        let file = try Published.object("rfc9901/examples.json")
        let issuer = try PublicJWK(checked: try #require(file["issuer_jwk"]?.object))
        var (count, generals) = (0, 0)
        for example in try #require(file["examples"]?.array).compactMap(\.object) {
            let text = try #require(example["sd_jwt"]?.string ?? example["compact"]?.string)
            let bundle = try Unverified(parsing: Array(text.utf8))
            if example["json"]?.object?["signatures"] == nil {
                #expect(issuer.isValid(bundle.signature, of: bundle.signingInput))
            } else {
                generals += 1  // its first signature is by another key than the one given
                let bytes = try #require(example["json"]).bytes
                #expect(throws: Rejection.self) { try Envelope(parsing: bytes) }
            }
            let payload = try #require(bundle.signed)
            var unpacking = try Unpacking(bundle)
            var unpacked = try #require(unpacking.unpack(payload.index, at: nil, depth: 1).object)
            try unpacking.finish()
            unpacked["_sd_alg"] = nil
            #expect(ordered(.object(unpacked)) == ordered(try #require(example["processed_payload"])))
            count += 1
        }
        #expect(count == 11 && generals == 1)
    }

    private func ordered(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object): .object(JSONObject(object.members.map { ($0.name, ordered($0.value)) }.sorted { $0.0 < $1.0 }))
        case .array(let elements): .array(elements.map(ordered))
        default: value
        }
    }

    @Test(.enabled(if: Published.isThere, "the JOSE cookbook is not beside this checkout"))
    func `the Ed25519 example of RFC 8037 verifies, and is made again`() throws {
        let file = try Published.object("jose-cookbook/curve25519/jws.json")
        let key = try #require(file["input"]?.object?["key"]?.object)
        let compact = try #require(file["output"]?.object?["compact"]?.string)
        let parts = compact.split(separator: ".").map(String.init)
        var publicKey = key
        publicKey["d"] = nil
        let signature = try #require(Base64URL.decode(parts[2].utf8))
        #expect(try PublicJWK(checked: publicKey).isValid(signature, of: Array("\(parts[0]).\(parts[1])".utf8)))
        let seed = try #require(key["d"]?.string.flatMap { Base64URL.decode($0.utf8) })
        let again = try SigningKey(seed: SecretBytes(copying: seed)).sign(Array("\(parts[0]).\(parts[1])".utf8))
        #expect(again == signature)
    }

    @Test(.enabled(if: Published.isThere, "the JOSE cookbook is not beside this checkout"))
    func `X25519 agrees as in the ECDH-ES example of RFC 8037`() throws {
        let file = try Published.object("jose-cookbook/curve25519/ecdh-es.json")
        func member(_ object: JSONValue?, _ name: String) throws -> [UInt8] {
            try #require(object?.object?[name]?.string.flatMap { Base64URL.decode($0.utf8) })
        }
        let (bob, ephemeral) = (file["input"]?.object?["key"], file["encrypting_key"]?.object?["epk"])
        // The public half stands in the header; beside the private one the file has another key's.
        let header = file["encrypting_content"]?.object?["protected"]?.object?["epk"]
        let theirs = try AgreementKey(seed: SecretBytes(copying: try member(bob, "d")))
        let shared = try theirs.agree(with: X25519PublicKey(unchecked: try member(header, "x")))
        let again = try AgreementKey(seed: SecretBytes(copying: try member(ephemeral, "d"))).agree(
            with: X25519PublicKey(checked: try member(bob, "x")))
        let (one, other) = (shared.withUnsafeBytes { Array($0) }, again.withUnsafeBytes { Array($0) })
        #expect(one == other)
        #expect(theirs.publicKey.bytes == (try member(bob, "x")))
    }
}
