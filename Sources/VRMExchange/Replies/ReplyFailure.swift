/// Why an access reply cannot be read. Names a file and a place, never what stands there.
public enum ReplyFailure: Error, Equatable {
    case nothingToRead
    case tooLarge
    case tooManyFiles
    case tooManyFields
    case json(file: String, offset: Int64, Kind)
    case csv(file: String, CSVFailure)

    public enum Kind: String, Sendable {
        case syntax = "not JSON"
        case duplicateName = "a name twice in an object"
        case tooDeep = "nested too deep"
        case invalidText = "text that is not UTF-8, or half a character"
        case nulByte = "a NUL byte"
        case tooLong = "a text of more than 1 MiB"
        case tooManyNames = "an object of too many members"
        case cutOff = "it ends in the middle"
    }
}

/// What an access reply may be. Everything is read once, and little of it kept, so that a large one fits into memory.
public enum ReplyLimits {
    /// All files together.
    public static let bytes: Int64 = 1 << 30
    public static let files = 20_000
    /// Folders within folders.
    public static let folders = 16
    /// Different fields: `orders[].email` is one, however many orders there are.
    public static let fields = 10_000
    /// Objects and lists within one another.
    public static let depth = 64
    /// One name or value.
    public static let textBytes = 1 << 20
    /// Members of one object: their names are kept while it is open, to find one that stands twice.
    public static let names = 20_000
    /// Of a field's path.
    public static let pathBytes = 512
    /// Of a value that is kept for showing it, and how many of a field.
    public static let sampleBytes = 256
    public static let samples = 5
}
