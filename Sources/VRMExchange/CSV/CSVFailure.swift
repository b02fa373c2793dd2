/// Why bytes are no CSV to us. Says where; no part of the text is quoted, because it may be a password.
public enum CSVFailure: Error, Equatable {
    /// A quotation mark inside an unquoted field, or text after a closing one.
    case brokenQuoting(line: Int)
    /// The text ended inside the quotes that were opened on this line.
    case unterminatedQuote(line: Int)
    case nulByte(line: Int)
    /// The text is UTF-16. It has to be saved as UTF-8.
    case utf16
    case invalidUTF8(line: Int)
    case fieldTooLong(line: Int)
    case recordTooLong(line: Int)
    /// More fields than the first record has, or more than any known export.
    case tooManyFields(line: Int)

    /// Where, counted from 1.
    public var line: Int {
        switch self {
        case .brokenQuoting(let line), .unterminatedQuote(let line), .nulByte(let line), .invalidUTF8(let line),
            .fieldTooLong(let line), .recordTooLong(let line), .tooManyFields(let line):
            line
        case .utf16: 1
        }
    }
}
