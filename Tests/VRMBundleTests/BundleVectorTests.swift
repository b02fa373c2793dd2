import Testing
import VRMBundle

@Suite struct BundleVectorTests {
    @Test(arguments: try Vector.all())
    func `a vector has the outcome it declares`(_ vector: Vector) {
        #expect(vector.outcome == vector.expect)
    }

    @Test(arguments: try Vector.all().filter { $0.expect != "valid" })
    func `a vector is valid once its one fault is mended`(_ vector: Vector) {
        guard let repaired = vector.repaired else { return }
        #expect(repaired.outcome == "valid")
    }

    @Test(arguments: try Vector.all().filter { $0.expect == "valid" })
    func `the verdict says what the vector declares`(_ vector: Vector) throws {
        let bundle = try vector.verdict()
        let expected = try #require(vector.object["verdict"]?.object)
        #expect(bundle.type.rawValue == expected["type"]?.string)
        #expect(bundle.standing.rawValue == expected["key"]?.string)
        #expect(bundle.binding.rawValue == expected["binding"]?.string)
        #expect(bundle.isReplay == expected["replay"]?.bool)
        #expect(sorted(.object(bundle.claims)) == sorted(expected["claims"] ?? .null))
    }

    /// Members in one order: what Disclosures supplied comes in theirs.
    private func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(JSONObject(object.members.map { ($0.name, sorted($0.value)) }.sorted { $0.0 < $1.0 }))
        case .array(let elements): .array(elements.map(sorted))
        default: value
        }
    }

    @Test func `there are at least two hundred vectors`() throws {
        #expect(try Vector.all().count >= 200)
    }

    @Test func `every rule has a vector that breaks it`() throws {
        let broken = Set(try Vector.all().map(\.expect)).subtracting(["valid"])
        #expect(broken == Set(Rule.allCases.map(\.rawValue)))
    }

    @Test func `every type has a vector that is valid`() throws {
        let types = try Vector.all().filter { $0.expect == "valid" }.map { try $0.verdict().type }
        #expect(Set(types) == Set(TokenType.allCases))
    }

    @Test func `no bit of a bundle can change unnoticed`() throws {
        let vector = try Vector.named("ok-grant")
        let bytes = vector.bytes
        for position in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[position] ^= 1 << UInt8(bit)
                #expect(throws: Rejection.self, "bit \(bit) of byte \(position)") {
                    try Verifier(Policy(audience: vector.audience)).verify(flipped, recalling: Recollection(), at: vector.now)
                }
            }
        }
    }

    @Test func `a refusal never quotes the bundle`() throws {
        for vector in try Vector.all() where vector.expect != "valid" {
            do {
                _ = try vector.verdict()
            } catch let rejection as Rejection {
                for word in ["mara", "muster", "5550101", "evil", "hello"] { #expect(!rejection.reason.contains(word)) }
            }
        }
    }
}
