public import VRMModel

/// The keys a company publishes: a JWKS (RFC 7517 §5) or an issuer document (`jwt-vc-issuer`) that holds one.
public struct KeyDocument: Sendable {
    /// In the issuer document only: who the keys belong to.
    public let issuer: Origin?
    /// Usable signing keys, each passed the full point check.
    public let keys: [PinnedKey]
    /// Usable keys to seal bundles to, checked likewise.
    public let encryptionKeys: [AgreementJWK]

    /// What is trusted already.
    public init(issuer: Origin, keys: [PinnedKey]) {
        self.issuer = issuer
        self.keys = keys
        encryptionKeys = []
    }

    /// - Throws: ``KeyDocumentFailure``.
    public init(parsing bytes: [UInt8]) throws(KeyDocumentFailure) {
        guard bytes.count <= Limits.keyDocumentBytes else { throw .tooLarge }
        guard let object = (try? JSONParser.parse(bytes))?.object else { throw .notJSON }
        if object["issuer"] != nil {
            guard let text = object["issuer"]?.string, let origin = Origin(text) else { throw .badIssuer }
            issuer = origin
        } else {
            issuer = nil
        }
        let set = object["jwks"]?.object ?? object
        guard let entries = set["keys"]?.array ?? (object["kty"] == nil ? nil : [.object(object)]) else {
            throw object["jwks_uri"] == nil ? .notKeys : .keysElsewhere
        }
        guard entries.count <= Limits.keysInDocument else { throw .tooLarge }
        var keys: [PinnedKey] = []
        var encryptionKeys: [AgreementJWK] = []
        for entry in entries {
            guard let entry = entry.object else { throw .notKeys }
            if entry["d"] != nil { throw .privateKey }
            let use = entry["use"]?.string
            switch (try? entry.token("kty"), try? entry.token("crv")) {
            case ("OKP", "X25519"):
                guard use ?? "enc" == "enc" else { continue }
                guard let key = AgreementJWK(checked: entry) else { throw .badKey }
                encryptionKeys.append(key)
            case ("OKP", "Ed25519"), ("EC", "P-256"):
                guard use ?? "sig" == "sig" else { continue }
                guard let key = try? PublicJWK(checked: entry) else { throw .badKey }
                keys.append(PinnedKey(key, kid: try? entry.token("kid")))
            default: continue
            }
        }
        guard !keys.isEmpty else { throw .noUsableKey }
        let names = keys.map(\.kid) + encryptionKeys.map(\.kid)
        guard Set(names).count == names.count else { throw .duplicateKeyName }
        self.keys = keys
        self.encryptionKeys = encryptionKeys
    }

    /// The JWKS to publish.
    public static func jwks(_ keys: [PinnedKey], sealedTo encryptionKeys: [AgreementJWK]) -> JSONValue {
        [
            "keys": .array(
                keys.map { pinned in
                    var object = pinned.key.json
                    object["kid"] = .string(pinned.kid)
                    object["use"] = "sig"
                    object["alg"] = .string(pinned.key.algorithms[0])
                    return .object(object)
                } + encryptionKeys.map { .object($0.json) })
        ]
    }

    /// The issuer document (SD-JWT VC, "JWT VC Issuer Metadata"), keys by value.
    public static func issuerDocument(_ origin: Origin, _ keys: [PinnedKey], sealedTo encryptionKeys: [AgreementJWK]) -> JSONValue
    {
        ["issuer": .string(origin.description), "jwks": jwks(keys, sealedTo: encryptionKeys)]
    }
}

/// Why a file is no document of public keys.
public enum KeyDocumentFailure: Error, Equatable {
    case tooLarge, notJSON, notKeys, badIssuer, keysElsewhere, privateKey, badKey, noUsableKey, duplicateKeyName
}
