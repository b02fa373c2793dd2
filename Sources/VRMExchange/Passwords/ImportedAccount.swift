public import VRMModel

/// One account found in an export of a password manager: a company and the login it knows the person by.
///
/// There is no room in it for a password, a one-time code or a note.
public struct ImportedAccount: Hashable, Sendable {
    /// The registrable domain of the site.
    public let domain: Domain
    /// What the password manager calls the entry, at most 200 bytes.
    public let name: String?
    public let login: Private<String>?
    public let firstSeen: Day?
    public let lastSeen: Day?
}

/// What an export held, in counts.
public struct PasswordImportSummary: Hashable, Sendable {
    /// The id of the format: `chromium`, `firefox`, `bitwarden-json` …
    public let format: String
    public internal(set) var rows = 0
    /// How often an account was handed over. The same one may have come twice.
    public internal(set) var accounts = 0
    /// Rows that gave no account: secure notes, apps, IP addresses, no address at all, a login beyond its cap.
    public internal(set) var skipped = 0
    /// Passwords and one-time codes that were there and have not been kept. Free text is dropped too, uncounted.
    public internal(set) var secretsDropped = 0
    /// Columns that the format does not know. They were dropped.
    public internal(set) var unknownColumns = 0

    init(format: String) { self.format = format }
}

/// Why a text is no password export we can read. Quotes nothing of it.
public enum PasswordExportFailure: Error, Equatable {
    /// The first line is none of the known headers, or there is no line.
    case unknownHeader
    /// The export is encrypted. An unencrypted one has to be made.
    case encrypted
    /// JSON, but not what Bitwarden exports.
    case notBitwarden
    /// Broken JSON; reading stopped at this byte.
    case brokenJSON(offset: Int)
    /// Above ``BitwardenExport/fileBytes``.
    case tooLarge
}
