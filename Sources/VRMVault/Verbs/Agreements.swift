public import VRMBundle
import VRMCrypto
public import VRMModel

extension Vault {
    /// The offer a grant to this company would be made under: one it accepted before one it was only told of, the newest first.
    func standingOffer(_ relationship: RecordID, terms: TermsID?, at now: Instant) throws(VaultFailure) -> OfferedTerms? {
        let offers = try children(OfferedTerms.self, of: relationship).filter {
            $0.ends > now && $0.intent == nil && (terms == nil || $0.terms == terms)
        }.sorted { $0.made > $1.made }
        return offers.first { $0.answer?.decision == .accepted } ?? offers.first
    }

    public func offer(_ id: RecordID) throws(VaultFailure) -> OfferedTerms { try need(OfferedTerms.self, id) }
}

extension Change {
    /// Proffers terms to a company, with the text inside.
    ///
    /// - Returns: The record and the file to hand over.
    public func offer(_ terms: Terms, to relationship: Relationship) throws -> (OfferedTerms, SignedBundle) {
        let ends = now.day.start.adding(seconds: OfferedTerms.longestLife)
        let text = TermsText(
            id: terms.id.description, uri: terms.uri, sha256: terms.sha256, lang: terms.language.description, text: terms.text)
        let signed = try signing(to: relationship) { $0.sign(terms: TermsPayload(terms: text), ends: ends) }
        let bundle = try keep(signed, .terms, in: relationship.id)
        let offer = OfferedTerms(
            id: Change.newID(), relationship: relationship.id, terms: terms, made: now, ends: ends, bundle: bundle.id)
        try save(offer, in: relationship.id)
        try record(
            .termsOffered, relationship, records: [offer.id], evidence: signed.reference.s256, detail: [terms.id.description])
        return (offer, signed)
    }

    /// Files a company's verified answer to terms.
    ///
    /// The same answer again changes nothing. A later answer replaces an earlier one: what counts is what it said last.
    public func note(answer: VerifiedBundle) throws(VaultFailure) -> (Relationship, OfferedTerms) {
        guard case .acceptance(let acceptance) = answer.payload,
            let target = try store.find(.bundleID, Array(acceptance.ref.jti.utf8)).first
        else { throw .unknownAgreement }
        guard let owner = try vault.need(KeptBundle.self, target).relationship else { throw .unknownAgreement }
        let relationship = try vault.relationship(owner)
        guard var offer = try vault.children(OfferedTerms.self, of: relationship.id).first(where: { $0.bundle == target }),
            offer.sha256 == acceptance.terms.sha256
        else { throw .unknownAgreement }
        if answer.isReplay { return (relationship, offer) }
        if let earlier = offer.answer, earlier.at > answer.common.iat { throw .alreadyAnswered(earlier.decision) }
        let signed = SignedBundle(
            protected: answer.envelope.protected, payload: answer.envelope.payload, signature: answer.envelope.signature,
            disclosures: nil, jti: answer.common.jti)
        let received = try keep(signed, .acceptance, in: relationship.id, isReceived: true)
        offer.answer = OfferedTerms.Answer(decision: acceptance.decision, at: answer.common.iat, bundle: received.id)
        try save(offer, in: relationship.id)
        try record(
            .termsAnswered, relationship, records: [offer.id, received.id], evidence: answer.reference.s256,
            detail: [offer.terms.description, acceptance.decision.rawValue])
        return (relationship, offer)
    }
}
