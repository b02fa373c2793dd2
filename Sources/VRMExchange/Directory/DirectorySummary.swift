/// What a directory held, in counts.
public struct DirectorySummary: Hashable, Sendable {
    /// Records handed over.
    public internal(set) var records = 0
    /// Of these, how many name no site of their own.
    public internal(set) var withoutDomain = 0
    /// Of these, how many give neither mail address nor form nor postal address.
    public internal(set) var withoutContact = 0
    /// JSON that is no record of a directory we know. Passed over.
    public internal(set) var unreadable = 0
    /// Records the directory itself has withdrawn (`"quality": "obsolete"`). Passed over.
    public internal(set) var obsolete = 0
}

/// Why a directory cannot be read. Names lines and files, and quotes nothing.
public enum DirectoryFailure: Error, Equatable {
    /// A line that is no JSON object. Counted from 1.
    case brokenLine(Int)
    case lineTooLong(Int)
    /// A file that is no JSON; its name without the folders.
    case brokenFile(String)
    case fileTooLarge(String)
    /// A folder without anything that looks like a directory.
    case nothingFound
}
