import VRMModel

/// What somebody owes by the person's notes.
enum NotesDue: DueSource {
    static func matters(in vault: Vault, at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter] {
        let domains = try vault.domains()
        return try vault.all(Note.self).compactMap { note in
            guard note.outcome == nil, let owed = note.owed, let until = owed.until else { return nil }
            return DueMatter(
                .owed(note.kind, by: owed.by), domains[note.relationship], on: until, id: note.id,
                because: .words(["noted for \(note.on)", "when it is done: vrm note done \(note.id.short)"]))
        }
    }
}

/// Erasures that a company said are done and that something speaks against.
enum ContradictionsDue: DueSource {
    static func matters(in vault: Vault, at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter] {
        let domains = try vault.domains()
        return try vault.openContradictions().map {
            DueMatter(
                .contradiction($0.source), domains[$0.relationship], on: $0.on, id: $0.request,
                because: .words([
                    "they said that everything is erased",
                    "open it again: vrm request record \($0.request.short) --event reopened --on \($0.on)",
                    "or it is none: vrm request dismiss \($0.request.short)",
                ]))
        }
    }
}
