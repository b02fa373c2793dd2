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
    case message(Correspondence)
    case rotation(KeyRotation)
    case followUp(FollowUp)

    public var id: RecordID {
        switch self {
        case .offer(let offer): offer.id
        case .grant(let grant): grant.id
        case .revocation(let revocation): revocation.id
        case .request(let request): request.id
        case .message(let message): message.id
        case .rotation(let rotation): rotation.id
        case .followUp(let letter): letter.id
        }
    }

    public var bundle: RecordID {
        switch self {
        case .offer(let offer): offer.bundle
        case .grant(let grant): grant.bundle
        case .revocation(let revocation): revocation.bundle
        case .request(let request): request.bundle
        case .message(let message): message.bundle
        case .rotation(let rotation): rotation.id
        case .followUp(let letter): letter.bundle
        }
    }

    /// The letter that is kept of it.
    public var letter: RecordID? {
        switch self {
        case .request(let request): request.letter
        case .followUp(let letter): letter.letter
        default: nil
        }
    }

    public var relationship: RecordID {
        switch self {
        case .offer(let offer): offer.relationship
        case .grant(let grant): grant.relationship
        case .revocation(let revocation): revocation.relationship
        case .request(let request): request.relationship
        case .message(let message): message.relationship
        case .rotation(let rotation): rotation.relationship
        case .followUp(let letter): letter.relationship
        }
    }

    public var made: Instant {
        switch self {
        case .offer(let offer): offer.made
        case .grant(let grant): grant.made
        case .revocation(let revocation): revocation.at
        case .request(let request): request.made
        case .message(let message): message.at
        case .rotation(let rotation): rotation.made
        case .followUp(let letter): letter.made
        }
    }

    public var sent: Day? {
        switch self {
        case .offer(let offer): offer.sent
        case .grant(let grant): grant.sent
        case .revocation(let revocation): revocation.sent
        case .request(let request): request.sent
        case .message(let message): message.sent
        case .rotation(let rotation): rotation.sent
        case .followUp(let letter): letter.sent
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
        let kinds: [RecordKind] = [.offer, .grant, .revocation, .request, .message, .followUp]
        var matches: [RecordID] = []
        for kind in kinds {
            matches += try store.titles(of: kind).map(\.id).filter { $0.description.hasPrefix(selector.lowercased()) }
        }
        matches += try rotations().map(\.id).filter { $0.description.hasPrefix(selector.lowercased()) }
        guard matches.count <= 1 else { throw .ambiguousRecord }
        guard let id = matches.first, let found = try outgoing(id) else { throw .unknownRecord }
        return found
    }

    private func outgoing(_ id: RecordID) throws(VaultFailure) -> Outgoing? {
        if let offer = try load(OfferedTerms.self, id) { return .offer(offer) }
        if let grant = try load(Grant.self, id) { return .grant(grant) }
        if let revocation = try load(Revocation.self, id) { return .revocation(revocation) }
        if let request = try load(RightsRequest.self, id) { return .request(request) }
        if let message = try load(Correspondence.self, id), !message.isReceived { return .message(message) }
        if let bundle = try load(KeptBundle.self, id), let rotation = try KeyRotation(bundle) { return .rotation(rotation) }
        if let letter = try load(FollowUp.self, id) { return .followUp(letter) }
        return nil
    }

    public func relationship(_ id: RecordID) throws(VaultFailure) -> Relationship { try need(Relationship.self, id) }

    /// The file of a bundle, the same bytes as when it was made.
    ///
    /// - Returns: Also how many Disclosures are gone because their value was removed since.
    public func file(ofBundle id: RecordID) throws(VaultFailure) -> (bytes: [UInt8], missing: Int) {
        let (signed, missing) = try signed(bundle: id)
        return (signed.file, missing)
    }

    /// A bundle as it was made, less the Disclosures whose value was removed. Then it is no longer sealed: what only its
    /// reader can open still holds them.
    func signed(bundle id: RecordID) throws(VaultFailure) -> (SignedBundle, missing: Int) {
        let kept = try need(KeptBundle.self, id)
        var disclosures: [String]?
        if let ids = kept.disclosures {
            disclosures = []
            for id in ids {
                if let disclosure = try load(KeptDisclosure.self, id) { disclosures?.append(disclosure.encoded) }
            }
        }
        let signed = SignedBundle(
            protected: kept.protected, payload: kept.payload, signature: kept.signature, disclosures: disclosures, jti: kept.jti,
            keyBinding: kept.keyBinding)
        let missing = (kept.disclosures?.count ?? 0) - (disclosures?.count ?? 0)
        guard missing == 0, let sealed = kept.sealed else { return (signed, missing) }
        return (signed.travelling(in: Array(sealed.utf8)), 0)
    }

    /// What is kept of a letter.
    public func letter(_ id: RecordID) throws(VaultFailure) -> LetterDraft { try need(KeptLetter.self, id).draft }

    /// The keys trusted for a company; empty when there are none.
    public func trustedKeys(of relationship: Relationship) throws(VaultFailure) -> [PinnedKey] {
        try children(CompanyKeys.self, of: relationship.id).last?.keys ?? []
    }

    /// The keys trusted for all companies, each for its own origin.
    public func keyDocuments() throws(VaultFailure) -> [KeyDocument] {
        var documents: [KeyDocument] = []
        for relationship in try companies() {
            let keys = try trustedKeys(of: relationship)
            if !keys.isEmpty { documents.append(KeyDocument(issuer: relationship.company.origin, keys: keys)) }
        }
        return documents
    }

    /// The key that what goes to a company is sealed to; nil when none is trusted.
    public func sealingKey(of relationship: RecordID) throws(VaultFailure) -> AgreementJWK? {
        try children(CompanyKeys.self, of: relationship).last?.encryptionKeys.first
    }

    /// Keys a rotation of the company put out of use.
    func retiredKeys(of relationship: Relationship) throws(VaultFailure) -> [PinnedKey] {
        try children(CompanyKeys.self, of: relationship.id).last?.retired ?? []
    }

    /// All names the person has had towards a company.
    func ownNames(_ relationship: RecordID) throws(VaultFailure) -> Set<String> {
        var names: Set<String> = []
        for bundle in try children(KeptBundle.self, of: relationship) where !bundle.isReceived {
            let claims = try bundle.claims
            if let name = claims["iss"]?.string { names.insert(name) }
            if let new = claims["new"]?.object, let key = try? PublicJWK(unchecked: new) {
                names.insert(PairwiseIssuer.name(key))
            }
        }
        return names
    }

    /// What to recall and to demand when verifying a company's answer.
    ///
    /// - Throws: ``VaultFailure/unknownAgreement`` when it answers nothing of ours, ``VaultFailure/noCompanyKey(_:)``.
    public func expectation(of answer: Unverified, _ type: TokenType, at now: Instant) throws -> (Recollection, Policy) {
        guard let jti = answer.payload?["ref"]?.object?["jti"]?.string,
            let target = try store.find(.bundleID, Array(jti.utf8)).first
        else { throw VaultFailure.unknownAgreement }
        guard let owner = try need(KeptBundle.self, target).relationship else { throw VaultFailure.unknownAgreement }
        return try expectation(of: answer, type, from: try relationship(owner), about: target, at: now)
    }

    /// - Parameter target: The bundle it refers to.
    func expectation(
        of answer: Unverified, _ type: TokenType, from relationship: Relationship, about target: RecordID?, at now: Instant
    ) throws -> (Recollection, Policy) {
        let (keys, retired) = (try trustedKeys(of: relationship), try retiredKeys(of: relationship))
        guard !keys.isEmpty else { throw VaultFailure.noCompanyKey(relationship.company.domain) }
        guard answer.issuer == relationship.company.origin.description else { throw VaultFailure.keyOfAnother }
        var recollection = Recollection(pinned: keys + retired)
        recollection.retired = retired
        recollection.chain = try ownNames(relationship.id)
        recollection.seen = try answer.jti.flatMap { try store.find(.bundleID, Array($0.utf8)).first }.map {
            try need(KeptBundle.self, $0).reference.s256
        }
        var references: [VerifiedBundle] = []
        if let target {
            let named = try Unverified(parsing: try signed(bundle: target).0.flattened)
            let theirs = named.issuer == answer.issuer ? keys + retired : []
            references = [
                try Verifier(Policy(audience: nil)).verify(
                    named, recalling: Recollection(pinned: theirs), at: named.issuedAt ?? now)
            ]
        }
        // It is for us under whichever of our names.
        let own = answer.audience.flatMap { recollection.chain.contains($0) ? $0 : nil } ?? recollection.chain.first ?? ""
        return (recollection, Policy(audience: own, types: [type], references: references, remembers: true))
    }
}

// MARK: Changing

extension Change {
    /// Signs under the pairwise key of a relationship, making it at the first use, and seals as soon as a key of the company
    /// for that is trusted.
    ///
    /// - Parameter seals: False for what others than the company are to read.
    func signing(
        to relationship: Relationship, seals: Bool = true, _ sign: (borrowing PersonIssuer) throws -> SignedBundle
    ) throws -> SignedBundle {
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
        let signed = try sign(PersonIssuer(seed: secret, audience: relationship.company.origin, now: now))
        guard seals, let reader = try vault.sealingKey(of: relationship.id) else { return signed }
        return try signed.sealed(to: reader)
    }

    /// Keeps a bundle, each Disclosure under the key of the value in it.
    ///
    /// - Parameter versions: Beside each Disclosure: the version its value came from; nil for one of the relationship's own.
    func keep(
        _ signed: SignedBundle, _ type: TokenType, in relationship: RecordID, versions: [RecordID?] = [], isReceived: Bool = false
    ) throws(VaultFailure) -> KeptBundle {
        let disclosures = try signed.disclosures.map { (encoded) throws(VaultFailure) in
            try keep(encoded, versions: versions, under: try key(of: relationship))
        }
        let bundle = KeptBundle(
            id: Change.newID(), owner: .relationship(relationship), type: type, signed: signed, disclosures: disclosures,
            isReceived: isReceived)
        try save(bundle, in: relationship)
        try store.file(bundle.id, .bundleID, Array(bundle.jti.utf8))
        return bundle
    }

    /// Keeps Disclosures, each under the key of the value in it.
    ///
    /// - Parameter key: Of those that came from no version.
    func keep(_ disclosures: [String], versions: [RecordID?], under key: RecordID) throws(VaultFailure) -> [RecordID] {
        var ids: [RecordID] = []
        for (encoded, version) in zip(disclosures, versions) {
            let kept = KeptDisclosure(id: Change.newID(), encoded: encoded)
            if let version, let header = try store.header(version) {
                try save(kept, key: header.key)
                try store.file(kept.id, .child, Vault.childKey(version, .disclosure))
            } else {
                try save(kept, key: key)
            }
            ids.append(kept.id)
        }
        return ids
    }

    /// Notes that something made was sent. Saying it again with the same day changes nothing.
    ///
    /// - Throws: ``VaultFailure/sentBeforeMade``, ``VaultFailure/notSendable``, ``RequestRefusal``.
    public func markSent(_ outgoing: Outgoing, on day: Day) throws {
        guard outgoing.sent != day else { return }
        let relationship = try vault.relationship(outgoing.relationship)
        switch outgoing {
        case .request, .followUp: break  // what their history takes
        default: guard day >= outgoing.made.day else { throw VaultFailure.sentBeforeMade }
        }
        switch outgoing {
        case .offer(var offer):
            offer.sent = day
            try save(offer, in: relationship.id)
        case .grant(var grant):
            guard grant.revocation == nil else { throw VaultFailure.notSendable }
            grant.sent = day
            try save(grant, in: relationship.id)
        case .revocation(var revocation):
            revocation.sent = day
            try save(revocation, in: relationship.id)
        case .request(let request):
            _ = try record(RequestEvent(.sent, on: day, recorded: now), on: request)
            return
        case .followUp(var letter):
            let request = try vault.need(RightsRequest.self, letter.request)
            letter.sent = day
            try save(letter, in: relationship.id)
            _ = try record(
                RequestEvent(
                    letter.kind.event, on: day, isContested: letter.kind.contestsQuestion, followUp: letter.id, recorded: now),
                on: request)
            return
        case .message(var message):
            message.sent = day
            try save(message, in: relationship.id)
        case .rotation(let rotation):
            var bundle = try vault.need(KeptBundle.self, rotation.id)
            bundle.sent = day
            try save(bundle, in: relationship.id)
        }
        try record(.sent, relationship, records: [outgoing.id], detail: [day.description])
    }
}
