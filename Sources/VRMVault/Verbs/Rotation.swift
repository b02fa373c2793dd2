public import VRMBundle
import VRMCrypto
public import VRMModel

extension Vault {
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
    public func rotateKey(towards relationship: Relationship) throws -> (thumbprint: String, SignedBundle) {
        let fresh = KeptSigningKey(id: Change.newID(), relationship: relationship.id, seed: Random.bytes(SigningKey.seedBytes))
        return try rotateKey(towards: relationship, to: fresh)
    }

    func rotateKey(towards relationship: Relationship, to fresh: KeptSigningKey) throws -> (thumbprint: String, SignedBundle) {
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
        return (thumbprint, signed)
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
