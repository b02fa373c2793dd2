public import VRMModel

/// The keys a company publishes: a JWKS (RFC 7517 §5) or an issuer document (`jwt-vc-issuer`) that holds one.
public struct KeyDocument: Sendable {
    /// In the issuer document only: who the keys belong to.
    public let issuer: Origin?
    /// Usable signing keys, each passed the full point check.
    public let keys: [PinnedKey]

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
        for entry in entries {
            guard let entry = entry.object else { throw .notKeys }
            if entry["d"] != nil { throw .privateKey }
            if let use = entry["use"]?.string, use != "sig" { continue }
            guard let kty = entry["kty"]?.string, ["OKP", "EC"].contains(kty) else { continue }
            guard let key = try? PublicJWK(checked: entry) else { throw .badKey }
            let kid = try? entry.token("kid")
            keys.append(PinnedKey(key, kid: kid))
        }
        guard !keys.isEmpty else { throw .noUsableKey }
        guard Set(keys.map(\.kid)).count == keys.count else { throw .duplicateKeyName }
        self.keys = keys
    }

    /// The JWKS of one key, for publishing.
    public static func jwks(_ keys: [PinnedKey]) -> JSONValue {
        [
            "keys": .array(
                keys.map { pinned in
                    var object = pinned.key.json
                    object["kid"] = .string(pinned.kid)
                    object["use"] = "sig"
                    object["alg"] = .string(pinned.key.algorithms[0])
                    return .object(object)
                })
        ]
    }

    /// The issuer document (SD-JWT VC, "JWT VC Issuer Metadata"), keys by value.
    public static func issuerDocument(_ origin: Origin, _ keys: [PinnedKey]) -> JSONValue {
        ["issuer": .string(origin.description), "jwks": jwks(keys)]
    }
}

/// Why a file is no document of public keys.
public enum KeyDocumentFailure: Error, Equatable {
    case tooLarge, notJSON, notKeys, badIssuer, keysElsewhere, privateKey, badKey, noUsableKey, duplicateKeyName
}
