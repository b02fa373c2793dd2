import Foundation
import Testing
import VRMCrypto

@Suite struct PrimitiveTests {
    @Test(.enabled(if: Wycheproof.isThere, "Wycheproof is not beside this checkout"))
    func `Ed25519 agrees with Wycheproof`() throws {
        var count = 0
        for group in try Wycheproof.groups("ed25519_test.json") {
            let key = try Ed25519PublicKey(unchecked: bytes((group["publicKey"] as? [String: Any])?["pk"]))
            for test in try #require(group["tests"] as? [[String: Any]]) {
                let valid = key.isValid(bytes(test["sig"]), of: bytes(test["msg"]))
                #expect(valid == (test["result"] as? String == "valid"), "case \(test["tcId"] ?? "")")
                count += 1
            }
        }
        #expect(count > 100)
    }

    @Test(.enabled(if: Wycheproof.isThere, "Wycheproof is not beside this checkout"))
    func `XChaCha20-Poly1305 agrees with Wycheproof`() throws {
        var count = 0
        for group in try Wycheproof.groups("xchacha20_poly1305_test.json") where group["ivSize"] as? Int == 192 {
            for test in try #require(group["tests"] as? [[String: Any]]) {
                let sealed = bytes(test["iv"]) + bytes(test["ct"]) + bytes(test["tag"])
                let opened = try? Seal.open(sealed, key: SecretBytes(copying: bytes(test["key"])), place: bytes(test["aad"]))
                #expect((opened == bytes(test["msg"])) == (test["result"] as? String == "valid"), "case \(test["tcId"] ?? "")")
                count += 1
            }
        }
        #expect(count > 100)
    }

    @Test func `a sealed value opens at its place and nowhere else`() throws {
        let key = SecretBytes(random: 32)
        let sealed = Seal.seal([1, 2, 3], key: key, place: [9])
        #expect(try Seal.open(sealed, key: key, place: [9]) == [1, 2, 3])
        #expect(throws: CryptoFailure.notAuthentic) { try Seal.open(sealed, key: key, place: [8]) }
        #expect(throws: CryptoFailure.notAuthentic) { try Seal.open(Array(sealed.dropLast()), key: key, place: [9]) }
        #expect(throws: CryptoFailure.notAuthentic) { try Seal.open([], key: key, place: [9]) }
    }

    @Test func `two seals of the same value differ`() {
        let key = SecretBytes(random: 32)
        #expect(Seal.seal([1], key: key, place: []) != Seal.seal([1], key: key, place: []))
    }

    @Test func `SHA-256 and BLAKE2b give the published digests of abc`() {
        let abc = Array("abc".utf8)
        #expect(SHA256.digest(abc) == bytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        #expect(
            BLAKE2b.digest(abc, count: 64)
                == bytes(
                    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
                ))
    }

    @Test func `P-256 accepts the example of RFC 7515, appendix A.3, and no other signature`() throws {
        func b64(_ text: String) -> [UInt8] {
            let padded = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            return Array(Data(base64Encoded: padded + String(repeating: "=", count: (4 - text.count % 4) % 4))!)
        }
        let key = try P256PublicKey(
            x: b64("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), y: b64("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
        let message = Array(
            ("eyJhbGciOiJFUzI1NiJ9."
                + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ").utf8)
        var signature = b64("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
        #expect(key.isValid(signature, of: message))
        signature[0] ^= 1
        #expect(!key.isValid(signature, of: message))
        #expect(throws: CryptoFailure.invalidKey) {
            try P256PublicKey(x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 1, count: 32))
        }
    }
}
