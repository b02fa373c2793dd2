import Testing
import VRMBundle

@Suite struct BundleVectorTests {
    @Test(arguments: try Vector.all())
    func `a vector has the outcome it declares`(_ vector: Vector) {
        #expect(vector.outcome == vector.expect)
    }

    @Test func `every rule has a vector that breaks it`() throws {
        let broken = Set(try Vector.all().map(\.expect)).subtracting(["valid"])
        #expect(broken == Set(Rule.allCases.map(\.rawValue)))
    }

    @Test func `every type has a vector that is valid`() throws {
        let valid = try Vector.all().filter { $0.expect == "valid" }
        let types = try valid.map { vector in
            try Verifier(Policy(audience: nil, termsText: vector.termsText)).verify(
                vector.bytes, recalling: Recollection(pinned: vector.recollection.pinned), at: vector.now
            ).type
        }
        #expect(Set(types) == Set(TokenType.allCases))
    }

    @Test func `no bit of a bundle can change unnoticed`() throws {
        let vector = try #require(try Vector.all().first { $0.name == "ok-grant" })
        for position in vector.bytes.indices {
            for bit in 0..<8 {
                var bytes = vector.bytes
                bytes[position] ^= 1 << UInt8(bit)
                #expect(throws: Rejection.self, "bit \(bit) of byte \(position)") {
                    try Verifier(Policy(audience: vector.audience)).verify(bytes, recalling: Recollection(), at: vector.now)
                }
            }
        }
    }

    @Test func `a refusal never quotes the bundle`() throws {
        for vector in try Vector.all() where vector.expect != "valid" {
            do {
                _ = try Verifier(Policy(audience: vector.audience)).verify(
                    vector.bytes, recalling: vector.recollection, at: vector.now)
            } catch {
                for word in ["mara", "muster", "5550101", "evil", "hello"] { #expect(!error.reason.contains(word)) }
            }
        }
    }
}
