import VRMCrypto
public import VRMModel

/// A stretch of a hash-chained log, partly redacted. `vrm-evidence+jwt`.
///
/// It proves order and content as of signing: not that the log was never rebuilt, not that nothing of the matter is among the
/// hidden entries, and no time.
public struct EvidencePayload: Hashable, Sendable, JSONMembers {
    public struct Link: Hashable, Sendable, JSONMembers {
        /// Digest of the sealed header.
        public let header: [UInt8]
        /// Commitment to the entry.
        public let commitment: [UInt8]
        /// A salt of 32 bytes and one JSON object; nil where it is redacted.
        public let entry: [UInt8]?
        /// What the signer says of a redacted entry.
        public let said: Statement?

        public init(header: [UInt8], commitment: [UInt8], entry: [UInt8]? = nil, said: Statement? = nil) {
            self.header = header
            self.commitment = commitment
            self.entry = entry
            self.said = said
        }

        func members(_ json: inout JSONWriter) {
            json.member("hdr", base64URL: header)
            json.member("c", base64URL: commitment)
            json.member("entry", base64URL: entry)
            json.member("said", said)
        }

        /// The entry itself, without its salt; nil where it is redacted.
        public var content: JSONObject? {
            guard let entry, entry.count > EvidencePayload.saltBytes else { return nil }
            return (try? StrictJSON.parse(Array(entry[EvidencePayload.saltBytes...]), in: "an entry"))?.object
        }
    }

    /// What an entry is about, in the signer's words. The commitment proves nothing of it until the entry itself is shown.
    public struct Statement: Hashable, Sendable, JSONMembers {
        public let at: Instant
        public let event: String
        /// The digest of what proves the entry.
        public let evidence: [UInt8]?

        public init(at: Instant, event: String, evidence: [UInt8]?) {
            self.at = at
            self.event = event
            self.evidence = evidence
        }
    }

    /// Whose log: 16 bytes.
    public let device: [UInt8]
    /// The number of the first link.
    public let sequence: Int64
    public let before: [UInt8]
    public let links: [Link]
    public let head: [UInt8]

    public init(device: [UInt8], sequence: Int64, before: [UInt8], links: [Link], head: [UInt8]) {
        self.device = device
        self.sequence = sequence
        self.before = before
        self.links = links
        self.head = head
    }

    init(_ claims: JSONObject) throws(Rejection) {
        let chain = try claims.object("chain")
        device = try chain.bytes("dev", 16)
        sequence = try chain.count("seq", from: 1)
        before = try chain.digest("before")
        head = try chain.digest("head")
        var links: [Link] = []
        for entry in try chain.list("links") {
            guard let link = entry.object else { throw Rejection(.members, "a link is no object") }
            var revealed: [UInt8]?
            if link["entry"] != nil {
                guard let bytes = Base64URL.decode(try link.text("entry").utf8) else {
                    throw Rejection(.members, "an entry is no base64url")
                }
                revealed = bytes
            }
            let said = link["said"] == nil ? nil : try Statement(link.object("said"))
            links.append(
                Link(header: try link.digest("hdr"), commitment: try link.digest("c"), entry: revealed, said: said))
        }
        self.links = links
    }

    static let saltBytes = 32

    /// - Throws: A ``Rejection`` of B-20.
    func checkChain() throws(Rejection) {
        guard links.contains(where: { $0.entry != nil || $0.said != nil }) else {
            throw Rejection(.evidence, "nothing is revealed")
        }
        guard sequence <= JSONNumber.safeIntegers.upperBound - Int64(links.count) else {
            throw Rejection(.evidence, "it counts beyond what numbers can")
        }
        var hash = before
        for (offset, link) in links.enumerated() {
            let number = UInt64(sequence) + UInt64(offset)
            let counted = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            hash = BLAKE2b.digest(hash + device + counted + link.header + link.commitment)
            guard let entry = link.entry else { continue }
            guard link.said == nil else { throw Rejection(.evidence, "an entry is shown and told") }
            guard BLAKE2b.digest(entry) == link.commitment else {
                throw Rejection(.evidence, "an entry other than the committed one")
            }
            guard link.content != nil else { throw Rejection(.evidence, "an entry that is no salt and JSON object") }
        }
        guard hash == head else { throw Rejection(.evidence, "the links do not lead to the head") }
    }

    func members(_ json: inout JSONWriter) {
        json.member("chain") { json in
            json.member("dev", base64URL: device)
            json.member("seq", sequence)
            json.member("before", base64URL: before)
            json.member("links", links)
            json.member("head", base64URL: head)
        }
    }
}

extension EvidencePayload.Statement {
    init(_ json: JSONObject) throws(Rejection) {
        self.init(
            at: try json.instant("at"), event: try json.token("event"),
            evidence: json["evidence"] == nil ? nil : try json.digest("evidence"))
    }

    func members(_ json: inout JSONWriter) {
        json.member("at", at.seconds)
        json.member("event", event)
        json.member("evidence", base64URL: evidence)
    }
}
