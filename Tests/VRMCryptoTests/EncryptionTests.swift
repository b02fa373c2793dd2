import Foundation
import Testing
import VRMCrypto

@Suite struct EncryptionTests {
    @Test(.enabled(if: Wycheproof.isThere, "Wycheproof is not beside this checkout"))
    func `X25519 agrees with Wycheproof, and never on zeros`() throws {
        var (count, zeros) = (0, 0)
        for group in try Wycheproof.groups("x25519_test.json") {
            for test in try #require(group["tests"] as? [[String: Any]]) {
                let key = try AgreementKey(seed: SecretBytes(copying: bytes(test["private"])))
                let shared = try? key.agree(with: X25519PublicKey(unchecked: bytes(test["public"])))
                let flags = try #require(test["flags"] as? [String])
                if flags.contains("ZeroSharedSecret") {
                    zeros += 1
                    let isRefused = shared == nil
                    #expect(isRefused, "case \(test["tcId"] ?? "")")
                    #expect(throws: CryptoFailure.invalidKey) { try X25519PublicKey(checked: bytes(test["public"])) }
                } else {
                    let got = shared?.withUnsafeBytes { Array($0) }
                    #expect(got == bytes(test["shared"]), "case \(test["tcId"] ?? "")")
                }
                if flags.contains("NonCanonicalPublic") {
                    #expect(throws: CryptoFailure.invalidKey) { try X25519PublicKey(checked: bytes(test["public"])) }
                }
                count += 1
            }
        }
        #expect(count > 500 && zeros > 20)
    }

    @Test func `nobody agrees on zeros with a key of small order`() throws {
        let own = try AgreementKey(seed: SecretBytes(random: AgreementKey.seedBytes))
        for first: UInt8 in [0, 1] {
            let point = [first] + [UInt8](repeating: 0, count: 31)
            let shared = try? own.agree(with: X25519PublicKey(unchecked: point))
            let isRefused = shared == nil
            #expect(isRefused)
            #expect(throws: CryptoFailure.invalidKey) { try X25519PublicKey(checked: point) }
        }
    }

    @Test(.enabled(if: Wycheproof.isThere, "Wycheproof is not beside this checkout"))
    func `AES-256-GCM agrees with Wycheproof`() throws {
        var count = 0
        for group in try Wycheproof.groups("aes_gcm_test.json")
        where group["keySize"] as? Int == 256 && group["ivSize"] as? Int == 96 {
            for test in try #require(group["tests"] as? [[String: Any]]) {
                let opened = try? AES256GCM.open(
                    bytes(test["ct"]), nonce: bytes(test["iv"]), tag: bytes(test["tag"]),
                    key: SecretBytes(copying: bytes(test["key"])), authenticating: bytes(test["aad"]))
                #expect((opened == bytes(test["msg"])) == (test["result"] as? String == "valid"), "case \(test["tcId"] ?? "")")
                count += 1
            }
        }
        #expect(count > 50)
    }

    @Test func `a text sealed with AES-256-GCM opens with its key and its data, and only so`() throws {
        let key = SecretBytes(random: 32)
        let (nonce, ciphertext, tag) = try AES256GCM.seal([1, 2, 3], key: key, authenticating: [9])
        #expect(try AES256GCM.open(ciphertext, nonce: nonce, tag: tag, key: key, authenticating: [9]) == [1, 2, 3])
        #expect(throws: CryptoFailure.notAuthentic) {
            try AES256GCM.open(ciphertext, nonce: nonce, tag: tag, key: key, authenticating: [8])
        }
        #expect(throws: CryptoFailure.notAuthentic) {
            try AES256GCM.open(ciphertext, nonce: nonce, tag: tag, key: SecretBytes(random: 32), authenticating: [9])
        }
    }

    /// RFC 7518, appendix C derives 128 bits from this secret; the same layout for 256 bits was computed with Python's hashlib,
    /// whose code for it gives the appendix's key for 128.
    @Test func `the Concat KDF derives from the secret of RFC 7518, appendix C`() throws {
        let z: [UInt8] = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246,
            218, 167, 121, 140, 254, 144, 196,
        ]
        let key = ConcatKDF.derive(
            from: SecretBytes(copying: z), algorithm: "A256GCM", partyU: Array("Alice".utf8), partyV: Array("Bob".utf8))
        let derived = key.withUnsafeBytes { Array($0) }
        #expect(derived == bytes("fd5a6362ee2ef39e51d8a9ddb2c98507390b5a8f6a3bc14af47c47d1b58e3b60"))
    }

    @Test func `a P-256 key signs what its public half accepts, and zero is no key`() throws {
        let key = try P256SigningKey(scalar: P256SigningKey.randomScalar())
        let signature = try key.sign([1, 2, 3])
        #expect(signature.count == 64)
        #expect(key.publicKey.isValid(signature, of: [1, 2, 3]))
        #expect(!key.publicKey.isValid(signature, of: [1, 2, 4]))
        #expect(throws: CryptoFailure.invalidKey) { _ = try P256SigningKey(scalar: SecretBytes(count: 32)) }
    }
}
