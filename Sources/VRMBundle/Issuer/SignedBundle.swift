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
        BundleReference(jti: jti, s256: SHA256.digest(SignedBundle.signingInput(protected, payload)))
    }

    /// RFC 7515 §5.1.
    static func signingInput(_ protected: String, _ payload: String) -> [UInt8] {
        var input: [UInt8] = []
        input.reserveCapacity(protected.utf8.count + 1 + payload.utf8.count)
        input += protected.utf8
        input.append(UInt8(ascii: "."))
        input += payload.utf8
        return input
    }
}

extension SignedBundle {
    /// Signs.
    init(
        _ header: TokenHeader, with key: borrowing TokenKey, disclosures: [String]?, jti: String,
        claims: (inout JSONWriter) -> Void
    ) {
        var json = JSONWriter(reserving: 1024)
        json.object(claims)
        let (protected, payload) = (header.encoded, json.base64URL)
        let signature = Base64URL.encode(key.sign(SignedBundle.signingInput(protected, payload)))
        self.init(protected: protected, payload: payload, signature: signature, disclosures: disclosures, jti: jti)
    }
}
