import VRMCrypto
public import VRMModel

/// A bundle taken apart but not judged: what it claims to be, for looking up what is remembered, and for showing.
public struct Unverified: Sendable {
    public let envelope: Envelope
    /// The payload as it stands. UNVERIFIED.
    public let payload: JSONObject?
    /// It arrived in a JWE. That proves nothing about the sender.
    public let wasSealed: Bool
    /// The header's members. UNVERIFIED.
    public let header: JSONObject?
    let headerBytes: Int
    let signature: [UInt8]
    let signingInput: [UInt8]
    /// SHA-256 of the signing input.
    public let s256: [UInt8]
    private let disclosed: [JSONValue]

    /// - Parameter keys: What opens it when it is sealed.
    /// - Throws: A ``Rejection`` of B-01 to B-03, or of B-17.
    public init(parsing bytes: [UInt8], opening keys: [OpeningKey] = []) throws(Rejection) {
        wasSealed = SealedBundle.looksSealed(bytes)
        envelope = try Envelope(parsing: wasSealed ? try SealedBundle.open(bytes, with: keys) : bytes)
        func decode(_ text: String, _ place: String) throws(Rejection) -> [UInt8] {
            guard let bytes = Base64URL.decode(text.utf8) else { throw Rejection(.base64url, "in \(place)") }
            return bytes
        }
        let head = try decode(envelope.protected, "the header")
        let body = try decode(envelope.payload, "the payload")
        signature = try decode(envelope.signature, "the signature")
        var parts: [[UInt8]] = []
        parts.reserveCapacity(envelope.disclosures.count)
        for text in envelope.disclosures { parts.append(try decode(text, "a Disclosure")) }
        header = try StrictJSON.parse(head, in: "the header").object
        payload = try StrictJSON.parse(body, in: "the payload").object
        var disclosed: [JSONValue] = []
        disclosed.reserveCapacity(parts.count)
        for part in parts { disclosed.append(try StrictJSON.parse(part, in: "a Disclosure")) }
        self.disclosed = disclosed
        headerBytes = head.count
        signingInput = envelope.signingInput
        s256 = SHA256.digest(signingInput)
    }

    public var issuer: String? { payload?["iss"]?.string }
    public var audience: String? { payload?["aud"]?.string }
    public var jti: String? { payload?["jti"]?.string }
    public var issuedAt: Instant? { payload?["iat"]?.integer.map { Instant(seconds: $0) } }

    public var reference: BundleReference? { jti.map { BundleReference(jti: $0, s256: s256) } }

    /// The person it is from or for.
    public var person: String? {
        [issuer, audience].compactMap { $0 }.first { $0.utf8.starts(with: PairwiseIssuer.prefix.utf8) }
    }

    /// Whom its Key Binding JWT says it is shown to.
    var shownTo: String? { envelope.keyBinding.flatMap { CompactToken($0)?.payload["aud"]?.string } }

    /// The Disclosures as they came. UNVERIFIED.
    ///
    /// - Throws: A ``Rejection`` of B-12 when one is no Disclosure.
    public var disclosures: [Disclosure] {
        get throws(Rejection) {
            var out: [Disclosure] = []
            for (encoded, json) in zip(envelope.disclosures, disclosed) { out.append(try Disclosure(encoded: encoded, json)) }
            return out
        }
    }

    /// The payload with its Disclosures in place, for showing. UNVERIFIED.
    ///
    /// - Throws: A ``Rejection`` of B-12.
    public var unpacked: JSONObject? {
        get throws(Rejection) {
            guard let payload else { return nil }
            let containers = TokenType.allCases.flatMap(\.disclosable)
            return try DisclosedPayload(payload, disclosures: try disclosures, containers: containers).claims
        }
    }
}
