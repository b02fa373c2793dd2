import VRMBundle
public import VRMModel

/// An iCalendar file (RFC 5545) of all-day events.
public enum CalendarFile {
    /// - Parameter now: When the file is made.
    public static func bytes(_ entries: [DatedEntry], at now: Instant) -> [UInt8] {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vrm//vrm//EN", "CALSCALE:GREGORIAN"]
        let stamp = now.compact
        for entry in entries {
            lines += [
                "BEGIN:VEVENT", "UID:\(entry.uuid)", "DTSTAMP:\(stamp)", "DTSTART;VALUE=DATE:\(entry.day.compact)",
                "DTEND;VALUE=DATE:\(entry.day.adding(days: 1).compact)", "SUMMARY:\(escaped(entry.summary))",
                "DESCRIPTION:\(escaped(entry.details.joined(separator: "\n")))", "TRANSP:TRANSPARENT", "CLASS:PRIVATE",
                "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.flatMap { folded(Array($0.utf8)) + [13, 10] }
    }

    /// TEXT of RFC 5545 §3.3.11. Control characters go, since none may stand there.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": out += "\\\(scalar)"
            case "\n": out += "\\n"
            case _ where scalar.value < 32 || scalar.value == 127: continue
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// Lines of at most 75 octets, never broken inside a character (§3.1).
    private static func folded(_ line: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var rest = line[...]
        var room = 75
        while rest.count > room {
            var cut = rest.startIndex + room
            while rest[cut] & 0xC0 == 0x80 { cut -= 1 }
            out += rest[..<cut] + [13, 10, 32]
            rest = rest[cut...]
            room = 74
        }
        return out + rest
    }
}

extension Day {
    /// `20270416`.
    var compact: String { description.replacing("-", with: "") }
}

extension Instant {
    /// `20270416T080000Z`.
    var compact: String { description.replacing("-", with: "").replacing(":", with: "") }
}
