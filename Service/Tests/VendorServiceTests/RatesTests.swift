import HTTPTypes
import Hummingbird
import Testing

@testable import VendorService

@Suite struct RatesTests {
    let rates = Rates(perSecond: 10, isBehindProxy: true)
    let begin = ContinuousClock.now

    @Test func `a bucket holds twenty seconds' worth and fills again`() throws {
        try rates.take(200, from: "a", at: begin)
        #expect(throws: Problem.self) { try rates.take(1, from: "a", at: begin) }
        try rates.take(10, from: "a", at: begin + .seconds(1))
        #expect(throws: Problem.self) { try rates.take(1, from: "a", at: begin + .seconds(1)) }
        try rates.take(200, from: "a", at: begin + .seconds(3600))
    }

    @Test func `who took too much is told how long to wait, and is not made to wait longer by asking`() throws {
        try rates.take(200, from: "a", at: begin)
        for _ in 0..<5 {
            do throws(Problem) {
                try rates.take(30, from: "a", at: begin)
                Issue.record("nothing was refused")
            } catch {
                #expect(error.retryAfter == 4)
            }
        }
    }

    @Test func `one sender's bucket is not another's`() throws {
        try rates.take(200, from: "a", at: begin)
        try rates.take(200, from: "b", at: begin)
    }

    @Test func `a flood of addresses shares one bucket instead of all memory`() throws {
        for number in 0..<16384 { try rates.take(1, from: "address \(number)", at: begin) }
        try rates.take(150, from: "one more", at: begin)
        #expect(throws: Problem.self) { try rates.take(100, from: "and another", at: begin) }
        try rates.take(150, from: "address 7", at: begin)
        // Full buckets say nothing and make room.
        try rates.take(200, from: "and another", at: begin + .seconds(60))
        try rates.take(200, from: "one more", at: begin + .seconds(60))
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("203.0.113.9, 192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("2001:db8:1:2::9", "2001:db8:1:2"), ("2001:db8::9", "2001:db8:0:0"), ("::1", "0:0:0:0"), ("", "peer"),
    ])
    func `behind a proxy the last address counts, of IPv6 its network`(_ header: String, _ name: String) throws {
        var head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        if !header.isEmpty { head.headerFields[try #require(HTTPField.Name("X-Forwarded-For"))] = header }
        let request = Request(head: head, body: RequestBody(buffer: .init()))
        #expect(rates.name(of: request, from: "peer") == name)
        #expect(Rates(perSecond: 1, isBehindProxy: false).name(of: request, from: "peer") == "peer")
    }
}
