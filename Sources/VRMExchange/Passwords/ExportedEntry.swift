import VRMModel

/// One row or item as the export has it, its secrets already gone.
struct ExportedEntry {
    static let loginBytes = 1024
    static let nameBytes = 200

    var addresses: [String] = []
    var name = ""
    /// What may be the login; the first that is not empty is it.
    var logins: [String] = []
    var firstSeen = ""
    var lastSeen = ""

    /// One account for each company the entry names. None when it names no web host, or the login is beyond its cap.
    var accounts: [ImportedAccount] {
        let login = logins.lazy.map(\.trimmed).first { !$0.isEmpty }
        guard (login?.utf8.count ?? 0) <= ExportedEntry.loginBytes else { return [] }
        var domains: [Domain] = []
        for address in addresses {
            guard let domain = PublicSuffixes.registrableDomain(ofURL: address), !domains.contains(domain) else { continue }
            domains.append(domain)
        }
        return domains.map {
            ImportedAccount(
                domain: $0, name: name.content(cappedToBytes: ExportedEntry.nameBytes), login: login.map { Private($0) },
                firstSeen: Day(exported: firstSeen), lastSeen: Day(exported: lastSeen))
        }
    }
}

extension PasswordImportSummary {
    /// Counts an entry and hands its accounts over.
    mutating func take(_ entry: ExportedEntry, each: (ImportedAccount) throws -> Void) throws {
        rows += 1
        let found = entry.accounts
        if found.isEmpty { skipped += 1 }
        for account in found { try each(account) }
        accounts += found.count
    }
}

extension Day {
    /// Reads the times of exports: ISO 8601, seconds since 1970 (Proton Pass), or milliseconds (Firefox).
    ///
    /// Nil for anything else, and for 0, which stands for "never".
    init?(exported text: String) {
        let text = text.trimmed
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            guard text.utf8.count <= 15, let number = Int64(text), number > 0 else { return nil }
            let seconds = number < 100_000_000_000 ? number : number / 1000  // the smaller is before the year 5139
            guard seconds < 253_402_300_800 else { return nil }  // the year 10000
            self = Instant(seconds: seconds).day
        } else if let moment = Instant(text) {
            self = moment.day
        } else if text.utf8.count >= 10, let day = Day(String(text.prefix(10))) {
            self = day  // without a zone, or only the day
        } else {
            return nil
        }
    }
}
