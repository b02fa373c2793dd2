public import VRMBundle
public import VRMModel

/// A receipt a company signed, as it is kept.
public struct KeptReceipt: Sendable {
    public let id: RecordID
    public let company: Relationship
    public let payload: ReceiptPayload
    public let signed: Instant
    /// What it answers; nil when that is gone.
    public let answers: RecordID?
}

extension Vault {
    /// Every receipt the companies signed, the oldest first.
    public func receipts() throws(VaultFailure) -> [KeptReceipt] {
        var receipts: [KeptReceipt] = []
        for bundle in try all(KeptBundle.self) where bundle.isReceived && bundle.type == TokenType.receipt.rawValue {
            guard let bytes = Base64URL.decode(bundle.payload.utf8), let claims = try? JSONParser.parse(bytes).object,
                let company = bundle.relationship, let payload = try? ReceiptPayload(claims), let signed = claims["iat"]?.integer
            else { throw .damaged(.row) }
            receipts.append(
                KeptReceipt(
                    id: bundle.id, company: try relationship(company), payload: payload,
                    signed: Instant(seconds: signed),
                    answers: try store.find(.bundleID, Array(payload.ref.jti.utf8)).first.flatMap {
                        id throws(VaultFailure) in try owner(ofBundle: id)
                    }))
        }
        return receipts.sorted { ($0.signed, $0.id) < ($1.signed, $1.id) }
    }

    /// The request or revocation a bundle of ours carries.
    private func owner(ofBundle id: RecordID) throws(VaultFailure) -> RecordID? {
        guard let company = try load(KeptBundle.self, id)?.relationship else { return nil }
        if let request = try children(RightsRequest.self, of: company).first(where: { $0.bundle == id }) {
            return request.id
        }
        return try children(Revocation.self, of: company).first { $0.bundle == id }?.id
    }

    /// The name under which a bundle was signed.
    public func issuer(ofBundle id: RecordID) throws(VaultFailure) -> String {
        let bundle = try need(KeptBundle.self, id)
        guard let bytes = Base64URL.decode(bundle.payload.utf8), let claims = try? JSONParser.parse(bytes).object,
            let issuer = claims["iss"]?.string
        else { throw .damaged(.row) }
        return issuer
    }

    /// A revocation by its id or the start of it; nil when the id is of anything else.
    ///
    /// - Throws: ``VaultFailure/unknownRecord``, ``VaultFailure/ambiguousRecord``.
    public func revocation(_ selector: String) throws(VaultFailure) -> Revocation? {
        guard case .revocation(let revocation) = try outgoing(selector) else { return nil }
        return revocation
    }

    public func revocations() throws(VaultFailure) -> [Revocation] { try all(Revocation.self).sorted { $0.at < $1.at } }

    /// Terms a company did not take: it rejected them or wanted others.
    public func refusedOffers() throws(VaultFailure) -> [OfferedTerms] {
        try all(OfferedTerms.self).filter { $0.answer.map { $0.decision != .accepted } ?? false }.sorted { $0.made < $1.made }
    }
}
