/// Reads CSV (RFC 4180) record by record, at constant memory.
///
/// Takes a byte order mark, lines ended by CRLF, LF or CR, blank lines, and records that end early. Everything else
/// that is not in the RFC is a ``CSVFailure``. The caps hold for dropped columns too, and are checked while reading:
/// a gigabyte without a comma is refused after the first megabyte.
public struct CSVReader {
    /// No login, name or address is longer.
    public static let fieldBytes = 1 << 20
    public static let recordBytes = 4 << 20
    /// The widest known export has 11 columns.
    public static let columns = 256

    private enum State { case start, plain, quoted, escaped, closed }

    /// How many bytes have been taken from the source.
    public private(set) var bytesRead: Int64 = 0
    private var chunk: [UInt8] = []
    private var at = 0
    private var line = 1
    private var width = CSVReader.columns
    private var isDropped = [Bool](repeating: false, count: CSVReader.columns + 1)
    private var hasBackslashEscapes = false
    private var isAfterCarriageReturn = false
    private var utf8 = UTF8Check()
    private let separator: UInt8

    /// - Parameter separator: What stands between fields; a spreadsheet of a country with decimal commas writes semicolons.
    public init(separator: UInt8 = UInt8(ascii: ",")) { self.separator = separator }

    /// From now on the bytes of these columns are looked at for their delimiters and never kept.
    public mutating func drop(_ columns: Set<Int>) {
        for column in isDropped.indices { isDropped[column] = columns.contains(column) }
    }

    /// From now on `\"` and `\\` in quotes stand for the second character, as KeePass 1 writes them.
    mutating func acceptBackslashEscapes() { hasBackslashEscapes = true }

    /// The next record, or nil after the last one. The first one decides how many fields there may be.
    ///
    /// - Throws: ``CSVFailure``, or what the source throws.
    public mutating func next(from source: inout some ByteSource) throws -> CSVRecord? {
        guard try skipBlankLines(from: &source) else { return nil }
        var record = CSVRecord(line: line)
        var (state, fieldSize, recordSize, openedOn) = (State.start, 0, 0, line)
        var isKept = !isDropped[0]
        while true {
            if at == chunk.count, try !refill(from: &source) {
                guard utf8.isComplete else { throw CSVFailure.invalidUTF8(line: line) }
                if state == .quoted || state == .escaped { throw CSVFailure.unterminatedQuote(line: openedOn) }
                record.endField(isEmpty: fieldSize == 0)
                break
            }
            if state == .plain || state == .quoted {
                let run = try skipRun(isQuoted: state == .quoted)
                if isKept { record.bytes += chunk[run] }
                fieldSize += run.count
                recordSize += run.count
                guard fieldSize <= CSVReader.fieldBytes else { throw CSVFailure.fieldTooLong(line: record.line) }
                guard recordSize <= CSVReader.recordBytes else { throw CSVFailure.recordTooLong(line: record.line) }
                if at == chunk.count { continue }
            }
            let byte = chunk[at]
            switch (state, byte) {
            case (.start, UInt8(ascii: "\"")):
                state = .quoted
                openedOn = line
            case (.quoted, UInt8(ascii: "\"")): state = .closed
            case (.quoted, UInt8(ascii: "\\")): state = .escaped
            case (.quoted, _): throw CSVFailure.nulByte(line: line)
            case (.escaped, UInt8(ascii: "\"")), (.escaped, UInt8(ascii: "\\")), (.closed, UInt8(ascii: "\"")):
                if isKept { record.bytes.append(byte) }
                fieldSize += 1
                recordSize += 1
                state = .quoted
            case (.escaped, _):
                state = .quoted
                if isKept { record.bytes.append(UInt8(ascii: "\\")) }
                fieldSize += 1
                continue
            case (_, separator):
                record.endField(isEmpty: fieldSize == 0)
                guard record.count < width else { throw CSVFailure.tooManyFields(line: record.line) }
                isKept = !isDropped[record.count]
                fieldSize = 0
                state = .start
            case (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")):
                record.endField(isEmpty: fieldSize == 0)
                endLine(byte)
                at += 1
                if width == CSVReader.columns { width = record.count }
                return record
            case (.closed, _), (.plain, UInt8(ascii: "\"")): throw CSVFailure.brokenQuoting(line: line)
            case (.plain, _): throw CSVFailure.nulByte(line: line)
            case (.start, _):
                state = .plain
                continue
            }
            at += 1
        }
        if width == CSVReader.columns { width = record.count }
        return record
    }

    /// Passes over content up to the next byte that means something, or to the end of the block.
    private mutating func skipRun(isQuoted: Bool) throws -> Range<Int> {
        let start = at
        var i = at
        let end = chunk.count
        scan: while i < end {
            let byte = chunk[i]
            if byte >= 0x80 {
                guard utf8.accept(byte) else { throw CSVFailure.invalidUTF8(line: line) }
            } else {
                guard utf8.isComplete else { throw CSVFailure.invalidUTF8(line: line) }
                switch byte {
                case 0, UInt8(ascii: "\""): break scan
                case UInt8(ascii: "\n"):
                    if !isQuoted { break scan }
                    line += 1
                case UInt8(ascii: "\\"): if isQuoted && hasBackslashEscapes { break scan }
                case separator, UInt8(ascii: "\r"): if !isQuoted { break scan }
                default: break
                }
            }
            i += 1
        }
        at = i
        return start..<i
    }

    private mutating func endLine(_ byte: UInt8) {
        line += 1
        isAfterCarriageReturn = byte == UInt8(ascii: "\r")
    }

    /// False at the end of the text.
    private mutating func skipBlankLines(from source: inout some ByteSource) throws -> Bool {
        while true {
            if at == chunk.count, try !refill(from: &source) { return false }
            let byte = chunk[at]
            if byte == UInt8(ascii: "\n"), isAfterCarriageReturn {
                isAfterCarriageReturn = false
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                endLine(byte)
            } else {
                isAfterCarriageReturn = false
                return true
            }
            at += 1
        }
    }

    private mutating func refill(from source: inout some ByteSource) throws -> Bool {
        let isFirst = bytesRead == 0
        chunk = try source.read(upTo: 64 * 1024)
        while isFirst, (1..<4).contains(chunk.count) {  // a pipe may give one byte at a time
            let more = try source.read(upTo: 64 * 1024)
            if more.isEmpty { break }
            chunk += more
        }
        at = 0
        bytesRead += Int64(chunk.count)
        if isFirst {
            let head = chunk.prefix(4)
            if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.contains(0) {
                throw CSVFailure.utf16
            }
            if head.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        }
        return at < chunk.count
    }
}
