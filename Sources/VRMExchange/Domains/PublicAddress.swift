/// Which IP addresses are out on the internet, and which lead to this machine or the network around it.
public enum PublicAddress {
    /// - Parameter bytes: 4 or 16 bytes, network order.
    /// - Returns: False for everything the registries set aside (IANA special-purpose address registries; RFC 6890).
    public static func isPublic(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4: isPublic4(bytes)
        case 16: isPublic6(bytes)
        default: false
        }
    }

    private static func isPublic4(_ b: [UInt8]) -> Bool {
        switch (b[0], b[1], b[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false  // this network, private, loopback, multicast and above
        case (100, 64..<128, _), (169, 254, _), (172, 16..<32, _), (192, 168, _): false  // shared, link-local, private
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100), (203, 0, 113): false
        default: true
        }
    }

    private static func isPublic6(_ b: [UInt8]) -> Bool {
        guard b[0] & 0xE0 == 0x20 else { return false }  // global unicast is 2000::/3; mapped IPv4 is not in it
        switch (b[0], b[1], b[2], b[3]) {
        case (0x20, 0x01, 0x00...0x01, _): return false  // 2001::/23: Teredo, benchmarking, ORCHID
        case (0x20, 0x01, 0x0D, 0xB8): return false  // documentation
        case (0x20, 0x02, _, _): return isPublic4(Array(b[2..<6]))  // 6to4 holds an IPv4 address
        case (0x3F, 0xFF, 0x00..<0x10, _): return false  // documentation
        default: return true
        }
    }
}
