public import VRMModel

extension Vault {
    /// Every value the vault can recognise in what a company says it has, under ``KnownValue/folded(_:)``: values of items and
    /// of the person's own facts, old and current, and the logins of this company.
    public func knownValues(of relationship: Relationship) throws(VaultFailure) -> [[UInt8]: [KnownValue]] {
        var known: [[UInt8]: [KnownValue]] = [:]
        func add(_ value: Private<String>, _ new: KnownValue) {
            var values = known[KnownValue.folded(value.revealed)] ?? []
            if let same = values.firstIndex(where: { $0.item == new.item }) {
                // The same value twice, as an item and for letters, or set again later: it is current if one of them is.
                if new.isCurrent, !values[same].isCurrent { values[same] = new }
            } else {
                values.append(new)
            }
            known[KnownValue.folded(value.revealed)] = values
        }
        for item in try all(DataItem.self).sorted(by: { !$0.isFact && $1.isFact }) {
            for (offset, id) in item.versions.enumerated() {
                guard let id else { continue }
                let version = try need(DataVersion.self, id)
                add(
                    version.value,
                    KnownValue(
                        item: item.name, version: item.isFact ? nil : offset + 1, isCurrent: item.currentVersion == offset + 1))
            }
        }
        for account in relationship.accounts {
            add(account.login, KnownValue(item: account.item, version: nil, isCurrent: true))
        }
        for holding in try children(Holding.self, of: relationship.id) {
            if let value = holding.value { add(value, KnownValue(item: holding.item, version: nil, isCurrent: true)) }
        }
        return known
    }

    /// Items a company is known to have, and those of which the person keeps a value.
    public func itemsToCompare(with relationship: Relationship) throws(VaultFailure) -> (
        held: Set<DataItemName>, kept: Set<DataItemName>
    ) {
        let held = try children(Holding.self, of: relationship.id).filter { $0.state == .held }.map(\.item)
        let granted = try children(Grant.self, of: relationship.id).filter { $0.sent != nil }.flatMap { $0.items.map(\.name) }
        let kept = try all(DataItem.self).filter(\.isKept).map(\.name)
        return (Set(held + granted), Set(kept + relationship.accounts.map(\.item)))
    }

    /// Whether a name is one of the catalogue, of the person's own items, or of what some company is noted to have.
    public func knows(item name: DataItemName) throws(VaultFailure) -> Bool {
        if Catalogue.entry(name) != nil { return true }
        if try item(name) != nil { return true }
        return try !store.find(.itemName, Vault.holdingsKey(name)).isEmpty
    }

    /// What the fields of a company's replies mean; empty before anything was confirmed.
    public func mapping(for relationship: Relationship) throws(VaultFailure) -> [String: FieldUse] {
        try children(FieldMapping.self, of: relationship.id).last?.uses ?? [:]
    }
}

extension Change {
    /// Keeps what the person confirmed of a company's fields. The same again changes nothing.
    ///
    /// - Throws: ``VaultFailure/valueTooLong`` beyond ``FieldMapping/mostFields``.
    public func keep(mapping uses: [String: FieldUse], for relationship: Relationship) throws(VaultFailure) {
        guard uses.count <= FieldMapping.mostFields else { throw .valueTooLong }
        let kept = try vault.children(FieldMapping.self, of: relationship.id).last
        guard uses != kept?.uses ?? [:] else { return }
        var mapping = kept ?? FieldMapping(id: Change.newID(), relationship: relationship.id)
        mapping.uses = uses
        if kept == nil {
            try save(mapping, in: relationship.id)
        } else {
            try save(mapping, key: try key(of: relationship.id))
        }
        try record(.mappingKept, relationship, records: [mapping.id], detail: ["\(uses.count)"])
    }

    /// Writes into the ledger that a reply was compared, and what it was.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of the reply.
    ///   - findings: How many of each kind.
    public func compared(
        _ request: RightsRequest, _ digest: [UInt8], findings: [(kind: String, count: Int)]
    ) throws(VaultFailure) {
        let relationship = try vault.relationship(request.relationship)
        try record(
            .replyCompared, relationship, records: [request.id], evidence: digest,
            detail: findings.map { "\($0.kind) \($0.count)" })
    }

    /// Notes that a company has an item, as its own reply shows. The same again changes nothing.
    ///
    /// - Parameter value: When it is none of the person's values.
    /// - Returns: Nil when it was noted already.
    public func holdByReply(
        _ item: DataItemName, version: Int?, value: Private<String>?, by relationship: Relationship
    ) throws(VaultFailure) -> Holding? {
        let known = try vault.children(Holding.self, of: relationship.id)
        guard !known.contains(where: { $0.item == item && $0.version == version && $0.value == value && $0.state == .held })
        else { return nil }
        let holding = Holding(
            id: Change.newID(), relationship: relationship.id, item: item, version: version, value: value,
            evidence: Evidence(kind: .imported, source: "access reply", noted: now))
        try addHolding(holding)
        try record(.holdingNoted, relationship, records: [holding.id], detail: [item.description])
        return holding
    }
}
