public import VRMBundle
import VRMCrypto
public import VRMModel

/// A new key of the person's towards one company, signed by the old one.
public struct KeyRotation: Sendable {
    /// That of its bundle.
    public let id: RecordID
    public let relationship: RecordID
    public let made: Instant
    public let sent: Day?

    /// Nil for any other bundle, and for a rotation of the company's.
    init?(_ bundle: KeptBundle) throws(VaultFailure) {
        guard bundle.type == TokenType.rotation.rawValue, !bundle.isReceived,
            let relationship = bundle.relationship
        else { return nil }
        id = bundle.id
        self.relationship = relationship
        made = try bundle.claims.instant("iat")
        sent = bundle.sent
    }
}

extension Vault {
    /// The person's own rotations, towards all companies.
    func rotations() throws(VaultFailure) -> [KeyRotation] {
        var rotations: [KeyRotation] = []
        try store.scan({ $0.kind == .bundle && $0.title == TokenType.rotation.rawValue }) { (id, _, body) throws(VaultFailure) in
            if let rotation = try KeyRotation(KeptBundle(id: id, Vault.object(body))) { rotations.append(rotation) }
        }
        return rotations
    }

    /// What to recall and to demand when verifying a company's statement that it has a new key.
    ///
    /// - Throws: ``VaultFailure/noCompanyKey(_:)``, ``VaultFailure/keyOfAnother``.
    public func expectation(ofRotation statement: Unverified, by relationship: Relationship, at now: Instant) throws -> (
        Recollection, Policy
    ) {
        let (recollection, policy) = try expectation(of: statement, .rotation, from: relationship, about: nil, at: now)
        return (recollection, policy)
    }
}

extension Change {
    /// Puts a fresh pairwise key in place of the one a company knows. The old one signs that, and nothing more ever.
    ///
    /// - Throws: ``VaultFailure/nothingSigned(_:)`` when the company knows no key yet.
    public func rotateKey(
        towards relationship: Relationship
    ) throws -> (rotation: KeyRotation, thumbprint: String, signed: SignedBundle) {
        let fresh = KeptSigningKey(id: Change.newID(), relationship: relationship.id, seed: Random.bytes(SigningKey.seedBytes))
        return try rotateKey(towards: relationship, to: fresh)
    }

    func rotateKey(
        towards relationship: Relationship, to fresh: KeptSigningKey
    ) throws -> (rotation: KeyRotation, thumbprint: String, signed: SignedBundle) {
        let old = try vault.children(KeptSigningKey.self, of: relationship.id)
        guard !old.isEmpty else { throw VaultFailure.nothingSigned(relationship.company.domain) }
        let seed = SecretBytes(copying: fresh.seed)
        // As long as anything under the old key may still be looked at.
        let ends = now.day.adding(days: 1094).start
        let signed = try signing(to: relationship) { try $0.sign(rotationTo: seed, ends: ends) }
        for key in old { try drop(key, in: relationship.id) }
        try save(fresh, in: relationship.id)
        let bundle = try keep(signed, .rotation, in: relationship.id)
        let thumbprint = PublicJWK.ed25519(try SigningKey(seed: seed).publicKey).thumbprint
        try record(
            .keyRotated, relationship, records: [fresh.id, bundle.id], evidence: signed.reference.s256, detail: [thumbprint])
        guard let rotation = try KeyRotation(bundle) else { throw VaultFailure.damaged(.row) }
        return (rotation, thumbprint, signed)
    }

    /// Trusts the key that a company's verified statement names, in place of the one that signed it.
    public func follow(rotation bundle: VerifiedBundle, of relationship: Relationship) throws(VaultFailure) {
        guard let successor = bundle.successor, !bundle.isReplay else { return }
        let signed = SignedBundle(
            protected: bundle.envelope.protected, payload: bundle.envelope.payload, signature: bundle.envelope.signature,
            disclosures: nil, jti: bundle.common.jti)
        _ = try keep(signed, .rotation, in: relationship.id, isReceived: true)
        try trust(try vault.trustedKeys(of: relationship) + [successor.key], of: relationship, retiring: bundle.key)
    }
}
