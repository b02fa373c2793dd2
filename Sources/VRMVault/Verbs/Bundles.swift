public import VRMBundle
import VRMCrypto
public import VRMModel

// MARK: Looking

/// Something that was made and can leave: its record, its bundle and how far it got.
public enum Outgoing: Sendable {
    case offer(OfferedTerms)
    case grant(Grant)
    case revocation(Revocation)
    case request(RightsRequest)

    public var id: RecordID {
        switch self {
        case .offer(let offer): offer.id
        case .grant(let grant): grant.id
        case .revocation(let revocation): revocation.id
        case .request(let request): request.id
        }
    }

    public var bundle: RecordID {
        switch self {
        case .offer(let offer): offer.bundle
        case .grant(let grant): grant.bundle
        case .revocation(let revocation): revocation.bundle
        case .request(let request): request.bundle
        }
    }

    public var relationship: RecordID {
        switch self {
        case .offer(let offer): offer.relationship
        case .grant(let grant): grant.relationship
        case .revocation(let revocation): revocation.relationship
        case .request(let request): request.relationship
        }
    }

    public var made: Instant {
        switch self {
        case .offer(let offer): offer.made
        case .grant(let grant): grant.made
        case .revocation(let revocation): revocation.at
        case .request(let request): request.made
        }
    }

    public var sent: Day? {
        switch self {
        case .offer(let offer): offer.sent
        case .grant(let grant): grant.sent
        case .revocation(let revocation): revocation.sent
        case .request(let request): request.sent
        }
    }
}

extension Vault {
    /// What was made under an id or an unambiguous start of one (4 digits at least).
    ///
    /// - Throws: ``VaultFailure/unknownRecord``, ``VaultFailure/ambiguousRecord``.
    public func outgoing(_ selector: String) throws(VaultFailure) -> Outgoing {
        if let id = RecordID(selector), let found = try outgoing(id) { return found }
        guard selector.utf8.count >= 4 else { throw .unknownRecord }
        let kinds: [RecordKind] = [.offer, .grant, .revocation, .request]
        var matches: [RecordID] = []
        for kind in kinds {
            matches += try store.titles(of: kind).map(\.id).filter { $0.description.hasPrefix(selector.lowercased()) }
        }
        guard matches.count <= 1 else { throw .ambiguousRecord }
        guard let id = matches.first, let found = try outgoing(id) else { throw .unknownRecord }
        return found
    }

    private func outgoing(_ id: RecordID) throws(VaultFailure) -> Outgoing? {
        if let offer = try load(OfferedTerms.self, id) { return .offer(offer) }
        if let grant = try load(Grant.self, id) { return .grant(grant) }
        if let revocation = try load(Revocation.self, id) { return .revocation(revocation) }
        if let request = try load(RightsRequest.self, id) { return .request(request) }
        return nil
    }

    public func relationship(_ id: RecordID) throws(VaultFailure) -> Relationship { try need(Relationship.self, id) }

    /// The file of a bundle, the same bytes as when it was made.
    ///
    /// - Returns: Also how many Disclosures are gone because their value was removed since.
    public func file(ofBundle id: RecordID) throws(VaultFailure) -> (bytes: [UInt8], missing: Int) {
        let kept = try need(KeptBundle.self, id)
        var disclosures: [String]?
        if let ids = kept.disclosures {
            disclosures = []
            for id in ids {
                if let disclosure = try load(KeptDisclosure.self, id) { disclosures?.append(disclosure.encoded) }
            }
        }
        let signed = SignedBundle(
            protected: kept.protected, payload: kept.payload, signature: kept.signature, disclosures: disclosures, jti: kept.jti)
        return (signed.flattened, (kept.disclosures?.count ?? 0) - (disclosures?.count ?? 0))
    }

    /// What is kept of a request's letter.
    public func letter(of request: RightsRequest) throws(VaultFailure) -> LetterDraft {
        try need(KeptLetter.self, request.letter).draft
    }

    /// The keys trusted for a company; empty when there are none.
    public func trustedKeys(of relationship: Relationship) throws(VaultFailure) -> [PinnedKey] {
        try children(CompanyKeys.self, of: relationship.id).last?.keys ?? []
    }

    /// What to recall and to demand when verifying a company's answer.
    ///
    /// - Throws: ``VaultFailure/unknownAgreement`` when it answers nothing of ours, ``VaultFailure/noCompanyKey(_:)``.
    public func expectation(of answer: Unverified, _ type: TokenType, at now: Instant) throws -> (Recollection, Policy) {
        guard let jti = answer.payload?["ref"]?.object?["jti"]?.string,
            let target = try store.find(.bundleID, Array(jti.utf8)).first
        else { throw VaultFailure.unknownAgreement }
        let kept = try need(KeptBundle.self, target)
        let relationship = try relationship(kept.relationship)
        let keys = try trustedKeys(of: relationship)
        guard !keys.isEmpty else { throw VaultFailure.noCompanyKey(relationship.company.domain) }
        guard answer.issuer == relationship.company.origin.description else { throw VaultFailure.keyOfAnother }
        let ours = try Verifier(Policy(audience: nil, ignoresExpiry: true)).verify(
            file(ofBundle: target).bytes, recalling: Recollection(), at: now)
        var recollection = Recollection(pinned: keys)
        recollection.seen = try answer.jti.flatMap { try store.find(.bundleID, Array($0.utf8)).first }.map {
            try need(KeptBundle.self, $0).reference.s256
        }
        return (recollection, Policy(audience: ours.common.iss, types: [type], references: [ours], remembers: true))
    }
}

// MARK: Changing

extension Change {
    /// Signs under the pairwise key of a relationship, making it at the first use.
    func issuing<Result>(
        to relationship: Relationship, _ sign: (borrowing PersonIssuer) throws -> Result
    ) throws -> Result {
        let key: KeptSigningKey
        if let kept = try vault.children(KeptSigningKey.self, of: relationship.id).last {
            key = kept
        } else {
            key = KeptSigningKey(id: Change.newID(), relationship: relationship.id, seed: Random.bytes(SigningKey.seedBytes))
            try save(key, in: relationship.id)
        }
        var seed = key.seed
        let secret = SecretBytes(copying: seed)
        wipe(&seed)
        return try sign(PersonIssuer(seed: secret, audience: relationship.company.origin, now: now))
    }

    /// Keeps a bundle, each Disclosure under the key of the value in it.
    ///
    /// - Parameter versions: Beside each Disclosure: the version its value came from; nil for one of the relationship's own.
    func keep(
        _ signed: SignedBundle, _ type: TokenType, in relationship: RecordID, versions: [RecordID?] = [], isReceived: Bool = false
    ) throws(VaultFailure) -> KeptBundle {
        var ids: [RecordID]?
        if let disclosures = signed.disclosures {
            ids = []
            for (encoded, version) in zip(disclosures, versions) {
                let kept = KeptDisclosure(id: Change.newID(), encoded: encoded)
                if let version, let header = try store.header(version) {
                    try save(kept, key: header.key)
                    try store.file(kept.id, .child, Vault.childKey(version, .disclosure))
                } else {
                    try save(kept, key: try key(of: relationship))
                }
                ids?.append(kept.id)
            }
        }
        let bundle = KeptBundle(
            id: Change.newID(), relationship: relationship, type: type, signed: signed, disclosures: ids, isReceived: isReceived)
        try save(bundle, in: relationship)
        try store.file(bundle.id, .bundleID, Array(bundle.jti.utf8))
        return bundle
    }

    /// Notes that something made was sent. Saying it again with the same day changes nothing.
    ///
    /// - Throws: ``VaultFailure/sentBeforeMade``, ``VaultFailure/notSendable``.
    public func markSent(_ outgoing: Outgoing, on day: Day) throws(VaultFailure) {
        guard outgoing.sent != day else { return }
        guard day >= outgoing.made.day else { throw .sentBeforeMade }
        let relationship = try vault.relationship(outgoing.relationship)
        switch outgoing {
        case .offer(var offer):
            offer.sent = day
            try save(offer, in: relationship.id)
        case .grant(var grant):
            guard grant.revocation == nil else { throw .notSendable }
            grant.sent = day
            try save(grant, in: relationship.id)
        case .revocation(var revocation):
            revocation.sent = day
            try save(revocation, in: relationship.id)
        case .request(var request):
            request.sent = day
            try save(request, in: relationship.id)
        }
        try record(.sent, relationship, records: [outgoing.id], detail: [day.description])
    }
}
