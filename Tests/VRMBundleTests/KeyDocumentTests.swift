import Foundation
import Testing
import VRMBundle
import VRMCrypto

/// One file of `vectors/keys`.
struct KeyVector: CustomTestStringConvertible, Sendable {
    let name: String
    let object: JSONObject

    var testDescription: String { name }

    static func all() throws -> [KeyVector] {
        try FileManager.default.contentsOfDirectory(
            at: Vector.root.appending(path: "vectors/keys"), includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }.map {
            let parsed = try JSONParser.parse(Array(Data(contentsOf: $0)))
            return KeyVector(name: $0.deletingPathExtension().lastPathComponent, object: try #require(parsed.object))
        }
    }
}

@Suite struct KeyDocumentTests {
    @Test(arguments: try KeyVector.all())
    func `a key document has the outcome it declares`(_ vector: KeyVector) throws {
        let bytes = Array(try #require(vector.object["document"]?.string).utf8)
        guard vector.object["expect"]?.string == "accepted" else {
            #expect(throws: KeyDocumentFailure.self) { try KeyDocument(parsing: bytes) }
            return
        }
        let document = try KeyDocument(parsing: bytes)
        let named =
            document.keys.map { [$0.kid, $0.key.json["crv"]?.string ?? ""] } + document.encryptionKeys.map { [$0.kid, "X25519"] }
        let expected = try #require(vector.object["keys"]?.array).map {
            [$0.object?["kid"]?.string ?? "", $0.object?["crv"]?.string ?? ""]
        }
        #expect(named.sorted { $0[0] < $1[0] } == expected.sorted { $0[0] < $1[0] })
    }

    @Test func `what is published is read again`() throws {
        let signing = PinnedKey(.ed25519(try SigningKey(seed: SecretBytes(random: 32)).publicKey), kid: "2027-a")
        let sealing = AgreementJWK(try AgreementKey(seed: SecretBytes(random: 32)).publicKey)
        let document = try KeyDocument(parsing: KeyDocument.jwks([signing], sealedTo: [sealing]).bytes)
        #expect(document.keys == [signing])
        #expect(document.encryptionKeys == [sealing])
    }
}
