import VRMCrypto

/// A payload with its Disclosures put in place (RFC 9901 §7.1).
struct DisclosedPayload {
    /// Without `_sd` and `_sd_alg`.
    let claims: JSONObject
    /// The members that came from Disclosures, by their path (`data.email`).
    let disclosed: [(path: String, value: JSONValue)]

    /// - Parameter containers: The members below which Disclosures may stand; anywhere else they are refused.
    /// - Throws: A ``Rejection`` of B-12.
    init(_ payload: JSONObject, disclosures: [Disclosure], containers: [String]) throws(Rejection) {
        guard payload["_sd_alg"]?.string.map({ $0.utf8.elementsEqual("sha-256".utf8) }) ?? false else {
            throw Rejection(.disclosures, "_sd_alg must be sha-256")
        }
        var unpacking = try Unpacking(disclosures)
        // Names in a payload are unique; looking each up again would take a second for twenty thousand of them.
        var claims: [JSONObject.Member] = []
        for member in payload.members where !member.name.utf8.elementsEqual("_sd_alg".utf8) {
            if containers.contains(where: { $0.utf8.elementsEqual(member.name.utf8) }) {
                guard member.value.object?["_sd"]?.array != nil else {
                    throw Rejection(.disclosures, "\(member.name) has no list of digests")
                }
                let value = try unpacking.unpack(member.value, at: member.name, depth: 1)
                claims.append(JSONObject.Member(name: member.name, value: value))
            } else {
                guard !Unpacking.isReserved(member.name), !Unpacking.mentionsDigests(member.value) else {
                    throw Rejection(.disclosures, "a digest where none may stand")
                }
                claims.append(member)
            }
        }
        try unpacking.finish()
        self.claims = JSONObject(members: claims)
        disclosed = unpacking.disclosed
    }
}

/// Puts Disclosures where their digests stand, below any value (RFC 9901 §7.1, step 3).
struct Unpacking {
    private var byDigest: [[UInt8]: Disclosure] = [:]
    private var used = 0
    private var seen = Set<[UInt8]>()
    private(set) var disclosed: [(path: String, value: JSONValue)] = []

    init(_ disclosures: [Disclosure]) throws(Rejection) {
        for disclosure in disclosures {
            guard byDigest.updateValue(disclosure, forKey: SHA256.digest(disclosure.encoded.utf8)) == nil else {
                throw Rejection(.disclosures, "the same Disclosure twice")
            }
        }
    }

    /// Whether every Disclosure was referred to.
    func finish() throws(Rejection) {
        guard used == byDigest.count else { throw Rejection(.disclosures, "a Disclosure nothing refers to") }
    }

    mutating func unpack(_ value: JSONValue, at path: String, depth: Int) throws(Rejection) -> JSONValue {
        // A Disclosure may hold digests of others: the cap of the parser holds for the whole as well.
        guard depth <= Limits.jsonDepth else { throw Rejection(.disclosures, "nested more than \(Limits.jsonDepth) deep") }
        switch value {
        case .object(let object): return .object(try unpack(object, at: path, depth: depth))
        case .array(let elements):
            var out: [JSONValue] = []
            for element in elements {
                guard let marker = element.object, let digest = marker["..."] else {
                    out.append(try unpack(element, at: path + "[\(out.count)]", depth: depth + 1))
                    continue
                }
                guard marker.members.count == 1 else { throw Rejection(.disclosures, "an array digest with company") }
                if let disclosure = try take(digest) {
                    guard disclosure.name == nil else { throw Rejection(.disclosures, "a member Disclosure in an array") }
                    let place = path + "[\(out.count)]"
                    let inner = try unpack(disclosure.value, at: place, depth: depth + 1)
                    disclosed.append((place, inner))
                    out.append(inner)
                }
            }
            return .array(out)
        default: return value
        }
    }

    private mutating func unpack(_ object: JSONObject, at path: String, depth: Int) throws(Rejection) -> JSONObject {
        var members: [JSONObject.Member] = []
        for member in object.members where !member.name.utf8.elementsEqual("_sd".utf8) {
            guard !member.name.utf8.elementsEqual("...".utf8) else { throw Rejection(.disclosures, "... as a member name") }
            let value = try unpack(member.value, at: "\(path).\(member.name)", depth: depth + 1)
            members.append(JSONObject.Member(name: member.name, value: value))
        }
        var out = JSONObject(members: members)
        guard let digests = object["_sd"] else { return out }
        guard let digests = digests.array else { throw Rejection(.disclosures, "_sd is no array") }
        for digest in digests {
            guard let disclosure = try take(digest) else { continue }
            guard let name = disclosure.name else { throw Rejection(.disclosures, "an array Disclosure as a member") }
            guard out[name] == nil else { throw Rejection(.disclosures, "a Disclosure that collides with a member") }
            let inner = try unpack(disclosure.value, at: "\(path).\(name)", depth: depth + 1)
            disclosed.append(("\(path).\(name)", inner))
            out[name] = inner
        }
        return out
    }

    private mutating func take(_ digest: JSONValue) throws(Rejection) -> Disclosure? {
        guard let digest = digest.string.flatMap({ Base64URL.decode($0.utf8) }), digest.count == SHA256.byteCount else {
            throw Rejection(.disclosures, "a digest is not 32 bytes in base64url")
        }
        guard seen.insert(digest).inserted else { throw Rejection(.disclosures, "the same digest twice") }
        guard let disclosure = byDigest[digest] else { return nil }
        used += 1
        return disclosure
    }

    static func isReserved(_ name: String) -> Bool {
        name.utf8.elementsEqual("_sd".utf8) || name.utf8.elementsEqual("...".utf8)
    }

    static func mentionsDigests(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object): object.members.contains { isReserved($0.name) || mentionsDigests($0.value) }
        case .array(let elements): elements.contains(where: mentionsDigests)
        default: false
        }
    }
}
