/// A moment in UTC, in whole seconds since 1970-01-01T00:00:00Z.
///
/// Written as RFC 3339 with `Z`. Years 1 to 9999.
public struct Instant: Hashable, Comparable, Sendable {
    public let seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    public static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }

    /// The UTC day this moment falls on.
    public var day: Day { Day(number: Int(seconds.floorDivided(by: 86_400))) }

    public func adding(seconds more: Int64) -> Instant { Instant(seconds: seconds + more) }

    /// The latest multiple of `unit` seconds that is not after this moment.
    public func floored(to unit: Int64) -> Instant {
        Instant(seconds: seconds.floorDivided(by: unit) * unit)
    }
}

extension Instant: LosslessStringConvertible {
    public var description: String {
        let day = self.day
        let rest = Int(seconds - day.start.seconds)
        return "\(day)T\(twoDigits(rest / 3600)):\(twoDigits(rest / 60 % 60)):\(twoDigits(rest % 60))Z"
    }

    /// Reads RFC 3339 (`2027-03-01T08:00:00Z`, an offset instead of `Z`, a fraction of a second,
    /// which is dropped). A leap second is not read.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"),
            let day = Day(String(decoding: bytes[..<10], as: UTF8.self)),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = digits(bytes[11..<13]), hour < 24,
            let minute = digits(bytes[14..<16]), minute < 60,
            let second = digits(bytes[17..<19]), second < 60
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0.isASCIIDigit }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        var offset = 0
        if rest.elementsEqual("Z".utf8) {
            offset = 0
        } else {
            let zone = Array(rest)
            guard zone.count == 6, zone[3] == UInt8(ascii: ":"),
                zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
                let h = digits(zone[1..<3]), h < 24, let m = digits(zone[4..<6]), m < 60
            else { return nil }
            offset = (h * 3600 + m * 60) * (zone[0] == UInt8(ascii: "-") ? -1 : 1)
        }
        self.init(seconds: day.start.seconds + Int64(hour * 3600 + minute * 60 + second - offset))
    }
}

extension BinaryInteger {
    func floorDivided(by divisor: Self) -> Self {
        let (q, r) = quotientAndRemainder(dividingBy: divisor)
        return r < 0 ? q - 1 : q
    }
}

extension UInt8 {
    var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}

func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 4, bytes.allSatisfy(\.isASCIIDigit) else { return nil }
    return bytes.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
}

func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
