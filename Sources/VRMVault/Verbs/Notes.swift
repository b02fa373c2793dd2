public import VRMModel

extension Vault {
    /// Notes about a company, or all, by the day they are about.
    public func notes(about relationship: Relationship?) throws(VaultFailure) -> [Note] {
        let notes = if let relationship { try children(Note.self, of: relationship.id) } else { try all(Note.self) }
        return notes.sorted { ($0.on, $0.at, $0.id) < ($1.on, $1.at, $1.id) }
    }

    /// A note by its id or the start of it.
    ///
    /// - Throws: ``VaultFailure/unknownNote``, ``VaultFailure/ambiguousRecord``.
    public func note(_ selector: String) throws(VaultFailure) -> Note {
        guard selector.utf8.count >= 4 else { throw .unknownNote }
        let matches = try store.titles(of: .note).map(\.id).filter { $0.description.hasPrefix(selector.lowercased()) }
        guard matches.count <= 1 else { throw .ambiguousRecord }
        guard let match = matches.first else { throw .unknownNote }
        return try need(Note.self, match)
    }
}

extension Change {
    /// Writes down what was said, or what came to mind, about a company.
    ///
    /// - Parameter day: When it happened.
    /// - Throws: ``VaultFailure/emptyValue``, ``VaultFailure/valueTooLong``.
    public func note(
        _ kind: Note.Kind, _ text: Private<String>, about relationship: Relationship, on day: Day, owed: Note.Owed?
    ) throws(VaultFailure) -> Note {
        try check(text)
        let note = Note(
            id: Change.newID(), relationship: relationship.id, kind: kind, text: text, at: now, on: day, owed: owed)
        try save(note, in: relationship.id)
        try record(
            .noteMade, relationship, records: [note.id],
            detail: [kind.rawValue] + (owed.map { [$0.by.rawValue] + [$0.until?.description].compactMap { $0 } } ?? []))
        return note
    }

    /// Says what came of it. Said again, the newer word counts.
    public func settle(_ note: Note, _ outcome: Note.Outcome) throws(VaultFailure) -> Note {
        if let text = outcome.text { try check(text) }
        var settled = note
        settled.outcome = outcome
        guard settled != note else { return note }
        let relationship = try vault.relationship(note.relationship)
        try save(settled, key: try key(of: relationship.id))
        try record(
            .noteSettled, relationship, records: [note.id],
            detail: [note.kind.rawValue, outcome.isKept ? "kept" : "broken", outcome.on.description])
        return settled
    }

    /// Takes a note out.
    public func remove(_ note: Note) throws(VaultFailure) {
        let relationship = try vault.relationship(note.relationship)
        try drop(note, in: relationship.id)
        shred()
        try record(.noteRemoved, relationship, records: [note.id], detail: [note.kind.rawValue])
    }

    private func check(_ text: Private<String>) throws(VaultFailure) {
        guard text.revealed.utf8.contains(where: { $0 > 0x20 }) else { throw .emptyValue }
        guard text.revealed.utf8.count <= DataVersion.longestValue else { throw .valueTooLong }
    }
}
