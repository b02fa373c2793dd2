public import VRMModel

extension Vault {
    /// What directories say about a domain, in the order they were imported.
    public func directoryRecords(for domain: Domain) throws(VaultFailure) -> [DirectoryRecord] {
        var records: [DirectoryRecord] = []
        for id in try store.find(.directoryDomain, Array(domain.description.utf8)) {
            records.append(try need(KeptDirectoryRecord.self, id).record)
        }
        return records
    }

    /// Supervisory authorities the directories know, by slug.
    public func authorities() throws(VaultFailure) -> [DirectoryRecord] {
        try all(KeptDirectoryRecord.self).map(\.record).filter { $0.source == .authorities }.sorted { $0.slug < $1.slug }
    }

    /// Directory records whose name, slug, brand or domain contains a text, by name.
    public func directory(matching text: String) throws(VaultFailure) -> [DirectoryRecord] {
        let wanted = text.lowercased()
        return try all(KeptDirectoryRecord.self).map(\.record).filter { record in
            ([record.name, record.slug] + record.runs + record.domains.map(\.description)).contains {
                $0.lowercased().contains(wanted)
            }
        }.sorted { $0.name < $1.name }
    }
}

extension Change {
    /// Takes in one directory record, also for the companies that are there. The same again changes nothing.
    ///
    /// - Returns: Whether it was new or different.
    public func keep(_ record: DirectoryRecord) throws(VaultFailure) -> Bool {
        let slug = Array("\(record.source.rawValue):\(record.slug)".utf8)
        let known = try store.find(.directorySlug, slug).first
        let kept = KeptDirectoryRecord(id: known ?? Change.newID(), record: record)
        if let known {
            let old = try vault.need(KeptDirectoryRecord.self, known).record
            guard old != record else { return false }
            for domain in old.domains { try store.unfile(known, .directoryDomain, Array(domain.description.utf8)) }
        }
        try save(kept, key: try key(.directory))
        try store.file(kept.id, .directorySlug, slug)
        var filed = Set<Domain>()
        for domain in record.domains where filed.insert(domain).inserted {
            try store.append(kept.id, .directoryDomain, Array(domain.description.utf8))
            guard var relationship = try vault.company(domain) else { continue }
            let before = relationship.company
            relationship.company.complete(from: record)
            if relationship.company != before { try update(relationship) }
        }
        return true
    }

    /// Closes an import of reference data with its ledger line.
    public func finishDirectory(_ source: DirectoryRecord.Source, changed: Int) throws(VaultFailure) {
        guard changed > 0 else { return }
        try record(.imported, records: [], detail: [source.rawValue, "\(changed)"])
    }
}
