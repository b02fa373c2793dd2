@testable import VRMExchange

/// One row of one program's export, with a canary in every column that must not be kept.
struct PasswordFixture: Sendable, CustomStringConvertible {
    static let canary = "CANARY"
    private static let secret = "CANARY, \"s3cret\"\nsecond line"

    let id: String
    let columns: [String]
    let cells: [String: String]
    /// The fewest columns by which the format is still known.
    let essential: [String]
    var name: String? = "Acme shop"
    var firstSeen: String?
    var lastSeen: String?
    /// How many of the canaries count as secrets.
    let secrets: Int

    var description: String { id }

    private init(
        _ id: String, _ columns: [String], _ cells: [String: String], essential: [String], dropped: [String], secrets: Int,
        name: String? = "Acme shop", firstSeen: String? = nil, lastSeen: String? = nil
    ) {
        self.id = id
        self.columns = columns
        self.cells = cells.merging(dropped.map { ($0, PasswordFixture.secret) }) { a, _ in a }
        self.essential = essential
        self.secrets = secrets
        self.name = name
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }

    func csv(_ columns: [String]? = nil, lineEnd: String = "\n", extra: [String] = []) -> String {
        let columns = (columns ?? self.columns) + extra
        let quoted = { (text: String) -> String in
            let escaped =
                id == "keepass1"
                ? text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") : text.replacing("\"", with: "\"\"")
            return "\"" + escaped + "\""
        }
        let row = columns.map { quoted(extra.contains($0) ? PasswordFixture.secret : cells[$0] ?? "") }
        return columns.map(quoted).joined(separator: ",") + lineEnd + row.joined(separator: ",") + lineEnd
    }

    private static func split(_ header: String) -> [String] { header.split(separator: ",").map(String.init) }

    static let all: [PasswordFixture] = [
        PasswordFixture(
            "chromium", split("name,url,username,password,note"),
            ["name": "Acme shop", "url": "https://shop.acme.example/login", "username": "ann"],
            essential: split("name,url,username,password"), dropped: ["password", "note"], secrets: 1),
        PasswordFixture(
            "firefox",
            split(
                "url,username,password,httpRealm,formActionOrigin,guid,timeCreated,timeLastUsed,timePasswordChanged,timesUsed"),
            [
                "url": "https://shop.acme.example", "username": "ann", "timeCreated": "1609459200000",
                "timeLastUsed": "1767225599999",
            ], essential: split("url,username,password,httpRealm,formActionOrigin"), dropped: ["password", "httpRealm"],
            secrets: 1, name: nil, firstSeen: "2021-01-01", lastSeen: "2025-12-31"),
        PasswordFixture(
            "apple", split("Title,URL,Username,Password,Notes,OTPAuth"),
            ["Title": "Acme shop", "URL": "https://shop.acme.example/", "Username": "ann"],
            essential: split("Title,URL,Username,Password"), dropped: ["Password", "Notes", "OTPAuth"], secrets: 2),
        PasswordFixture(
            "1password8", split("Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes"),
            ["Title": "Acme shop", "Url": "https://shop.acme.example/", "Username": "ann"],
            essential: split("Title,Url,Username,Password"), dropped: ["Password", "Tags", "Notes", "OTPAuth"], secrets: 2),
        PasswordFixture(
            "1password-alt", split("Title,URL,Username,Password,Notes,Type"),
            ["Title": "Acme shop", "URL": "https://shop.acme.example/", "Username": "ann", "Type": "Login"],
            essential: split("Title,URL,Username,Password,Type"), dropped: ["Password", "Notes"], secrets: 1),
        PasswordFixture(
            "bitwarden",
            split("folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp"),
            ["type": "login", "name": "Acme shop", "login_uri": "https://shop.acme.example", "login_username": "ann"],
            essential: split("name,login_uri,login_username,login_password"),
            dropped: ["folder", "notes", "fields", "login_password", "login_totp"], secrets: 3),
        PasswordFixture(
            "bitwarden-org",
            split("collections,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp"),
            ["type": "login", "name": "Acme shop", "login_uri": "https://shop.acme.example", "login_username": "ann"],
            essential: split("collections,name,login_uri,login_username,login_password"),
            dropped: ["collections", "notes", "fields", "login_password", "login_totp"], secrets: 3),
        PasswordFixture(
            "keepassxc", split("Group,Title,Username,Password,URL,Notes,TOTP,Icon,Last Modified,Created"),
            [
                "Title": "Acme shop", "URL": "https://shop.acme.example", "Username": "ann",
                "Last Modified": "2026-11-23T06:36:46Z", "Created": "2020-02-29T23:59:59Z",
            ], essential: split("Group,Title,Username,Password,URL"), dropped: ["Group", "Password", "Notes", "TOTP"],
            secrets: 2, firstSeen: "2020-02-29", lastSeen: "2026-11-23"),
        PasswordFixture(
            "keepass1", split("Account,Login Name,Password,Web Site,Comments"),
            ["Account": "Acme shop", "Web Site": "shop.acme.example", "Login Name": "ann"],
            essential: split("Account,Login Name,Password,Web Site"), dropped: ["Password", "Comments"], secrets: 1),
        PasswordFixture(
            "lastpass", split("url,username,password,totp,extra,name,grouping,fav"),
            ["name": "Acme shop", "url": "https://shop.acme.example", "username": "ann", "fav": "0"],
            essential: split("url,username,password,name,grouping"), dropped: ["password", "totp", "extra", "grouping"],
            secrets: 3),
        PasswordFixture(
            "dashlane", split("username,username2,username3,title,password,note,url,category,otpUrl"),
            ["title": "Acme shop", "url": "https://shop.acme.example", "username": "ann", "username2": "bob"],
            essential: split("username,title,password,url"), dropped: ["password", "note", "category", "otpUrl"], secrets: 2),
        PasswordFixture(
            "protonpass",
            split("type,name,url,autofillUrls,email,username,password,note,totp,createTime,modifyTime,vault"),
            [
                "type": "login", "name": "Acme shop", "url": "https://shop.acme.example", "username": "ann",
                "email": "ann@acme.example", "createTime": "1609459200", "modifyTime": "1767225599",
            ], essential: split("type,name,url,username,password"),
            dropped: ["autofillUrls", "password", "note", "totp", "vault"], secrets: 2, firstSeen: "2021-01-01",
            lastSeen: "2025-12-31"),
    ]
}
