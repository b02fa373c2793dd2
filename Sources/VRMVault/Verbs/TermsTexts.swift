import VRMCrypto
public import VRMModel

extension Vault {
    /// All texts that can be proffered: shipped, then the person's own.
    public func terms() throws(VaultFailure) -> [Terms] {
        try ShippedTerms.all
            + all(KeptTerms.self).map(\.terms).sorted { ($0.id, $0.language.description) < ($1.id, $1.language.description) }
    }

    /// The text of an id, in the first of the preferred languages there is.
    ///
    /// - Throws: ``VaultFailure/unknownTerms(_:)``; ``VaultFailure/termsWithoutText(_:)`` for a roster agreement whose wording
    ///   was not imported.
    public func terms(_ id: TermsID, languages: [LanguageCode]) throws(VaultFailure) -> Terms {
        let texts = try terms().filter { $0.id == id }
        for language in languages {
            if let match = texts.first(where: { $0.language == language }) { return match }
        }
        if let first = texts.first { return first }
        throw Roster.agreement(id) == nil ? .unknownTerms(id) : .termsWithoutText(id)
    }
}

extension Change {
    /// Takes in a text of the person's own or of a roster agreement, pinned by its digest.
    ///
    /// - Parameter purposes: What it permits; nil means the service alone, or the roster's table for a roster id.
    /// - Throws: ``VaultFailure/termsExist(_:)`` when the id stands for another text in this language.
    public func importTerms(
        _ id: TermsID, text: [UInt8], language: LanguageCode, uri: String?, purposes: Set<Purpose>?
    ) throws(VaultFailure) -> Terms {
        guard text.count <= Terms.longestText else { throw .valueTooLong }
        guard !text.isEmpty, let string = String(validating: text, as: UTF8.self) else { throw .emptyValue }
        let roster = Roster.agreement(id)
        let terms = Terms(
            id: id, language: language, uri: uri, text: string, sha256: SHA256.digest(text),
            purposes: purposes ?? roster?.purposes ?? Terms.servicePurposes, source: roster == nil ? .own : .roster)
        for known in try vault.terms() where known.id == id && known.language == language {
            guard known.sha256 == terms.sha256 else { throw .termsExist(id) }
            return known
        }
        let kept = KeptTerms(id: Change.newID(), terms: terms)
        try save(kept, key: try key(.own))
        try store.file(kept.id, .termsID, Array(id.description.utf8))
        try record(.termsImported, records: [kept.id], evidence: terms.sha256, detail: [id.description])
        return terms
    }
}
