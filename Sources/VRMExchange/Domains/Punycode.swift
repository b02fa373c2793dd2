/// Puts host names in other scripts into their ASCII form (RFC 3492): `müller.example` becomes `xn--mller-kva.example`.
///
/// Only lowers the case first. The other mappings of UTS 46 are not made; a name that would need them stays unread
/// rather than become somebody else's.
enum Punycode {
    /// Nil when a label holds a character that needs more than lower case, such as a combining mark.
    static func asciiForm(ofHost host: String) -> String? {
        if host.utf8.allSatisfy({ $0 < 0x80 }) { return host }
        guard host.utf8.count <= 1024 else { return nil }
        var labels: [String] = []
        for label in host.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
            if label.utf8.allSatisfy({ $0 < 0x80 }) {
                labels.append(String(label))
                continue
            }
            guard label.unicodeScalars.allSatisfy(isPlain) else { return nil }
            labels.append("xn--" + encode(label.unicodeScalars.map(\.value)))
        }
        return labels.joined(separator: ".")
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80 else { return scalar != " " && scalar.value > 32 }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .decimalNumber:
            return scalar.properties.canonicalCombiningClass == .notReordered && scalar.value < 0xFB00
        default: return false
        }
    }

    /// RFC 3492 §6.3, with the parameters of §5.
    private static func encode(_ scalars: [UInt32]) -> String {
        let (base, tMin, tMax) = (36, 1, 26)
        var (n, delta, bias) = (128, 0, 72)
        var out = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = out.count
        var handled = basic
        if basic > 0 { out.append(UInt8(ascii: "-")) }
        while handled < scalars.count {
            let m = scalars.lazy.map { Int($0) }.filter { $0 >= n }.min() ?? n
            delta += (m - n) * (handled + 1)
            n = m
            for scalar in scalars {
                if Int(scalar) < n { delta += 1 }
                guard Int(scalar) == n else { continue }
                var (q, k) = (delta, base)
                while true {
                    let t = k <= bias ? tMin : min(tMax, k - bias)
                    if q < t { break }
                    out.append(digit(t + (q - t) % (base - t)))
                    q = (q - t) / (base - t)
                    k += base
                }
                out.append(digit(q))
                bias = adapted(delta, points: handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? 97 + value : 22 + value) }

    /// RFC 3492 §6.1.
    private static func adapted(_ delta: Int, points: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / points
        var k = 0
        while delta > 455 {
            delta /= 35
            k += 36
        }
        return k + 36 * delta / (delta + 38)
    }
}
