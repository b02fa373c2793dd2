/// Why an export is not taken in. Carries numbers of lines and names of kinds; never contents.
public enum ExportFailure: Error, Equatable {
    /// The vault has something in it, or had.
    case vaultNotEmpty
    case notAnExport
    case newerVersion(Int64)
    /// Not the kind of line, or of record, that the format has there.
    case malformed(line: Int, String)
    case lineTooLong(Int)
    case duplicate(line: Int, String)
    /// What a line names is neither in the file nor known as removed.
    case missing(line: Int, String)
    /// An entry, a revision or a time that is not the one the ledger committed to.
    case ledgerDiffers(line: Int)
    /// The last line is not there.
    case cutShort
    /// The counts or the digest of the last line are not those of the lines before it, or there are more lines.
    case changed
}
