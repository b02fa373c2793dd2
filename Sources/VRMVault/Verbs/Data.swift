public import VRMModel

// MARK: Looking

extension Vault {
    /// The item of a name; nil when the person keeps none, or removed it.
    public func item(_ name: DataItemName) throws(VaultFailure) -> DataItem? {
        guard let item = try item(filed: "item:\(name)"), item.isKept else { return nil }
        return item
    }

    fileprivate func item(filed key: String) throws(VaultFailure) -> DataItem? {
        guard let id = try store.find(.itemName, Array(key.utf8)).first else { return nil }
        return try need(DataItem.self, id)
    }

    /// All items, by name, each with its current value.
    public func items() throws(VaultFailure) -> [(item: DataItem, current: DataVersion?)] {
        var items: [(item: DataItem, current: DataVersion?)] = []
        for item in try all(DataItem.self) where !item.isFact && item.isKept {
            let current = try item.current.map { id throws(VaultFailure) in try need(DataVersion.self, id) }
            items.append((item, current))
        }
        return items.sorted { $0.item.name < $1.item.name }
    }

    /// A value of an item: a given version, or the current one.
    ///
    /// - Throws: ``VaultFailure/unknownItem(_:)``, ``VaultFailure/unknownVersion(_:_:)``.
    public func value(_ name: DataItemName, version: Int? = nil) throws(VaultFailure) -> DataVersion {
        guard let item = try item(name), !item.versions.isEmpty else { throw .unknownItem(name) }
        let number = version ?? item.currentVersion
        guard item.versions.indices.contains(number - 1), let id = item.versions[number - 1] else {
            throw .unknownVersion(name, number)
        }
        return try need(DataVersion.self, id)
    }

    /// Every value an item had, oldest first.
    public func history(_ name: DataItemName) throws(VaultFailure) -> [DataVersion] {
        guard let item = try item(name) else { throw .unknownItem(name) }
        var versions: [DataVersion] = []
        for id in item.versions.compactMap({ $0 }) { versions.append(try need(DataVersion.self, id)) }
        return versions
    }

    /// A fact about the person, with the version it stands in.
    public func fact(_ fact: PersonFact) throws(VaultFailure) -> DataVersion? {
        guard let item = try item(filed: "fact:\(fact.rawValue)"), let id = item.current else { return nil }
        return try need(DataVersion.self, id)
    }

    /// All values of an item and of the fact of the same name, by their records; the item's with their numbers.
    func versions(named name: DataItemName) throws(VaultFailure) -> [(id: RecordID, number: Int?)] {
        var versions: [(id: RecordID, number: Int?)] = []
        for (number, id) in (try item(name)?.versions ?? []).enumerated() {
            if let id { versions.append((id, number + 1)) }
        }
        if let fact = PersonFact(rawValue: name.description), let item = try item(filed: "fact:\(fact.rawValue)") {
            versions += item.versions.compactMap { id in id.map { ($0, nil) } }
        }
        return versions
    }

    /// A version by its record, for putting letters together; nil once it was removed.
    public func version(_ id: RecordID) throws(VaultFailure) -> DataVersion? { try load(DataVersion.self, id) }
}

// MARK: Changing

extension Change {
    /// Gives an item a new current value. The value it has already changes nothing.
    ///
    /// - Throws: ``VaultFailure/emptyValue``, ``VaultFailure/valueTooLong``.
    public func set(_ name: DataItemName, _ value: Private<String>) throws(VaultFailure) -> DataVersion {
        try set(name, value, filed: "item:\(name)", isFact: false, .valueSet)
    }

    public func set(_ fact: PersonFact, _ value: Private<String>) throws(VaultFailure) -> DataVersion {
        try set(DataItemName(fact.rawValue)!, value, filed: "fact:\(fact.rawValue)", isFact: true, .factSet)
    }

    private func set(
        _ name: DataItemName, _ value: Private<String>, filed key: String, isFact: Bool, _ event: LedgerEntry.Event
    ) throws(VaultFailure) -> DataVersion {
        guard !value.revealed.isEmpty else { throw .emptyValue }
        guard value.revealed.utf8.count <= DataVersion.longestValue else { throw .valueTooLong }
        let own = try self.key(.own)
        let kept = try store.find(.itemName, Array(key.utf8)).first
        var item =
            if let kept { try vault.need(DataItem.self, kept) } else { DataItem(id: Change.newID(), name: name, isFact: isFact) }
        if let last = item.current {
            let current = try vault.need(DataVersion.self, last)
            if current.value.revealed.utf8.elementsEqual(value.revealed.utf8) { return current }
        }
        let version = DataVersion(
            id: Change.newID(), item: item.id, name: name, number: item.versions.count + 1, value: value, made: now)
        item.versions.append(version.id)
        try save(item, key: own)
        try store.file(item.id, .itemName, Array(key.utf8))
        try save(version, key: try store.makeKey())
        try store.append(version.id, .value, Vault.valueKey(value.revealed))
        try record(event, records: [item.id, version.id], detail: [name.description, "\(version.number)"])
        return version
    }

    /// Takes an item with all its values out; what companies hold of it stays on record, without the value.
    public func remove(_ name: DataItemName) throws(VaultFailure) -> Forgotten {
        guard let item = try vault.item(name) else { throw .unknownItem(name) }
        return try empty(item)
    }

    /// Takes a fact about the person with all its values out, also out of letters made with it.
    public func remove(_ fact: PersonFact) throws(VaultFailure) -> Forgotten {
        guard let item = try vault.item(filed: "fact:\(fact.rawValue)"), item.isKept else {
            throw .unknownItem(DataItemName(fact.rawValue)!)
        }
        return try empty(item)
    }

    private func empty(_ item: DataItem) throws(VaultFailure) -> Forgotten {
        let since = try forget(item.versions.compactMap { $0 })
        var emptied = item
        // It stays filed, so that a later value gets a number no company was ever noted with.
        emptied.versions = item.versions.map { _ in nil }
        try save(emptied, key: try self.key(.own))
        try record(.itemRemoved, records: [item.id], detail: [item.name.description])
        return Forgotten(values: item.versions.count { $0 != nil }, backups: try vault.backups(since: since))
    }

    /// Takes one value of an item out. When it was the newest, the one before it is current again.
    ///
    /// - Throws: ``VaultFailure/unknownItem(_:)``, ``VaultFailure/unknownVersion(_:_:)``.
    public func remove(_ name: DataItemName, version number: Int) throws(VaultFailure) -> Forgotten {
        guard var item = try vault.item(name) else { throw .unknownItem(name) }
        let version = try vault.value(name, version: number)
        let since = try forget([version.id])
        item.versions[number - 1] = nil
        try save(item, key: try self.key(.own))
        try record(.versionRemoved, records: [item.id], detail: [name.description, "\(number)"])
        return Forgotten(values: 1, backups: try vault.backups(since: since))
    }

    /// Shreds versions with their Disclosures and their keys.
    ///
    /// - Returns: When the oldest of them was set.
    private func forget(_ versions: [RecordID]) throws(VaultFailure) -> Instant {
        var since = now
        for id in versions {
            guard let header = try store.header(id) else { continue }
            let version = try vault.need(DataVersion.self, id)
            since = min(since, version.made)
            try store.unfile(id, .value, Vault.valueKey(version.value.revealed))
            for disclosure in try store.find(.child, Vault.childKey(id, .disclosure)) {
                try store.unfile(disclosure, .child, Vault.childKey(id, .disclosure))
                try store.remove(disclosure)
            }
            for request in try store.find(.child, Vault.childKey(id, .request)) {
                try store.unfile(request, .child, Vault.childKey(id, .request))
            }
            try store.remove(id)
            try store.removeKey(header.key)
        }
        shred()
        return since
    }
}
