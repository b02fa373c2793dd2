public import VRMBundle
public import VRMModel

// MARK: Looking

extension Vault {
    /// The relationship with the company a person means by `selector`: its domain, a prefix of it, or its name.
    ///
    /// - Throws: ``VaultFailure/unknownCompany(suggestions:)`` or ``VaultFailure/ambiguousCompany(_:)``.
    public func company(_ selector: String) throws(VaultFailure) -> Relationship {
        if let domain = Domain(selector), let found = try company(domain) { return found }
        let wanted = selector.lowercased()
        let all = try companies()
        let exact = all.filter { $0.company.name.lowercased() == wanted }
        if exact.count == 1 { return exact[0] }
        let matches = all.filter {
            $0.company.domain.description.hasPrefix(wanted) || $0.company.name.lowercased().hasPrefix(wanted)
                || $0.id.description.hasPrefix(wanted) && wanted.utf8.count >= 4
        }
        if matches.count == 1 { return matches[0] }
        if matches.count > 1 { throw .ambiguousCompany(matches.map(\.company.domain.description).sorted()) }
        let near = all.map { (editDistance(wanted, $0.company.domain.description), $0.company.domain.description) }
            .filter { $0.0 <= 2 }.sorted { $0 < $1 }
        throw .unknownCompany(suggestions: near.prefix(3).map(\.1))
    }

    public func company(_ domain: Domain) throws(VaultFailure) -> Relationship? {
        guard let id = try store.find(.companyDomain, Array(domain.description.utf8)).first else { return nil }
        return try need(Relationship.self, id)
    }

    /// The domains of all companies, from what lists show alone.
    public func companyDomains() throws(VaultFailure) -> [Domain] {
        try store.titles(of: .relationship).compactMap { Domain($0.title) }.sorted()
    }

    /// All relationships, by domain.
    public func companies() throws(VaultFailure) -> [Relationship] {
        try all(Relationship.self).sorted { $0.company.domain < $1.company.domain }
    }

    /// One relationship and what hangs on it.
    public func overview(_ relationship: Relationship, at now: Instant) throws(VaultFailure) -> CompanyOverview {
        CompanyOverview(
            relationship: relationship, holdings: try children(Holding.self, of: relationship.id),
            grants: try children(Grant.self, of: relationship.id),
            requests: try children(RightsRequest.self, of: relationship.id),
            offers: try children(OfferedTerms.self, of: relationship.id),
            revocations: try children(Revocation.self, of: relationship.id), messages: try messages(with: relationship),
            notes: try notes(about: relationship), attestations: try attestations(of: relationship.id),
            keys: try children(CompanyKeys.self, of: relationship.id).last?.keys ?? [])
    }

    /// All of them in one pass.
    public func overviews() throws(VaultFailure) -> [CompanyOverview] {
        var overviews: [RecordID: CompanyOverview] = [:]
        for relationship in try all(Relationship.self) {
            overviews[relationship.id] = CompanyOverview(relationship: relationship)
        }
        for holding in try all(Holding.self) { overviews[holding.relationship]?.holdings.append(holding) }
        for grant in try all(Grant.self) { overviews[grant.relationship]?.grants.append(grant) }
        for request in try all(RightsRequest.self) { overviews[request.relationship]?.requests.append(request) }
        for offer in try all(OfferedTerms.self) { overviews[offer.relationship]?.offers.append(offer) }
        return overviews.values.sorted { $0.relationship.company.domain < $1.relationship.company.domain }
    }
}

/// A relationship with everything that hangs on it.
public struct CompanyOverview: Sendable {
    public let relationship: Relationship
    public internal(set) var holdings: [Holding] = []
    public internal(set) var grants: [Grant] = []
    public internal(set) var requests: [RightsRequest] = []
    public internal(set) var offers: [OfferedTerms] = []
    public internal(set) var revocations: [Revocation] = []
    /// Each thread together; empty in an overview of all companies.
    public internal(set) var messages: [(message: Correspondence, depth: Int)] = []
    public internal(set) var notes: [Note] = []
    public internal(set) var attestations: [Attestation] = []
    public internal(set) var keys: [PinnedKey] = []
}

// MARK: Changing

extension Change {
    /// Begins a relationship, with what the directory knows of the company.
    ///
    /// - Throws: ``VaultFailure/companyExists(_:)``.
    public func addCompany(
        _ domain: Domain, name: String?, privacyEmail: String?, origin: Origin?, country: CountryCode?, region: String? = nil
    ) throws(VaultFailure) -> Relationship {
        guard try vault.company(domain) == nil else { throw .companyExists(domain) }
        var relationship = try draft(domain, evidence: Evidence(kind: .statement, source: command, noted: now), name: name)
        relationship.company.privacyEmail = privacyEmail ?? relationship.company.privacyEmail
        relationship.company.declaredOrigin = origin
        relationship.company.settle(in: country, region)
        try begin(relationship)
        try record(.companyAdded, relationship, records: [relationship.id])
        return relationship
    }

    /// Changes what is known of a company. Nil leaves a fact as it is.
    public func editCompany(
        _ relationship: Relationship, name: String?, privacyEmail: String?, origin: Origin?, country: CountryCode?,
        region: String? = nil, language: LanguageCode?
    ) throws(VaultFailure) -> Relationship {
        var edited = relationship
        edited.company.name = name ?? edited.company.name
        edited.company.privacyEmail = privacyEmail ?? edited.company.privacyEmail
        edited.company.declaredOrigin = origin ?? edited.company.declaredOrigin
        edited.company.settle(in: country, region)
        edited.company.language = language ?? edited.company.language
        guard edited != relationship else { return edited }
        try update(edited)
        try record(.companyEdited, edited, records: [edited.id])
        return edited
    }

    /// Makes one relationship of two: the first takes over the accounts, evidence and holdings of the second, and answers
    /// to both domains. Grants and requests keep a company alive; one that has any cannot be merged away.
    public func merge(_ kept: Relationship, _ other: Relationship) throws(VaultFailure) -> Relationship {
        guard kept.id != other.id else { throw .sameCompany }
        let theirs = try vault.overview(other, at: now)
        let standing = theirs.grants.count + theirs.requests.count + theirs.offers.count + theirs.messages.count
        // What was signed and is none of these: a rotation, evidence.
        let bound = max(standing, try vault.children(KeptBundle.self, of: other.id).count)
        guard bound == 0 else { throw .companyHasGrants(bound) }
        var merged = kept
        merged.absorb(other)
        try update(merged)
        for holding in theirs.holdings {
            try store.remove(holding.id)
            try unfile(holding, from: other.id)
            try addHolding(
                Holding(
                    id: Change.newID(), relationship: kept.id, item: holding.item, version: holding.version,
                    value: holding.value, since: holding.since, evidence: holding.evidence, state: holding.state))
        }
        for note in try vault.children(Note.self, of: other.id) {
            try drop(note, in: other.id)
            try save(
                Note(
                    id: Change.newID(), relationship: kept.id, kind: note.kind, text: note.text, at: note.at, on: note.on,
                    owed: note.owed, outcome: note.outcome), in: kept.id)
        }
        for mapping in try vault.children(FieldMapping.self, of: other.id) { try drop(mapping, in: other.id) }
        for domain in [other.company.domain] + other.company.otherDomains {
            try store.unfile(other.id, .companyDomain, Array(domain.description.utf8))
            try store.file(kept.id, .companyDomain, Array(domain.description.utf8))
        }
        // Ledger entries stay under the key they were written with; it goes when the merged company goes.
        for key in [try key(of: other.id)] + (try store.find(.namedKey, Change.formerKeys(other.id))) {
            try store.unfile(key, .namedKey, Change.formerKeys(other.id))
            try store.file(key, .namedKey, Change.formerKeys(kept.id))
        }
        for keys in try vault.children(CompanyKeys.self, of: other.id) { try drop(keys, in: other.id) }
        for key in try vault.children(KeptSigningKey.self, of: other.id) { try drop(key, in: other.id) }
        try store.remove(other.id)
        try record(.companiesMerged, merged, records: [merged.id, other.id], detail: [other.company.domain.description])
        return merged
    }

    /// Ends a relationship and takes its records out.
    ///
    /// - Throws: ``VaultFailure/companyHasGrants(_:)`` while a grant is live or a request open.
    public func removeCompany(_ relationship: Relationship) throws(VaultFailure) -> Forgotten {
        let all = try vault.overview(relationship, at: now)
        let live = all.grants.filter { $0.isActive(at: now) }.count + all.requests.filter(\.history.state.isOpen).count
        guard live == 0 else { throw .companyHasGrants(live) }
        let id = relationship.id
        for holding in all.holdings {
            try unfile(holding, from: id)
            try store.remove(holding.id)
        }
        for grant in all.grants {
            let disclosures = try vault.need(KeptBundle.self, grant.bundle).disclosures ?? []
            for (item, disclosure) in zip(grant.items, disclosures) {
                try store.unfile(grant.id, .itemName, Vault.grantsKey(item.name))
                try store.unfile(disclosure, .child, Vault.childKey(item.versionID, .disclosure))
            }
            try drop(grant, in: id)
        }
        for request in all.requests {
            let disclosures = try vault.need(KeptBundle.self, request.bundle).disclosures ?? []
            for (version, disclosure) in zip(request.disclosed, disclosures) {
                if let version { try store.unfile(disclosure, .child, Vault.childKey(version, .disclosure)) }
            }
            for version in request.versions { try store.unfile(request.id, .child, Vault.childKey(version, .request)) }
            try drop(request, in: id)
        }
        for letter in try vault.children(FollowUp.self, of: id) { try drop(letter, in: id) }
        for letter in try vault.children(KeptLetter.self, of: id) { try drop(letter, in: id) }
        for bid in try vault.all(KeptBid.self) where bid.bid.relationship == id || bid.bid.company == relationship.company.origin
        {
            try drop(bid, ofIntent: bid.bid.intent)
        }
        for offer in all.offers { try drop(offer, in: id) }
        for revocation in all.revocations { try drop(revocation, in: id) }
        for (message, _) in all.messages { try drop(message, in: id) }
        for note in try vault.children(Note.self, of: id) { try drop(note, in: id) }
        for mapping in try vault.children(FieldMapping.self, of: id) { try drop(mapping, in: id) }
        for alarm in try vault.children(Contradiction.self, of: id) { try drop(alarm, in: id) }
        for bundle in try vault.children(KeptBundle.self, of: id) {
            for disclosure in bundle.disclosures ?? [] { try store.remove(disclosure) }
            try store.unfile(bundle.id, .bundleID, Array(bundle.jti.utf8))
            try drop(bundle, in: id)
        }
        for keys in try vault.children(CompanyKeys.self, of: id) { try drop(keys, in: id) }
        for key in try vault.children(KeptSigningKey.self, of: id) { try drop(key, in: id) }
        for domain in [relationship.company.domain] + relationship.company.otherDomains {
            try store.unfile(id, .companyDomain, Array(domain.description.utf8))
        }
        let keys = [try key(of: id)] + (try store.find(.namedKey, Change.formerKeys(id)))
        try store.remove(id)
        for key in keys {
            try store.unfile(key, .namedKey, Change.formerKeys(id))
            try store.forget(key)
        }
        shred()
        try record(.companyRemoved, nil, records: [id])
        let since = relationship.evidence.map(\.noted).min() ?? now
        return Forgotten(values: all.holdings.count, backups: try vault.backups(since: since))
    }

    /// Takes in an account found in an export.
    ///
    /// - Returns: Whether the company is new, and whether anything was.
    public func noteAccount(
        _ domain: Domain, name: String?, account: Account?, format: String
    ) throws(VaultFailure) -> (isNewCompany: Bool, isNew: Bool) {
        let noted = try noteAccounts([account].compactMap { $0 }, at: domain, name: name, format: format)
        return (noted.isNewCompany, noted.isNew)
    }

    /// Takes in all the accounts an export has with one company.
    ///
    /// - Returns: Whether the company is new, whether anything was, and how many accounts are.
    public func noteAccounts(
        _ accounts: [Account], at domain: Domain, name: String?, format: String
    ) throws(VaultFailure) -> (isNewCompany: Bool, isNew: Bool, newAccounts: Int) {
        let evidence = Evidence(kind: .imported, source: format, noted: now)
        let known = try vault.company(domain)
        var relationship = if let known { known } else { try draft(domain, evidence: evidence, name: nil) }
        if known == nil, let name, relationship.company.name == domain.description { relationship.company.name = name }
        var logins = Set(relationship.accounts.map(\.login))
        let new = accounts.filter { logins.insert($0.login).inserted }
        let isNewEvidence = relationship.note(evidence, account: nil)
        relationship.accounts += new
        guard known == nil || isNewEvidence || !new.isEmpty else { return (false, false, 0) }
        if known == nil { try begin(relationship) } else { try update(relationship) }
        for account in new {
            try addHolding(
                Holding(
                    id: Change.newID(), relationship: relationship.id, item: account.item, value: account.login,
                    since: account.firstSeen, evidence: evidence))
        }
        try record(.imported, relationship, records: [relationship.id], detail: [format])
        if known != nil, !new.isEmpty { try contradict(relationship, by: .account, on: now.day) }
        return (known == nil, true, new.count)
    }

    /// Trusts a company's keys, in place of those trusted before. What a rotation put out of use stays so.
    ///
    /// - Parameter encryptionKeys: What to seal bundles to; nil leaves them as they are.
    public func trust(
        _ keys: [PinnedKey], of relationship: Relationship, encryptionKeys: [AgreementJWK]? = nil, retiring: PinnedKey? = nil
    ) throws(VaultFailure) {
        let before = try vault.children(CompanyKeys.self, of: relationship.id).last
        let retired = (before?.retired ?? []) + (retiring.map { [$0] } ?? [])
        let record = CompanyKeys(
            id: Change.newID(), relationship: relationship.id,
            keys: keys.filter { key in !retired.contains { $0.key == key.key } },
            encryptionKeys: encryptionKeys ?? before?.encryptionKeys ?? [], retired: retired, trusted: now)
        for old in try vault.children(CompanyKeys.self, of: relationship.id) { try drop(old, in: relationship.id) }
        try save(record, in: relationship.id)
        try self.record(.keyTrusted, relationship, records: [record.id], detail: keys.map(\.key.thumbprint))
    }

    /// A relationship that is not kept yet, with what the directory knows.
    func draft(_ domain: Domain, evidence: Evidence, name: String?) throws(VaultFailure) -> Relationship {
        var company = Company(domain: domain, name: name)
        for record in try vault.directoryRecords(for: domain) { company.complete(from: record) }
        return Relationship(id: Change.newID(), company: company, evidence: [evidence])
    }

    /// Keeps a new relationship, under a key of its own.
    func begin(_ relationship: Relationship) throws(VaultFailure) {
        try save(relationship, key: try store.makeKey())
        try store.file(relationship.id, .companyDomain, Array(relationship.company.domain.description.utf8))
    }

    /// Where the keys of relationships that were merged into this one are filed.
    static func formerKeys(_ relationship: RecordID) -> [UInt8] { Array("former:\(relationship)".utf8) }

    func update(_ relationship: Relationship) throws(VaultFailure) {
        try save(relationship, key: try key(of: relationship.id))
    }

    /// Removes a record that hangs on a relationship.
    func drop(_ record: some Record, in relationship: RecordID) throws(VaultFailure) {
        try store.unfile(record.id, .child, Vault.childKey(relationship, type(of: record).recordKind))
        try store.remove(record.id)
    }
}

extension Company {
    /// Another country takes the region with it.
    fileprivate mutating func settle(in country: CountryCode?, _ region: String?) {
        guard let country else { return }
        if country != self.country || region != nil { self.region = region }
        self.country = country
    }
}
