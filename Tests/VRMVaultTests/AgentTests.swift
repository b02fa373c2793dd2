import Foundation
import Testing
import VRMCrypto

@testable import VRMVault

@Suite struct AgentLifeTests {
    let start = AgentLife.Moment(monotonic: 1_000_000, boottime: 5_000_000)

    func later(_ seconds: Int64, asleep: Int64 = 0) -> AgentLife.Moment {
        AgentLife.Moment(monotonic: start.monotonic + seconds * 1000, boottime: start.boottime + (seconds + asleep) * 1000)
    }

    @Test func `it ends when it was idle for long enough, and use puts that off`() {
        var life = AgentLife(idle: 900, most: 28_800, from: start)
        #expect(life.left(at: later(899)) == 1000)
        #expect(life.left(at: later(900)) == 0)
        life.use(at: later(899))
        #expect(life.left(at: later(1798)) == 1000)
        #expect(life.left(at: later(1799)) == 0)
    }

    @Test func `it ends after its time however much it is used`() {
        var life = AgentLife(idle: 900, most: 28_800, from: start)
        for minute in stride(from: Int64(600), through: 28_200, by: 600) {
            #expect(life.left(at: later(minute)) > 0)
            life.use(at: later(minute))
        }
        #expect(life.left(at: later(28_799)) == 1000)
        #expect(life.left(at: later(28_800)) == 0)
    }

    @Test func `it does not outlive a sleep of the machine`() {
        let life = AgentLife(idle: 900, most: 28_800, from: start)
        #expect(life.left(at: later(10)) > 0)
        #expect(life.left(at: later(10, asleep: 2)) == 0)
    }
}

@Suite struct AgentChargeTests {
    @Test func `what it is started with arrives as it was`() throws {
        let keys = SecretBytes(random: VaultKeys.joinedBytes)
        let expected = keys.bytes
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let given = AgentCharge(vault: Array(0..<16), idle: 60, most: 600, keys: keys)
        let isTaken = given.write(to: ends[1])
        #expect(isTaken)
        close(ends[1])
        guard let charge = AgentCharge(reading: ends[0]) else {
            Issue.record("nothing arrived")
            return
        }
        close(ends[0])
        let (vault, idle, most, arrived) = (charge.vault, charge.idle, charge.most, charge.keys.bytes)
        #expect(vault == Array(0..<16))
        #expect(idle == 60 && most == 600)
        #expect(arrived == expected)
    }

    @Test func `nobody can ask it to stay longer than it may`() {
        let charge = AgentCharge(
            vault: Array(0..<16), idle: .max, most: .max, keys: SecretBytes(random: VaultKeys.joinedBytes))
        let (idle, most) = (charge.idle, charge.most)
        #expect(idle == 900 && most == 28_800)
    }

    @Test func `a charge cut short starts nothing`() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        write(ends[1], Array(repeating: UInt8(7), count: AgentCharge.byteCount - 1), AgentCharge.byteCount - 1)
        close(ends[1])
        let isStarted = AgentCharge(reading: ends[0]) != nil
        #expect(!isStarted)
        close(ends[0])
    }

    @Test func `the keys an agent gives are the keys of the passphrase`() throws {
        let master = SecretBytes(random: VaultKeys.masterBytes)
        let keys = VaultKeys(master: master)
        let again = VaultKeys(joined: keys.joined())
        for (a, b) in [(keys.headerMAC.bytes, again.headerMAC.bytes), (keys.rows.bytes, again.rows.bytes)] { #expect(a == b) }
        #expect(Set([keys.wrap.bytes, keys.meta.bytes, keys.log.bytes, keys.head.bytes, keys.rows.bytes]).count == 5)
        #expect(keys.joined().bytes == again.joined().bytes)
    }
}

extension SecretBytes {
    var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
