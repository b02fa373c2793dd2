public import VRMModel

/// What every token says: who to whom, when, and its id (RFC 7519 §4.1).
public struct CommonClaims: Hashable, Sendable, JSONMembers {
    public let iss: String
    /// The one reader; nil for an intent and a withdrawal, which are for everybody.
    public let aud: String?
    public let iat: Instant
    public let nbf: Instant
    /// The first moment it no longer counts.
    public let exp: Instant
    public let jti: String

    /// - Throws: A ``Rejection`` of B-09.
    init(_ claims: JSONObject, of type: TokenType, iss: String, signer: TokenType.Signer) throws(Rejection) {
        self.iss = iss
        aud = type.hasAudience ? try claims.token("aud") : nil
        guard type.hasAudience || claims["aud"] == nil else { throw Rejection(.members, "aud in a token for everybody") }
        guard signer == .person || claims["cnf"] == nil else { throw Rejection(.members, "cnf in a company's token") }
        jti = try claims.token("jti")
        iat = try claims.instant("iat")
        nbf = try claims.instant("nbf")
        exp = try claims.instant("exp")
        guard (16...64).contains(jti.utf8.count) else { throw Rejection(.members, "jti is not 128 random bits") }
    }

    init(iss: String, aud: String?, iat: Instant, exp: Instant, jti: String) {
        self.iss = iss
        self.aud = aud
        self.iat = iat
        self.nbf = iat
        self.exp = exp
        self.jti = jti
    }

    func members(_ json: inout JSONWriter) {
        json.member("iss", iss)
        json.member("aud", aud)
        json.member("iat", iat.seconds)
        json.member("nbf", nbf.seconds)
        json.member("exp", exp.seconds)
        json.member("jti", jti)
    }
}

extension JSONObject {
    func text(_ name: String) throws(Rejection) -> String {
        guard let text = string(name), !text.isEmpty else { throw Rejection(.members, "\(name) is missing or no text") }
        return text
    }

    /// A text that is compared: printable ASCII, so that equal Strings are equal bytes. (Swift's `==` takes the
    /// Kelvin sign for a K.)
    func token(_ name: String) throws(Rejection) -> String {
        let text = try text(name)
        guard text.isPrintableASCII else { throw Rejection(.members, "\(name) is not ASCII") }
        return text
    }

    func optionalText(_ name: String) throws(Rejection) -> String? {
        has(name) ? try text(name) : nil
    }

    func instant(_ name: String) throws(Rejection) -> Instant {
        guard let seconds = integer(name), (0...253_402_300_799).contains(seconds) else {
            throw Rejection(.members, "\(name) is missing or no whole number of seconds")
        }
        return Instant(seconds: seconds)
    }

    func object(_ name: String) throws(Rejection) -> JSONObject {
        guard let object = self[name]?.object else { throw Rejection(.members, "\(name) is missing or no object") }
        return object
    }

    func day(_ name: String) throws(Rejection) -> Day {
        guard let day = Day(try token(name)) else { throw Rejection(.members, "\(name) is no YYYY-MM-DD date") }
        return day
    }

    func digest(_ name: String) throws(Rejection) -> [UInt8] { try bytes(name, 32) }

    /// base64url of exactly so many bytes.
    func bytes(_ name: String, _ count: Int) throws(Rejection) -> [UInt8] {
        guard let bytes = utf8(name).flatMap(Base64URL.decode), bytes.count == count else {
            throw Rejection(.members, "\(name) is missing or not \(count) bytes in base64url")
        }
        return bytes
    }

    func count(_ name: String, from least: Int64 = 0) throws(Rejection) -> Int64 {
        guard let count = integer(name), count >= least else { throw Rejection(.members, "\(name) is missing or no count") }
        return count
    }

    /// True, or false when it is absent.
    func flag(_ name: String) throws(Rejection) -> Bool {
        guard let value = self[name] else { return false }
        guard let flag = value.bool else { throw Rejection(.members, "\(name) is neither true nor false") }
        return flag
    }

    /// A list of at least one.
    func list(_ name: String) throws(Rejection) -> [JSONValue] {
        guard let list = self[name]?.array, !list.isEmpty else { throw Rejection(.members, "\(name) is missing or no list") }
        return list
    }

    func optionalList(_ name: String) throws(Rejection) -> [JSONValue] { has(name) ? try list(name) : [] }

    func texts(_ name: String) throws(Rejection) -> [String] {
        var texts: [String] = []
        for entry in try list(name) {
            guard let text = entry.string, !text.isEmpty else { throw Rejection(.members, "\(name) is no list of texts") }
            texts.append(text)
        }
        return texts
    }

    func optionalTexts(_ name: String) throws(Rejection) -> [String] { has(name) ? try texts(name) : [] }

    func optionalDay(_ name: String) throws(Rejection) -> Day? { has(name) ? try day(name) : nil }

    func choice<Choice: RawRepresentable<String>>(_ name: String, _: Choice.Type) throws(Rejection) -> Choice {
        guard let choice = Choice(rawValue: try token(name)) else { throw Rejection(.members, "\(name) is not one of its words") }
        return choice
    }
}
