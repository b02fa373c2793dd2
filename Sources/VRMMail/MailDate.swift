public import VRMModel

/// The time in a Date or Received field (RFC 5322 §3.3, §4.3).
public enum MailDate {
    /// Nil when it is none. A zone without a meaning counts as UTC, as §4.3 has it.
    public static func parse(_ bytes: ArraySlice<UInt8>) -> Instant? {
        var words = words(bytes)
        if let first = words.first, first.first.map({ !(48...57).contains($0) }) ?? false { words.removeFirst() }
        guard words.count >= 4, let day = number(words[0], 1...2), let month = month(words[1]), var year = number(words[2], 2...4)
        else { return nil }
        switch words[2].count {
        case 2: year += year < 50 ? 2000 : 1900
        case 3: year += 1900
        default: break
        }
        let clock = words[3].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { number($0[...], 1...2) }
        guard (2...3).contains(clock.count), let hour = clock[0], hour < 24, let minute = clock[1], minute < 60,
            let second = clock.count == 3 ? clock[2] : 0, second <= 60,
            let date = Day(year: year, month: month, day: day), let offset = words.count > 4 ? offset(words[4]) : 0
        else { return nil }
        return date.start.adding(seconds: Int64(hour * 3600 + minute * 60 + min(second, 59) - offset))
    }

    /// The time in a Received field: after its last semicolon (RFC 5321 §4.4).
    public static func parse(received bytes: ArraySlice<UInt8>) -> Instant? {
        bytes.lastIndex(of: UInt8(ascii: ";")).flatMap { parse(bytes[($0 + 1)...]) }
    }

    /// Split at white space and commas; comments are left out.
    private static func words(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var words: [ArraySlice<UInt8>] = []
        var rest = bytes
        while let byte = rest.first, words.count < 8 {
            if byte.isBlank || byte == UInt8(ascii: ",") {
                rest.removeFirst()
            } else if byte == UInt8(ascii: "(") {
                rest = rest.afterComment
            } else {
                words.append(rest.prefix { !$0.isBlank && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "(") })
                rest = rest[words[words.count - 1].endIndex...]
            }
        }
        return words
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ length: ClosedRange<Int>) -> Int? {
        guard length.contains(bytes.count), bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    private static func month(_ bytes: ArraySlice<UInt8>) -> Int? {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        let start = String(decoding: bytes.prefix(3).map(\.asciiLowered), as: UTF8.self)
        return names.firstIndex(of: start).map { $0 + 1 }
    }

    /// Seconds east of UTC; nil for an offset that cannot be.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-") {
            guard let value = number(bytes.dropFirst(), 4...4), value % 100 < 60 else { return nil }
            return (value / 100 * 3600 + value % 100 * 60) * (bytes.first == UInt8(ascii: "-") ? -1 : 1)
        }
        let hours = ["est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7]
        return (hours[String(decoding: bytes.map(\.asciiLowered), as: UTF8.self)] ?? 0) * 3600
    }
}
