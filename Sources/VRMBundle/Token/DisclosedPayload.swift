import VRMCrypto

/// A payload with its Disclosures put in place (RFC 9901 §7.1).
struct DisclosedPayload {
    private let payload: JSONNode
    /// The members below which Disclosures stood.
    private var opened: [JSONObject.Member] = []

    /// - Parameter containers: The members below which Disclosures may stand; anywhere else they are refused.
    /// - Throws: A ``Rejection`` of B-12.
    init(_ payload: JSONNode, of bundle: Unverified, containers: [String]) throws(Rejection) {
        self.payload = payload
        let text = payload.text
        guard let algorithm = payload["_sd_alg"], algorithm.kind == .string, text.says(algorithm.index, "sha-256") else {
            throw Rejection(.disclosures, "_sd_alg must be sha-256")
        }
        var unpacking = try Unpacking(bundle)
        var insides: [Range<Int>] = []
        for name in containers {
            guard let value = payload[name] else { continue }
            guard value["_sd"]?.kind == .array else { throw Rejection(.disclosures, "\(name) has no list of digests") }
            let inside = try unpacking.unpack(value.index, at: nil, depth: 1)
            opened.append(JSONObject.Member(name: name, value: inside))
            insides.append(value.index..<text.end(value.index))
        }
        for place in payload.index..<text.end(payload.index) where text.places[place].kind == .name {
            guard !Unpacking.isReserved(place, in: text) || insides.contains(where: { $0.contains(place) }) else {
                throw Rejection(.disclosures, "a digest where none may stand")
            }
        }
        try unpacking.finish()
    }

    /// What stands below one of the containers.
    subscript(_ container: String) -> JSONObject? {
        opened.first { JSONObject.isSame($0.name, container) }?.value.object
    }

    /// Without `_sd` and `_sd_alg`.
    var claims: JSONObject {
        JSONObject(
            members: JSONObject(payload).members.compactMap { member in
                guard !JSONObject.isSame(member.name, "_sd_alg") else { return nil }
                return opened.first { JSONObject.isSame($0.name, member.name) } ?? member
            })
    }

    /// The members that came from the Disclosures of the same bundle, by their path (`data.email`).
    func disclosed(of bundle: Unverified) -> [(path: String, value: JSONValue)] {
        guard var unpacking = try? Unpacking(bundle) else { return [] }
        for container in opened {
            guard let value = payload[container.name] else { continue }
            _ = try? unpacking.unpack(value.index, at: container.name, depth: 1)
        }
        return unpacking.disclosed
    }
}

/// Puts Disclosures where their digests stand, below any value (RFC 9901 §7.1, step 3).
struct Unpacking {
    /// Of the payload and of all Disclosures.
    private let text: JSONText
    /// By their digests, in order.
    private var disclosures: [(digest: DisclosureDigest, parts: Disclosure.Parts, isUsed: Bool)] = []
    private var digests: [DisclosureDigest] = []
    private(set) var disclosed: [(path: String, value: JSONValue)] = []

    init(_ bundle: Unverified) throws(Rejection) {
        text = bundle.text
        let ranges = bundle.envelope.disclosureRanges
        disclosures.reserveCapacity(ranges.count)
        for (range, content) in zip(ranges, bundle.opened) {
            let digest = DisclosureDigest(of: bundle.envelope.part(range))
            disclosures.append((digest, try Disclosure.Parts(content, in: text), false))
        }
        disclosures.sort { $0.digest < $1.digest }
        for (one, next) in zip(disclosures, disclosures.dropFirst()) where one.digest == next.digest {
            throw Rejection(.disclosures, "the same Disclosure twice")
        }
        digests.reserveCapacity(disclosures.count)
    }

    /// Whether every Disclosure was referred to, and no digest stands twice.
    mutating func finish() throws(Rejection) {
        guard disclosures.allSatisfy(\.isUsed) else { throw Rejection(.disclosures, "a Disclosure nothing refers to") }
        digests.sort()
        for (one, next) in zip(digests, digests.dropFirst()) where one == next {
            throw Rejection(.disclosures, "the same digest twice")
        }
    }

    /// - Parameter path: Of the value, to have what it discloses listed; nil to pass that over.
    mutating func unpack(_ value: Int, at path: String?, depth: Int) throws(Rejection) -> JSONValue {
        // A Disclosure may hold digests of others: the cap of the parser holds for the whole as well.
        guard depth <= Limits.jsonDepth else { throw Rejection(.disclosures, "nested more than \(Limits.jsonDepth) deep") }
        switch text.places[value].kind {
        case .object: return .object(try unpack(object: value, at: path, depth: depth))
        case .array:
            var out: [JSONValue] = []
            for element in text.elements(value) {
                let place = path.map { $0 + "[\(out.count)]" }
                guard let digest = text.member("...", of: element) else {
                    out.append(try unpack(element, at: place, depth: depth + 1))
                    continue
                }
                guard text.end(digest) == text.end(element), digest == element + 2 else {
                    throw Rejection(.disclosures, "an array digest with company")
                }
                guard let parts = try take(digest) else { continue }
                guard parts.name == nil else { throw Rejection(.disclosures, "a member Disclosure in an array") }
                out.append(try unpack(disclosed: parts, at: place, depth: depth))
            }
            return .array(out)
        default: return text.value(value)
        }
    }

    private mutating func unpack(object: Int, at path: String?, depth: Int) throws(Rejection) -> JSONObject {
        var members: [JSONObject.Member] = []
        let list = text.member("_sd", of: object)
        members.reserveCapacity(text.count(object) + (list.map(text.count) ?? 0))
        for place in text.names(object) where !text.says(place, "_sd") {
            guard !text.says(place, "...") else { throw Rejection(.disclosures, "... as a member name") }
            let name = text.said(place)
            let inner = try unpack(place + 1, at: path.map { $0 + Unpacking.step(name, place) }, depth: depth + 1)
            members.append(JSONObject.Member(name: name, value: inner))
        }
        guard let list else { return JSONObject(members: members) }
        guard text.places[list].kind == .array else { throw Rejection(.disclosures, "_sd is no array") }
        for digest in text.elements(list) {
            guard let parts = try take(digest) else { continue }
            guard let name = parts.name.map(text.said) else { throw Rejection(.disclosures, "an array Disclosure as a member") }
            guard !members.contains(where: { JSONObject.isSame($0.name, name) }) else {
                throw Rejection(.disclosures, "a Disclosure that collides with a member")
            }
            let inner = try unpack(disclosed: parts, at: path.map { $0 + Unpacking.step(name, digest) }, depth: depth)
            members.append(JSONObject.Member(name: name, value: inner))
        }
        return JSONObject(members: members)
    }

    /// A name in a path. Of an endless one only the beginning, and which it is: it would be there once for each value below it.
    private static func step(_ name: String, _ place: Int) -> String {
        name.utf8.count <= 256 ? "." + name : ".\(name.prefix(64))…#\(place)"
    }

    private mutating func unpack(
        disclosed parts: Disclosure.Parts, at path: String?, depth: Int
    ) throws(Rejection) -> JSONValue {
        let inner = try unpack(parts.value, at: path, depth: depth + 1)
        if let path { disclosed.append((path, inner)) }
        return inner
    }

    private mutating func take(_ digest: Int) throws(Rejection) -> Disclosure.Parts? {
        guard text.places[digest].kind == .string,
            let digest = text.utf8(digest).withUnsafeBufferPointer(DisclosureDigest.init(encoded:))
        else {
            throw Rejection(.disclosures, "a digest is not 32 bytes in base64url")
        }
        digests.append(digest)
        var (low, high) = (0, disclosures.count)
        while low < high {
            let middle = (low + high) / 2
            if disclosures[middle].digest < digest { low = middle + 1 } else { high = middle }
        }
        guard low < disclosures.count, disclosures[low].digest == digest else { return nil }
        // At once: Disclosures that refer to others twice each would double with every level.
        guard !disclosures[low].isUsed else { throw Rejection(.disclosures, "the same digest twice") }
        disclosures[low].isUsed = true
        return disclosures[low].parts
    }

    /// - Parameter place: Of a name, or of a string that is to be one.
    static func isReserved(_ place: Int, in text: JSONText) -> Bool { text.says(place, "_sd") || text.says(place, "...") }
}
