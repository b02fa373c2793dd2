import Testing
import VRMBundle
import VRMCrypto
import VRMModel

/// Bytes changed at random, the same way every time: whatever comes out, it is an answer and no crash. The same targets
/// with coverage behind them are in Fuzz/.
@Suite struct MutationTests {
    /// xorshift64*: good enough to choose places, and the same on every machine.
    struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    private static let dictionary: [[UInt8]] = [
        "\"_sd\":", "\"...\":", "\\u0061", "\\ud800", "~", ".", "{\"a\":", "[", "]", "}", "1e400", "-0", "9007199254740993",
        "\u{FEFF}", "",
        "null", "=",
    ].map { Array($0.utf8) }

    private func mutate(_ bytes: [UInt8], _ chance: inout Chance) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &chance) {
            let at = Int.random(in: 0...bytes.count, using: &chance)
            switch Int.random(in: 0..<5, using: &chance) {
            case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            case 1 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &chance)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...64, using: &chance)))
            case 3: bytes.insert(contentsOf: MutationTests.dictionary.randomElement(using: &chance)!, at: at)
            default: bytes.insert(contentsOf: bytes.prefix(Int.random(in: 0...128, using: &chance)), at: at)
            }
        }
        return bytes
    }

    @Test func `a changed file is refused or says the same`() throws {
        let opening = try OpeningKey(seed: SecretBytes(copying: [UInt8](repeating: 3, count: 32)))
        let seeds = try Vector.all().filter { $0.expect == "valid" }
        var (chance, refused) = (Chance(state: 0x5EED), 0)
        for round in 0..<6000 {
            let vector = seeds[round % seeds.count]
            let bytes = mutate(vector.bytes, &chance)
            guard let bundle = try? Unverified(parsing: bytes, opening: [opening]),
                let verified = try? Verifier(Policy(audience: nil)).verify(bundle, recalling: Recollection(), at: vector.now)
            else {
                refused += 1
                continue
            }
            let original = try Unverified(parsing: vector.bytes)
            #expect(verified.reference.s256 == original.s256, "round \(round): other bytes are signed")
        }
        #expect(refused > 5000)
    }

    @Test func `a changed payload is a payload or is refused, whoever signed it`() throws {
        let key = try TokenKey(SecretBytes(copying: [UInt8](repeating: 5, count: 32)), algorithm: "EdDSA")
        let seeds = try Vector.all().filter { $0.expect == "valid" && !$0.name.contains("sealed") }.compactMap { vector in
            try? Unverified(parsing: vector.bytes)
        }
        var (chance, accepted) = (Chance(state: 0xF00D), 0)
        for round in 0..<6000 {
            let seed = seeds[round % seeds.count].envelope
            let payload = mutate(Base64URL.decode(seed.payload.utf8) ?? [], &chance)
            let disclosures = seed.disclosures.map { Base64URL.encode(mutate(Base64URL.decode($0.utf8) ?? [], &chance)) }
            let input = seed.protected + "." + Base64URL.encode(payload)
            let file = ([input + "." + Base64URL.encode([UInt8](repeating: 0, count: 64))] + disclosures + [""]).joined(
                separator: "~")
            let bytes = Array(file.utf8)
            guard let bundle = try? Unverified(parsing: bytes) else { continue }
            _ = try? bundle.unpacked
            let pinned = Recollection(pinned: [PinnedKey(key.publicKey)])
            if (try? Verifier(Policy(audience: nil)).verify(bundle, recalling: pinned, at: Instant(seconds: 0))) != nil {
                accepted += 1
            }
        }
        #expect(accepted == 0)
    }

    @Test func `changed JSON is read and written the same, or refused`() throws {
        let text = Array(#"{"a":[1,-2,"é\n𝄞",{"b":null,"c":true}],"d":"\u00e9","e":{}}"#.utf8)
        var (chance, read) = (Chance(state: 0xCAFE), 0)
        for _ in 0..<20_000 {
            let bytes = mutate(text, &chance)
            guard let value = try? JSONParser.parse(bytes) else { continue }
            #expect(try JSONParser.parse(value.bytes) == value)
            read += 1
        }
        #expect(read > 100)
    }
}
