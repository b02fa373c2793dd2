public import VRMModel

/// What a mailbox would add to the vault about one company.
public struct MailFinding: Sendable {
    public let contact: MailContact
    public let isNewCompany: Bool
    /// Addresses it was not known to have, the earliest first.
    public let newAliases: [Private<String>]
    public let leaks: [Leak]

    /// Mail came to an address that only one other company was given. It does not tell who passed the address on.
    public struct Leak: Hashable, Sendable {
        public let alias: Private<String>
        public let givenTo: Domain
    }
}

extension Vault {
    /// The person's addresses as far as the vault knows them, lower case: their own for letters, those kept as data, logins.
    public func ownAddresses() throws(VaultFailure) -> Set<String> {
        var addresses: Set<String> = []
        if let own = try fact(.email) { addresses.insert(own.value.revealed) }
        for version in try all(DataVersion.self) where version.name == .email { addresses.insert(version.value.revealed) }
        for relationship in try all(Relationship.self) {
            for account in relationship.accounts { addresses.insert(account.login.revealed) }
        }
        return Set(addresses.filter(isMailAddress).map { $0.lowercased() })
    }

    /// The requests that each letter is about, by the letter's message id. More than one where letters share an id.
    public func requestsByMessageID() throws(VaultFailure) -> [String: [RightsRequest]] {
        var requests: [String: [RightsRequest]] = [:]
        for request in try all(RightsRequest.self) {
            for id in [request.letter] + (try followUps(of: request)).map(\.letter) {
                requests[try letter(id).messageID, default: []].append(request)
            }
        }
        return requests
    }

    /// What each contact would add, by domain. Changes nothing.
    public func findings(in contacts: some Sequence<MailContact>) throws(VaultFailure) -> [MailFinding] {
        let given = try givenAddresses()
        var findings: [MailFinding] = []
        for contact in contacts {
            let known = try company(contact.domain)
            var theirs: Set<[UInt8]> = []
            for account in known?.accounts ?? [] { theirs.insert(Vault.valueKey(account.login.revealed)) }
            let aliases = contact.aliases.sorted {
                ($0.value.lowerBound, $0.key.revealed) < ($1.value.lowerBound, $1.key.revealed)
            }
            let leaks: [MailFinding.Leak] = aliases.compactMap { alias, _ in
                guard let owners = given[Vault.valueKey(alias.revealed)], owners.count == 1, let owner = owners.first,
                    let owner, owner.id != known?.id
                else { return nil }
                return MailFinding.Leak(alias: alias, givenTo: owner.company.domain)
            }
            findings.append(
                MailFinding(
                    contact: contact, isNewCompany: known == nil,
                    newAliases: aliases.map(\.key).filter { !theirs.contains(Vault.valueKey($0.revealed)) }, leaks: leaks))
        }
        return findings.sorted { $0.contact.domain < $1.contact.domain }
    }

    /// Who was given each address: by a login, by the person's word, by a grant. What only mail shows was not given by the
    /// person, and the address for letters is everybody's (nil).
    func givenAddresses() throws(VaultFailure) -> [[UInt8]: Set<Relationship?>] {
        var given: [[UInt8]: Set<Relationship?>] = [:]
        var relationships: [RecordID: Relationship] = [:]
        for relationship in try all(Relationship.self) { relationships[relationship.id] = relationship }
        if let own = try fact(.email) { given[Vault.valueKey(own.value.revealed)] = [nil] }
        let versions = try all(DataVersion.self)
        for holding in try all(Holding.self) where holding.evidence.kind != .mail {
            var values = holding.value.map { [$0] } ?? []
            if holding.value == nil {
                // Without a number it may be any of the values the item ever had.
                values = versions.filter { $0.name == holding.item && (holding.version ?? $0.number) == $0.number }.map(\.value)
            }
            for value in values { given[Vault.valueKey(value.revealed), default: []].insert(relationships[holding.relationship]) }
        }
        for grant in try all(Grant.self) {
            let ids = grant.items.map(\.versionID)
            for version in versions where ids.contains(version.id) {
                given[Vault.valueKey(version.value.revealed), default: []].insert(relationships[grant.relationship])
            }
        }
        return given
    }
}

extension Change {
    /// Takes in what a mailbox says of one company. The same again changes nothing.
    ///
    /// - Returns: Whether anything was new.
    @discardableResult
    public func note(_ finding: MailFinding) throws(VaultFailure) -> Bool {
        let contact = finding.contact
        let evidence = Evidence(
            kind: .mail, source: "mail", noted: now, days: contact.first...contact.last, isChecked: contact.isChecked)
        let known = try vault.company(contact.domain)
        var relationship = if let known { known } else { try draft(contact.domain, evidence: evidence, name: nil) }
        if known == nil { try begin(relationship) }
        relationship.note(evidence, account: nil)
        for leak in finding.leaks {
            guard let days = contact.aliases[leak.alias] else { continue }
            let evidence = Evidence(
                kind: .leak, source: "mail", noted: now, days: days, isChecked: contact.isChecked, alias: leak.alias)
            relationship.note(evidence, account: nil)
        }
        relationship.unsubscribe = Unsubscribe.newer(relationship.unsubscribe, contact.unsubscribe)
        var added: [RecordID] = []
        for alias in finding.newAliases {
            guard let days = contact.aliases[alias] else { continue }
            relationship.note(evidence, account: Account(login: alias, firstSeen: days.lowerBound))
            let holding = Holding(
                id: Change.newID(), relationship: relationship.id, item: .email, value: alias, since: days.lowerBound,
                evidence: Evidence(kind: .mail, source: "mail", noted: now))
            try addHolding(holding)
            added.append(holding.id)
        }
        guard relationship != known else { return false }
        try update(relationship)
        try record(
            .imported, relationship, records: [relationship.id] + added,
            detail: ["mail"] + (finding.leaks.isEmpty ? [] : ["leak"]))
        try contradict(relationship, by: .mail, on: contact.last)
        return true
    }
}
