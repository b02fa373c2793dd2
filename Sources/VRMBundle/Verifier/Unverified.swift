import VRMCrypto
public import VRMModel

/// A bundle taken apart but not judged: what it claims to be, for looking up what is remembered, and for showing.
///
/// A class: it is handed on and kept, and each of its parts would be counted each time.
public final class Unverified: Sendable {
    public let envelope: Envelope
    /// It arrived in a JWE. That proves nothing about the sender.
    public let wasSealed: Bool
    /// Header, payload and Disclosures, one behind the other.
    let text: JSONText
    let headerBytes: Int
    let signature: [UInt8]
    let signingInput: [UInt8]
    /// SHA-256 of the signing input.
    public let s256: [UInt8]

    /// - Parameter keys: What opens it when it is sealed.
    /// - Throws: A ``Rejection`` of B-01 to B-03, or of B-17.
    public init(parsing bytes: [UInt8], opening keys: [OpeningKey] = []) throws(Rejection) {
        wasSealed = SealedBundle.looksSealed(bytes)
        let envelope = try Envelope(parsing: wasSealed ? try SealedBundle.open(bytes, with: keys) : bytes)
        self.envelope = envelope
        let letters = envelope.disclosureRanges.reduce(envelope.protectedRange.count + envelope.payloadRange.count) {
            $0 + $1.count
        }
        // Header, payload and Disclosures, one behind the other.
        var decoded = [UInt8](repeating: 0, count: Base64URL.byteCount(letters))
        var texts: [Range<Int>] = []
        texts.reserveCapacity(2 + envelope.disclosureRanges.count)
        func place(_ number: Int) -> String { number == 0 ? "the header" : number == 1 ? "the payload" : "a Disclosure" }
        func decode(_ range: Range<Int>) throws(Rejection) {
            let start = texts.last?.upperBound ?? 0
            guard Base64URL.decode(envelope.part(range), into: &decoded, at: start) else {
                throw Rejection(.base64url, "in \(place(texts.count))")
            }
            texts.append(start..<start + Base64URL.byteCount(range.count))
        }
        try decode(envelope.protectedRange)
        try decode(envelope.payloadRange)
        guard let signature = Base64URL.decode(envelope.part(envelope.signatureRange)) else {
            throw Rejection(.base64url, "in the signature")
        }
        self.signature = signature
        for range in envelope.disclosureRanges { try decode(range) }
        text = try StrictJSON.parse(decoded, texts, in: place)
        headerBytes = Base64URL.byteCount(envelope.protectedRange.count)
        signingInput = envelope.signingInput
        s256 = SHA256.digest(signingInput)
    }

    /// The header's members; nil when it is no object. UNVERIFIED.
    public var header: JSONObject? { JSONNode(text: text, index: 0).object }

    /// The payload as it stands; nil when it is no object. UNVERIFIED.
    var signed: JSONNode? {
        let node = JSONNode(text: text, index: text.end(0))
        return node.kind == .object ? node : nil
    }

    /// The places of what the Disclosures hold, in their order. UNVERIFIED.
    var opened: JSONText.Steps { text.values(from: text.end(text.end(0))) }

    /// The payload's members. UNVERIFIED.
    public var payload: JSONObject? { signed?.object }

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
            for (encoded, content) in zip(envelope.disclosures, opened) {
                out.append(try Disclosure(encoded: encoded, content, in: text))
            }
            return out
        }
    }

    /// The payload with its Disclosures in place, for showing. UNVERIFIED.
    ///
    /// - Throws: A ``Rejection`` of B-12.
    public var unpacked: JSONObject? {
        get throws(Rejection) {
            guard let signed else { return nil }
            let containers = TokenType.allCases.flatMap(\.disclosable)
            return try DisclosedPayload(signed, of: self, containers: containers).claims
        }
    }
}
