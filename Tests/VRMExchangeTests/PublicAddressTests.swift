import Testing
import VRMExchange

@Suite struct PublicAddressTests {
    @Test(arguments: [
        [1, 1, 1, 1], [8, 8, 8, 8], [100, 63, 0, 1], [172, 15, 0, 1], [172, 32, 0, 1], [192, 169, 0, 1], [223, 255, 255, 255],
    ])
    func `an address on the internet is public`(_ bytes: [UInt8]) {
        #expect(PublicAddress.isPublic(bytes))
    }

    @Test(arguments: [
        [0, 0, 0, 0], [10, 0, 0, 1], [127, 0, 0, 1], [100, 64, 0, 1], [169, 254, 169, 254], [172, 16, 0, 1], [172, 31, 255, 255],
        [192, 168, 1, 1], [192, 0, 2, 1], [198, 18, 0, 1], [203, 0, 113, 9], [224, 0, 0, 1], [255, 255, 255, 255],
    ])
    func `an address of this machine or its surroundings is not`(_ bytes: [UInt8]) {
        #expect(!PublicAddress.isPublic(bytes))
    }

    @Test func `the same holds for IPv6, and for IPv4 in its disguises`() {
        func address(_ head: [UInt8], _ tail: [UInt8] = [1]) -> [UInt8] {
            head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
        }
        #expect(PublicAddress.isPublic(address([0x26, 0x06, 0x47, 0x00])))
        #expect(!PublicAddress.isPublic(address([])))  // ::1
        #expect(!PublicAddress.isPublic(address([0xFE, 0x80])))
        #expect(!PublicAddress.isPublic(address([0xFD, 0x00])))
        #expect(!PublicAddress.isPublic(address([0xFF, 0x02])))
        #expect(!PublicAddress.isPublic(address([0x20, 0x01, 0x0D, 0xB8])))
        #expect(!PublicAddress.isPublic(address([], [0xFF, 0xFF, 10, 0, 0, 1])))  // ::ffff:10.0.0.1
        #expect(!PublicAddress.isPublic(address([0x00, 0x64, 0xFF, 0x9B], [10, 0, 0, 1])))  // NAT64
        #expect(!PublicAddress.isPublic(address([0x20, 0x02, 10, 0, 0, 1])))  // 6to4
        #expect(!PublicAddress.isPublic([1, 2, 3]))
    }
}
