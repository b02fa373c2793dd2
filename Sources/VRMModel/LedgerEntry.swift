/// One line of the joined ledger: what happened, by which command, to which records. Append-only, hash-chained.
public struct LedgerEntry: Hashable, Sendable {
    public let at: Instant
    /// The command as typed, nouns and verb only: `grant new`. Never its arguments.
    public let command: String
    public let event: Event
    /// The company concerned, by its domain at that time; nil when it is the person's own matter.
    public let company: Domain?
    /// Records written, newest state of each.
    public let records: [RecordID]
    /// SHA-256 of a bundle or file that proves it, if there is one.
    public let evidence: [UInt8]?
    /// Names of items, terms, purposes concerned; never values.
    public let detail: [String]

    public enum Event: String, Sendable, CaseIterable {
        case vaultMade = "vault-made"
        case factSet = "fact-set"
        case imported
        case companyAdded = "company-added"
        case companyEdited = "company-edited"
        case companiesMerged = "companies-merged"
        case companyRemoved = "company-removed"
        case keyTrusted = "key-trusted"
        case holdingNoted = "holding-noted"
        case contractSet = "contract-set"
        case contractCancelled = "contract-cancelled"
        case contractRemoved = "contract-removed"
        case exitBegun = "exit-begun"
        case exitChanged = "exit-changed"
        case valueSet = "value-set"
        case itemRemoved = "item-removed"
        case versionRemoved = "version-removed"
        case termsImported = "terms-imported"
        case termsOffered = "terms-offered"
        case termsAnswered = "terms-answered"
        case granted
        case revoked
        case requestMade = "request-made"
        /// Something happened to a request; its detail is the event and the day.
        case requestRecorded = "request-recorded"
        /// What was written down last was taken back.
        case requestTakenBack = "request-taken-back"
        case followUpMade = "follow-up-made"
        case messageMade = "message-made"
        case messageReceived = "message-received"
        case evidenceMade = "evidence-made"
        case noteMade = "note-made"
        case noteSettled = "note-settled"
        case noteRemoved = "note-removed"
        case replyCompared = "reply-compared"
        case mappingKept = "mapping-kept"
        case erasureContradicted = "erasure-contradicted"
        case contradictionDismissed = "contradiction-dismissed"
        case keyRotated = "key-rotated"
        case intentMade = "intent-made"
        case intentPublished = "intent-published"
        case intentPosted = "intent-posted"
        case offerReceived = "offer-received"
        case offerDeclined = "offer-declined"
        case intentAwarded = "intent-awarded"
        case intentWithdrawn = "intent-withdrawn"
        /// A key of an intent is gone for ever: late offers cannot be opened, or nothing can be signed for it any more.
        case intentKeyDestroyed = "intent-key-destroyed"
        case sent
        case passphraseChanged = "passphrase-changed"
        case passphraseAdded = "passphrase-added"
        case passphraseRemoved = "passphrase-removed"
        case recoveryRenewed = "recovery-renewed"
        case backedUp = "backed-up"
        case backupForgotten = "backup-forgotten"
        case restored
    }

    public init(
        at: Instant, command: String, event: Event, company: Domain?, records: [RecordID], evidence: [UInt8]? = nil,
        detail: [String] = []
    ) {
        self.at = at
        self.command = command
        self.event = event
        self.company = company
        self.records = records
        self.evidence = evidence
        self.detail = detail
    }
}
