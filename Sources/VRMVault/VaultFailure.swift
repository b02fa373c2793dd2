public import VRMModel

/// Why the vault does not do what was asked. Carries names of places, kinds and numbers; never contents.
public enum VaultFailure: Error, Equatable {
    // Opening
    case noVault
    case alreadyThere
    case locked
    case wrongPassphrase
    /// The group, from 1, with the first typing error.
    case recoveryCodeMistyped(Int)
    case foreignRecoveryCode
    case outOfMemory
    case headerDamaged
    case newerFormat(Int)
    case stretchingOutOfRange
    case passphraseTooShort
    case unsafePlace(Problem)
    case busy
    // What the files turned out to be
    case damaged(Part)
    case rolledBack
    case forked
    case oldHeader
    // Ways in
    case unknownSlot
    case ambiguousSlot
    case lastPassphrase
    case tooManySlots
    // Backups
    case noBackup
    case notABackup
    case foreignBackup
    case damagedBackup(Part)
    case nothingToAccept
    case unknownBackup
    // The machine
    case diskFull
    case system(errno: Int32)
    // What was asked
    case unknownCompany(suggestions: [String])
    case ambiguousCompany([String])
    case companyExists(Domain)
    case companyHasGrants(Int)
    case sameCompany
    case noContract(Domain)
    case nothingToCorrect(DataItemName)
    case unknownItem(DataItemName)
    case unknownVersion(DataItemName, Int)
    case valueTooLong
    case emptyValue
    case unknownTerms(TermsID)
    case termsExist(TermsID)
    case termsWithoutText(TermsID)
    case unknownRecord
    case unknownNote
    case unknownReceipt
    case ambiguousRecord
    case grantNotActive(Grant.State)
    case grantOfIntent(RecordID)
    case notSendable
    case sentBeforeMade
    case unknownRequest
    case nothingRecorded
    case laterReceipt(String)
    case noSuchRight(RequestKind, regime: String)
    case unknownAgreement
    case noCompanyKey(Domain)
    case keyOfAnother
    case nothingSigned(Domain)
    /// Nothing about the company is in the ledger, or nothing in the days asked for.
    case noThread(Domain)
    /// More links than one signed file holds.
    case evidenceTooLong(from: Int64, through: Int64)
    case alreadyAnswered(OfferedTerms.Decision)

    public enum Part: String, Sendable {
        case store, schema, head, key, row, index, log
        /// A row that is older or newer than what the vault last committed, was removed, or was put in.
        case bucket
    }

    public enum Problem: String, Sendable { case symlink, notADirectory, foreignOwner, openToOthers, syncConflict }
}
