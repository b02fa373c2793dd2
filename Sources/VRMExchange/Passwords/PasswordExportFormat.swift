/// A password manager's CSV, known by the names of its columns.
///
/// The names were collected from the programs' own exports and documentation; columns are found by name, so their
/// order does not matter, and the ones that are not essential may be absent.
struct PasswordExportFormat: Sendable {
    enum Role: Sendable, Equatable {
        case name, address, firstSeen, lastSeen
        /// The lowest rank that is not empty is the login.
        case login(rank: Int)
        /// A password or what makes one-time codes; counted when dropped.
        case secret
        /// Free text, which may hold anything.
        case text
        /// Of no use to us.
        case other
    }
    struct Column: Sendable {
        let name: String
        let role: Role
        let isEssential: Bool
    }

    /// Stable: it is kept as the source of evidence.
    let id: String
    let columns: [Column]
    /// Several addresses may stand in one cell, separated by commas.
    var hasAddressLists = false
    /// `\"` stands for a quotation mark in quotes.
    var hasBackslashEscapes = false

    /// The format a header belongs to: all its essential columns are there, and more of its columns than any other's.
    static func recognising(_ header: [String]) -> PasswordExportFormat? {
        let names = Set(header)
        var best: (format: PasswordExportFormat, known: Int)?
        for format in all {
            guard format.columns.allSatisfy({ !$0.isEssential || names.contains($0.name) }) else { continue }
            let known = format.columns.count { names.contains($0.name) }
            if known > best?.known ?? 0 { best = (format, known) }
        }
        return best?.format
    }

    /// Nil for a column the format does not know.
    func role(of name: String) -> Role? { columns.first { $0.name == name }?.role }
}

private typealias Column = PasswordExportFormat.Column

private func need(_ name: String, _ role: PasswordExportFormat.Role) -> Column {
    Column(name: name, role: role, isEssential: true)
}

private func may(_ name: String, _ role: PasswordExportFormat.Role = .other) -> Column {
    Column(name: name, role: role, isEssential: false)
}

extension PasswordExportFormat {
    /// On a draw the earlier one wins.
    static let all = [
        chromium, firefox, apple, onePassword8, onePasswordOther, bitwarden, bitwardenOrganisation, keePassXC, keePass1,
        lastPass, dashlane, protonPass,
    ]

    /// Chrome, Edge, Brave. Older ones have no `note`.
    static let chromium = PasswordExportFormat(
        id: "chromium",
        columns: [
            need("name", .name), need("url", .address), need("username", .login(rank: 0)), need("password", .secret),
            may("note", .text),
        ])
    /// Newer ones add `timesUsed`. There is no name.
    static let firefox = PasswordExportFormat(
        id: "firefox",
        columns: [
            need("url", .address), need("username", .login(rank: 0)), need("password", .secret), need("httpRealm", .other),
            need("formActionOrigin", .other), may("guid"), may("timeCreated", .firstSeen), may("timeLastUsed", .lastSeen),
            may("timePasswordChanged"), may("timesUsed"),
        ])
    /// Safari and Apple Passwords.
    static let apple = PasswordExportFormat(
        id: "apple",
        columns: [
            need("Title", .name), need("URL", .address), need("Username", .login(rank: 0)), need("Password", .secret),
            may("Notes", .text), may("OTPAuth", .secret),
        ])
    static let onePassword8 = PasswordExportFormat(
        id: "1password8",
        columns: [
            need("Title", .name), need("Url", .address), need("Username", .login(rank: 0)), need("Password", .secret),
            may("OTPAuth", .secret), may("Favorite"), may("Archived"), may("Tags", .text), may("Notes", .text),
        ])
    /// Known from third parties only.
    static let onePasswordOther = PasswordExportFormat(
        id: "1password-alt",
        columns: [
            need("Title", .name), need("URL", .address), need("Username", .login(rank: 0)), need("Password", .secret),
            may("Notes", .text), need("Type", .other),
        ])
    static let bitwarden = PasswordExportFormat(
        id: "bitwarden", columns: [may("folder"), may("favorite")] + bitwardenColumns, hasAddressLists: true)
    static let bitwardenOrganisation = PasswordExportFormat(
        id: "bitwarden-org", columns: [need("collections", .other)] + bitwardenColumns, hasAddressLists: true)
    private static let bitwardenColumns = [
        may("type"), need("name", .name), may("notes", .text), may("fields", .secret), may("reprompt"),
        need("login_uri", .address), need("login_username", .login(rank: 0)), need("login_password", .secret),
        may("login_totp", .secret),
    ]
    static let keePassXC = PasswordExportFormat(
        id: "keepassxc",
        columns: [
            need("Group", .other), need("Title", .name), need("Username", .login(rank: 0)), need("Password", .secret),
            need("URL", .address), may("Notes", .text), may("TOTP", .secret), may("Icon"), may("Last Modified", .lastSeen),
            may("Created", .firstSeen),
        ])
    static let keePass1 = PasswordExportFormat(
        id: "keepass1",
        columns: [
            need("Account", .name), need("Login Name", .login(rank: 0)), need("Password", .secret),
            need("Web Site", .address), may("Comments", .text),
        ], hasBackslashEscapes: true)
    /// A secure note has the address `http://sn`, which is no host name.
    static let lastPass = PasswordExportFormat(
        id: "lastpass",
        columns: [
            need("url", .address), need("username", .login(rank: 0)), need("password", .secret), may("totp", .secret),
            may("extra", .secret), need("name", .name), need("grouping", .other), may("fav"),
        ])
    /// Older ones say `otpSecret`.
    static let dashlane = PasswordExportFormat(
        id: "dashlane",
        columns: [
            need("username", .login(rank: 0)), may("username2", .login(rank: 1)), may("username3", .login(rank: 2)),
            need("title", .name), need("password", .secret), may("note", .text), need("url", .address), may("category"),
            may("otpUrl", .secret), may("otpSecret", .secret),
        ])
    /// Older ones have no `email`.
    static let protonPass = PasswordExportFormat(
        id: "protonpass",
        columns: [
            need("type", .other), need("name", .name), need("url", .address), may("autofillUrls"),
            may("email", .login(rank: 1)), need("username", .login(rank: 0)), need("password", .secret),
            may("note", .text), may("totp", .secret), may("createTime", .firstSeen), may("modifyTime", .lastSeen),
            may("vault"),
        ], hasAddressLists: true)
}
