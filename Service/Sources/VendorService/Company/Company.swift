import VRMBundle
public import VRMModel
public import VRMTerminal

/// Whose service it is: its name, what it publishes, and the keys it signs and opens with.
public final class Company: Sendable {
    private let keys: KeyFolder

    public init(_ keys: consuming KeyFolder) { self.keys = keys }

    public var origin: Origin { keys.origin }
    var document: KeyDocument { keys.document }
    var openingKeys: [OpeningKey] { keys.openingKeys }

    /// `/.well-known/jwt-vc-issuer`.
    var issuerDocument: JSONValue {
        KeyDocument.issuerDocument(origin, document.keys, sealedTo: document.encryptionKeys)
    }

    var jwks: JSONValue { KeyDocument.jwks(document.keys, sealedTo: document.encryptionKeys) }

    func sign<Result>(at now: Instant, _ body: (borrowing CompanyIssuer) throws -> Result) throws -> Result {
        try body(try keys.issuer(at: now))
    }

    /// What the company itself signed before, verified again.
    func own(_ file: String) throws -> VerifiedBundle {
        let bundle = try Unverified(parsing: Array(file.utf8))
        var policy = Policy(audience: nil)
        policy.ignoresExpiry = true
        return try Verifier(policy).verify(
            bundle, recalling: Recollection(pinned: document.keys), at: bundle.issuedAt ?? Instant(seconds: 0))
    }
}
