public import VRMModel

extension Change {
    /// Notes what a company already has, with or without a grant. The same again changes nothing.
    ///
    /// What it has since a day after it said that it erased everything, or was found with on such a day, speaks against that.
    ///
    /// - Parameter find: Where the person came upon it, and when.
    /// - Returns: What is noted now, and the alarms it raised.
    /// - Throws: ``VaultFailure/unknownVersion(_:_:)``.
    public func hold(
        _ items: [DataItemName], by relationship: Relationship, since: Day?, version: Int?, find: (place: String, day: Day)? = nil
    ) throws(VaultFailure) -> (noted: [Holding], alarms: [Contradiction]) {
        let evidence = Evidence(
            kind: .statement, source: find?.place ?? command, noted: now, days: find.map { $0.day...$0.day })
        let known = try vault.children(Holding.self, of: relationship.id)
        var noted: [Holding] = []
        for name in items {
            if let version {
                guard let item = try vault.item(name), (1...max(1, item.versions.count)).contains(version), !item.versions.isEmpty
                else { throw .unknownVersion(name, version) }
            }
            let same = known.first {
                $0.item == name && $0.version == version && $0.since == since && $0.value == nil
                    && (find == nil || $0.evidence.source == evidence.source && $0.evidence.days == evidence.days)
            }
            if let same {
                noted.append(same)
                continue
            }
            let holding = Holding(
                id: Change.newID(), relationship: relationship.id, item: name, version: version, since: since, evidence: evidence)
            try addHolding(holding)
            noted.append(holding)
        }
        guard noted.contains(where: { new in !known.contains(where: { $0.id == new.id }) }) else { return (noted, []) }
        try record(.holdingNoted, relationship, records: noted.map(\.id), detail: items.map(\.description))
        guard let day = [since, find?.day].compactMap(\.self).max() else { return (noted, []) }
        return (noted, try contradict(relationship, by: .find, on: day))
    }

    /// Keeps a holding that is new.
    func addHolding(_ holding: Holding) throws(VaultFailure) {
        try save(holding, key: try key(of: holding.relationship))
        try store.append(holding.id, .child, Vault.childKey(holding.relationship, .holding))
        try store.append(holding.id, .itemName, Vault.holdingsKey(holding.item))
        if let value = holding.value { try store.append(holding.id, .value, Vault.valueKey(value.revealed)) }
    }

    func unfile(_ holding: Holding, from relationship: RecordID) throws(VaultFailure) {
        try store.unfile(holding.id, .child, Vault.childKey(relationship, .holding))
        try store.unfile(holding.id, .itemName, Vault.holdingsKey(holding.item))
        if let value = holding.value { try store.unfile(holding.id, .value, Vault.valueKey(value.revealed)) }
    }
}

extension Vault {
    /// Holdings of an item, whether or not the person keeps it as data.
    static func holdingsKey(_ name: DataItemName) -> [UInt8] { Array("held:\(name)".utf8) }

    /// Grants of an item; they outlive the item itself.
    static func grantsKey(_ name: DataItemName) -> [UInt8] { Array("granted:\(name)".utf8) }
}
