/// Reads what a password manager exports, to learn which companies know the person by which login.
///
/// Columns with passwords, one-time codes or free text are dropped while parsing: their bytes pass through the block
/// that was just read and are kept nowhere.
public enum PasswordExport {
    /// Reads CSV of any known program, or Bitwarden's JSON, which begins with a brace.
    ///
    /// - Parameters:
    ///   - each: Gets the accounts in their order, one for each company a row names. What it throws ends the reading.
    ///   - progress: Gets the bytes read so far, about every 64 KiB.
    /// - Throws: ``PasswordExportFailure``, ``CSVFailure``, or what the source or `each` throws.
    public static func read<Source: ByteSource>(
        _ source: inout Source, each: (ImportedAccount) throws -> Void, progress: (Int64) -> Void
    ) throws -> PasswordImportSummary {
        var peeked = PeekedByteSource(source)
        defer { source = peeked.base }
        if try peeked.firstByte() == UInt8(ascii: "{") {
            return try BitwardenExport.read(&peeked, each: each, progress: progress)
        }
        var reader = CSVReader()
        guard let header = try reader.next(from: &peeked)?.fields.map(\.trimmed),
            let format = PasswordExportFormat.recognising(header)
        else { throw PasswordExportFailure.unknownHeader }
        let layout = Layout(header, format)
        reader.drop(layout.dropped)
        if format.hasBackslashEscapes { reader.acceptBackslashEscapes() }

        var summary = PasswordImportSummary(format: format.id)
        summary.unknownColumns = layout.unknown
        var reported: Int64 = 0
        while let record = try reader.next(from: &peeked) {
            summary.secretsDropped += layout.secrets.count { !record.isEmpty($0) }
            try summary.take(layout.entry(record), each: each)
            if reader.bytesRead > reported {
                reported = reader.bytesRead
                progress(reported)
            }
        }
        return summary
    }

    /// Where in this one file the columns of its format are.
    struct Layout {
        var unknown = 0
        var dropped: Set<Int> = []
        var secrets: [Int] = []
        private var addresses: [Int] = []
        private var name: Int?
        private var logins: [Int] = []
        private var firstSeen: Int?
        private var lastSeen: Int?
        private let hasAddressLists: Bool

        init(_ header: [String], _ format: PasswordExportFormat) {
            hasAddressLists = format.hasAddressLists
            var ranked: [(rank: Int, column: Int)] = []
            var seen: Set<String> = []
            for (column, title) in header.enumerated() {
                let role = format.role(of: title)
                // The second of two columns with one name is not to be trusted.
                let isRepeated = !seen.insert(title).inserted
                switch role {
                case .secret?:
                    secrets.append(column)
                    dropped.insert(column)
                case .text?, .other?: dropped.insert(column)
                case _ where role == nil || isRepeated:
                    unknown += 1
                    dropped.insert(column)
                case .address?: addresses.append(column)
                case .name?: name = column
                case .login(let rank)?: ranked.append((rank, column))
                case .firstSeen?: firstSeen = column
                case .lastSeen?: lastSeen = column
                case nil: break  // counted above
                }
            }
            logins = ranked.sorted { $0.rank < $1.rank }.map(\.column)
        }

        func entry(_ record: CSVRecord) -> ExportedEntry {
            var cells = addresses.map { record[$0] }
            if hasAddressLists { cells = cells.flatMap { $0.split(separator: ",").map(String.init) } }
            return ExportedEntry(
                addresses: cells, name: name.map { record[$0] } ?? "", logins: logins.map { record[$0] },
                firstSeen: firstSeen.map { record[$0] } ?? "", lastSeen: lastSeen.map { record[$0] } ?? "")
        }
    }
}
