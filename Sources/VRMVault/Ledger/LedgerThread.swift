public import VRMBundle
public import VRMModel

/// What the ledger has about one company, with the links that prove its place among everything else.
public struct LedgerThread: Sendable {
    public let company: Relationship
    /// The lines about the company, oldest first.
    public let lines: [LedgerLine]
    /// Of each line only event, time and digest are told; its content stays hidden.
    public let isRedacted: Bool
    public let payload: EvidencePayload

    public var first: Int64 { payload.sequence }
    public var last: Int64 { payload.sequence + Int64(payload.links.count) - 1 }
    /// Links that tell nothing but their place.
    public var hidden: Int { payload.links.count - lines.count }
}

extension Vault {
    /// One company's thread, from its first line in these days up to the newest line of the ledger, or up to the last one
    /// in these days when they end.
    ///
    /// Lines written under a company that was merged into this one belong to it.
    ///
    /// - Throws: ``VaultFailure/noThread(_:)``.
    public func thread(
        of relationship: Relationship, since: Day?, until: Day?, isRedacted: Bool
    ) throws(VaultFailure) -> LedgerThread {
        guard let own = try store.header(relationship.id)?.key else { throw .damaged(.row) }
        let keys = Set([own] + (try store.find(.namedKey, Change.formerKeys(relationship.id))))
        var lines: [LedgerLine] = []
        var links: [EvidencePayload.Link] = []
        var (before, hashes): ([UInt8], [[UInt8]]) = ([], [])
        try store.readLog { (line) throws(VaultFailure) in
            let isAsked = line.at.day >= since ?? line.at.day && line.at.day <= until ?? line.at.day
            let isShown = isAsked && keys.contains(line.key) && line.salted != nil
            guard isShown || !lines.isEmpty else { return }
            if lines.isEmpty { before = line.before }
            var link = EvidencePayload.Link(header: line.header, commitment: line.commitment)
            if isShown, let salted = line.salted {
                let entry = try LedgerEntry(Vault.object(Array(salted[Store.saltBytes...])))
                lines.append(LedgerLine(sequence: line.sequence, at: line.at, entry: entry))
                link =
                    isRedacted
                    ? EvidencePayload.Link(
                        header: line.header, commitment: line.commitment,
                        said: EvidencePayload.Statement(at: line.at, event: entry.event.rawValue, evidence: entry.evidence))
                    : EvidencePayload.Link(header: line.header, commitment: line.commitment, entry: salted)
            }
            links.append(link)
            hashes.append(line.hash)
        }
        guard let first = lines.first, let last = lines.last else { throw .noThread(relationship.company.domain) }
        let count = until == nil ? links.count : Int(last.sequence - first.sequence) + 1
        return LedgerThread(
            company: relationship, lines: lines, isRedacted: isRedacted,
            payload: EvidencePayload(
                device: try store.device, sequence: first.sequence, before: before, links: Array(links.prefix(count)),
                head: hashes[count - 1]))
    }

    /// A piece of evidence that was made, by its id or the start of it; nil when it is something else.
    ///
    /// - Throws: ``VaultFailure/ambiguousRecord``.
    public func madeEvidence(_ selector: String) throws(VaultFailure) -> RecordID? {
        guard selector.utf8.count >= 4 else { return nil }
        let matches = try store.titles(of: .bundle).filter {
            $0.title == TokenType.evidence.rawValue && $0.id.description.hasPrefix(selector.lowercased())
        }
        guard matches.count <= 1 else { throw .ambiguousRecord }
        return matches.first?.id
    }

    /// The signed files that lines of a thread name by their digest, of either side, bare.
    ///
    /// From a redacted thread they come without Disclosures, so without values; messages, whose text is signed, stay out.
    public func files(of thread: LedgerThread) throws -> [(sequence: Int64, type: TokenType, bytes: [UInt8])] {
        var kept: [[UInt8]: KeptBundle] = [:]
        for bundle in try children(KeptBundle.self, of: thread.company.id) { kept[bundle.reference.s256] = bundle }
        return try thread.lines.compactMap { line in
            guard let digest = line.entry?.evidence, let bundle = kept[digest], let type = TokenType(rawValue: bundle.type),
                !thread.isRedacted || type != .message
            else { return nil }
            let signed = try signed(bundle: bundle.id).0
            let shown = SignedBundle(
                protected: signed.protected, payload: signed.payload, signature: signed.signature,
                disclosures: signed.disclosures.map { thread.isRedacted ? [] : $0 }, jti: signed.jti)
            return (line.sequence, type, shown.flattened)
        }
    }
}

extension Change {
    /// Signs a thread under the key the company knows. It is not sealed: a court or an authority is to read it.
    ///
    /// - Throws: ``VaultFailure/evidenceTooLong(from:through:)``.
    public func evidence(_ thread: LedgerThread) throws -> (id: RecordID, SignedBundle) {
        // A year: as long as a matter is looked into.
        let ends = now.day.adding(days: 364).start
        let signed = try signing(to: thread.company, seals: false) { $0.sign(evidence: thread.payload, ends: ends) }
        guard signed.compact.count <= Limits.tokenBytes else {
            throw VaultFailure.evidenceTooLong(from: thread.first, through: thread.last)
        }
        let bundle = try keep(signed, .evidence, in: thread.company.id)
        try record(
            .evidenceMade, thread.company, records: [bundle.id], evidence: signed.reference.s256,
            detail: ["\(thread.first)", "\(thread.last)"] + (thread.isRedacted ? ["redacted"] : []))
        return (bundle.id, signed)
    }
}
