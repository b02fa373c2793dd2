public import VRMCrypto

/// A token as it leaves: its parts, from which every form is put together and nothing is ever encoded again.
public struct SignedBundle: Hashable, Sendable {
    public let protected: String
    public let payload: String
    public let signature: String
    /// In the order they travel. Nil for a token that is no SD-JWT.
    public let disclosures: [String]?
    public let jti: String
    /// The Key Binding JWT of a presentation.
    public let keyBinding: String?
    /// The JWE it travels in; nil when it travels bare.
    public private(set) var sealed: [UInt8]?

    public init(
        protected: String, payload: String, signature: String, disclosures: [String]?, jti: String, keyBinding: String? = nil
    ) {
        self.protected = protected
        self.payload = payload
        self.signature = signature
        self.disclosures = disclosures
        self.jti = jti
        self.keyBinding = keyBinding
    }

    /// The file (RFC 7515 §7.2.2; RFC 9901 §8), without insignificant white space.
    public var flattened: [UInt8] {
        var members: [(String, JSONValue)] = []
        if let disclosures {
            var header = JSONObject([("disclosures", .array(disclosures.map { .string($0) }))])
            header["kb_jwt"] = keyBinding.map { .string($0) }
            members.append(("header", .object(header)))
        }
        members += [("payload", .string(payload)), ("protected", .string(protected)), ("signature", .string(signature))]
        return JSONValue.object(JSONObject(members)).bytes
    }

    /// One line: what verifiers read and what is sealed (RFC 7515 §7.1; RFC 9901 §4).
    public var compact: [UInt8] {
        var text = "\(protected).\(payload).\(signature)"
        for disclosure in disclosures ?? [] { text += "~" + disclosure }
        if disclosures != nil { text += "~" + (keyBinding ?? "") }
        return Array(text.utf8)
    }

    /// What is handed over.
    public var file: [UInt8] { sealed ?? flattened }

    /// The same, sealed to one reader.
    ///
    /// - Throws: ``CryptoFailure/invalidKey`` for a key with which nobody can agree.
    public func sealed(to reader: AgreementJWK) throws(CryptoFailure) -> SignedBundle {
        var copy = self
        copy.sealed = try SealedBundle.seal(self, to: reader)
        return copy
    }

    /// The same in a JWE made before.
    public func travelling(in sealed: [UInt8]) -> SignedBundle {
        var copy = self
        copy.sealed = sealed
        return copy
    }

    public var reference: BundleReference {
        BundleReference(jti: jti, s256: SHA256.digest(Array("\(protected).\(payload)".utf8)))
    }
}
