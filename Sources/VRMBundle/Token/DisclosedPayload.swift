import VRMCrypto

/// A payload with its Disclosures put in place (RFC 9901 §7.1).
struct DisclosedPayload {
    private let payload: JSONObject
    /// The members below which Disclosures stood.
    private let opened: [JSONObject.Member]
    /// The members that came from Disclosures, by their path (`data.email`).
    let disclosed: [(path: String, value: JSONValue)]

    /// - Parameter containers: The members below which Disclosures may stand; anywhere else they are refused.
    /// - Throws: A ``Rejection`` of B-12.
    init(_ payload: JSONObject, disclosures: [Disclosure], containers: [String]) throws(Rejection) {
        guard payload["_sd_alg"]?.string.map({ JSONObject.isSame($0, "sha-256") }) ?? false else {
            throw Rejection(.disclosures, "_sd_alg must be sha-256")
        }
        var unpacking = try Unpacking(disclosures)
        var opened: [JSONObject.Member] = []
        for member in payload.members where !JSONObject.isSame(member.name, "_sd_alg") {
            if containers.contains(where: { JSONObject.isSame($0, member.name) }) {
                guard member.value.object?["_sd"]?.array != nil else {
                    throw Rejection(.disclosures, "\(member.name) has no list of digests")
                }
                let value = try unpacking.unpack(member.value, at: member.name, depth: 1)
                opened.append(JSONObject.Member(name: member.name, value: value))
            } else {
                guard !Unpacking.isReserved(member.name), !Unpacking.mentionsDigests(member.value) else {
                    throw Rejection(.disclosures, "a digest where none may stand")
                }
            }
        }
        try unpacking.finish()
        self.payload = payload
        self.opened = opened
        disclosed = unpacking.disclosed
    }

    /// What stands below one of the containers.
    subscript(_ container: String) -> JSONObject? {
        opened.first { JSONObject.isSame($0.name, container) }?.value.object
    }

    /// Without `_sd` and `_sd_alg`.
    var claims: JSONObject {
        var rest = opened[...]
        // Names in a payload are unique, and the containers stand in its order.
        return JSONObject(
            members: payload.members.compactMap { member in
                if let next = rest.first, JSONObject.isSame(next.name, member.name) { return rest.removeFirst() }
                return JSONObject.isSame(member.name, "_sd_alg") ? nil : member
            })
    }
}

/// Puts Disclosures where their digests stand, below any value (RFC 9901 §7.1, step 3).
struct Unpacking {
    /// By their digests, in order.
    private let disclosures: [(digest: DisclosureDigest, disclosure: Disclosure)]
    private var isUsed: [Bool]
    private var digests: [DisclosureDigest] = []
    private(set) var disclosed: [(path: String, value: JSONValue)] = []

    init(_ disclosures: [Disclosure]) throws(Rejection) {
        self.disclosures = disclosures.map { (DisclosureDigest(SHA256.digest($0.encoded.utf8)), $0) }.sorted {
            $0.digest < $1.digest
        }
        isUsed = Array(repeating: false, count: disclosures.count)
        for (one, next) in zip(self.disclosures, self.disclosures.dropFirst()) where one.digest == next.digest {
            throw Rejection(.disclosures, "the same Disclosure twice")
        }
    }

    /// Whether every Disclosure was referred to, and no digest stands twice.
    mutating func finish() throws(Rejection) {
        guard isUsed.allSatisfy(\.self) else { throw Rejection(.disclosures, "a Disclosure nothing refers to") }
        digests.sort()
        for (one, next) in zip(digests, digests.dropFirst()) where one == next {
            throw Rejection(.disclosures, "the same digest twice")
        }
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
        for member in object.members where !JSONObject.isSame(member.name, "_sd") {
            guard !JSONObject.isSame(member.name, "...") else { throw Rejection(.disclosures, "... as a member name") }
            let value = try unpack(member.value, at: path + "." + member.name, depth: depth + 1)
            members.append(JSONObject.Member(name: member.name, value: value))
        }
        var out = JSONObject(members: members)
        guard let digests = object["_sd"] else { return out }
        guard let digests = digests.array else { throw Rejection(.disclosures, "_sd is no array") }
        for digest in digests {
            guard let disclosure = try take(digest) else { continue }
            guard let name = disclosure.name else { throw Rejection(.disclosures, "an array Disclosure as a member") }
            guard out[name] == nil else { throw Rejection(.disclosures, "a Disclosure that collides with a member") }
            let place = path + "." + name
            let inner = try unpack(disclosure.value, at: place, depth: depth + 1)
            disclosed.append((place, inner))
            out[name] = inner
        }
        return out
    }

    private mutating func take(_ digest: JSONValue) throws(Rejection) -> Disclosure? {
        guard let bytes = digest.string.flatMap({ Base64URL.decode($0.utf8) }), bytes.count == SHA256.byteCount else {
            throw Rejection(.disclosures, "a digest is not 32 bytes in base64url")
        }
        let digest = DisclosureDigest(bytes)
        digests.append(digest)
        var (low, high) = (0, disclosures.count)
        while low < high {
            let middle = (low + high) / 2
            if disclosures[middle].digest < digest { low = middle + 1 } else { high = middle }
        }
        guard low < disclosures.count, disclosures[low].digest == digest else { return nil }
        // At once: Disclosures that refer to others twice each would double with every level.
        guard !isUsed[low] else { throw Rejection(.disclosures, "the same digest twice") }
        isUsed[low] = true
        return disclosures[low].disclosure
    }

    static func isReserved(_ name: String) -> Bool {
        JSONObject.isSame(name, "_sd") || JSONObject.isSame(name, "...")
    }

    static func mentionsDigests(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object): object.members.contains { isReserved($0.name) || mentionsDigests($0.value) }
        case .array(let elements): elements.contains(where: mentionsDigests)
        default: false
        }
    }
}

/// A SHA-256 digest, to find one among many without hashing it again.
private struct DisclosureDigest: Equatable, Comparable {
    private let (a, b, c, d): (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter bytes: 32 of them.
    init(_ bytes: [UInt8]) {
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        (a, b, c, d) = (word(0), word(8), word(16), word(24))
    }

    static func < (one: DisclosureDigest, other: DisclosureDigest) -> Bool {
        (one.a, one.b, one.c, one.d) < (other.a, other.b, other.c, other.d)
    }
}
