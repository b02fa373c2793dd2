import VRMBundle
public import VRMModel

/// Reads public directories of companies that the person has fetched: datenanfragen/data and JustDeleteMe.
///
/// `PATH` may be lines of JSON, a JSON array, or a checkout of either repository. Which directory a record is from
/// shows in its members.
public enum CompanyDirectory {
    /// One record, as a line or a file. The longest in 2026 had 7 KB.
    public static let recordBytes = 1 << 20
    /// A file that is one array; JustDeleteMe in all languages had 2 MB in 2026.
    public static let arrayBytes = 32 << 20

    /// - Parameters:
    ///   - each: Gets the records in the order of the lines, or of the file names. What it throws ends the reading.
    ///   - progress: Gets the bytes read so far.
    /// - Throws: ``DirectoryFailure``, ``FileFailure``, or what `each` throws.
    public static func read(
        path: String, each: (DirectoryRecord) throws -> Void, progress: (Int64) -> Void
    ) throws -> DirectorySummary {
        var summary = DirectorySummary()
        if let folder = Folder(path) {
            try read(folder, into: &summary, each: each, progress: progress)
        } else {
            try FileByteSource.reading(path) { file in
                var peeked = PeekedByteSource(file)
                if try peeked.firstByte() == UInt8(ascii: "[") || path.hasSuffix(".json") {
                    let values = try values(of: &peeked, named: path, cap: arrayBytes, progress: progress)
                    for value in values { try summary.take(value, each: each) }
                } else {
                    try readLines(&peeked, into: &summary, each: each, progress: progress)
                }
            }
        }
        return summary
    }

    /// Where the checkouts keep their records, in the order they are looked for.
    private static func read(
        _ folder: Folder, into summary: inout DirectorySummary, each: (DirectoryRecord) throws -> Void,
        progress: (Int64) -> Void
    ) throws {
        for place in ["_data/sites.json", "sites.json"] where Folder.hasFile(folder.path(of: place)) {
            _ = try readFile(folder.path(of: place), cap: arrayBytes, into: &summary, each: each, progress: progress)
            return
        }
        var done: Int64 = 0
        var isFound = false
        for place in ["companies", "supervisory-authorities", "sites", "."] where !isFound || place != "." {
            guard let inner = Folder(folder.path(of: place)) else { continue }
            let names = try inner.jsonFiles()
            if names.isEmpty { continue }
            isFound = true
            for name in names {
                done += try readFile(
                    inner.path(of: name), cap: recordBytes, into: &summary, each: each, progress: { progress(done + $0) })
            }
        }
        guard isFound else { throw DirectoryFailure.nothingFound }
    }

    private static func readFile(
        _ path: String, cap: Int, into summary: inout DirectorySummary, each: (DirectoryRecord) throws -> Void,
        progress: (Int64) -> Void
    ) throws -> Int64 {
        var size: Int64 = 0
        try FileByteSource.reading(path) { file in
            let values = try values(of: &file, named: path, cap: cap) {
                size = $0
                progress($0)
            }
            for value in values { try summary.take(value, each: each) }
        }
        return size
    }

    /// What a whole file holds: the elements of its array, or itself.
    private static func values(
        of source: inout some ByteSource, named path: String, cap: Int, progress: (Int64) -> Void
    ) throws -> [JSONValue] {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let bytes = try source.readAll(upTo: cap, progress: progress) else {
            throw DirectoryFailure.fileTooLarge(name)
        }
        guard let value = try? JSONParser.parse(bytes) else { throw DirectoryFailure.brokenFile(name) }
        return value.array ?? [value]
    }

    private static func readLines(
        _ source: inout some ByteSource, into summary: inout DirectorySummary,
        each: (DirectoryRecord) throws -> Void, progress: (Int64) -> Void
    ) throws {
        var lines = LineReader(longest: recordBytes)
        var reported: Int64 = 0
        do {
            while var line = try lines.next(from: &source) {
                if lines.line == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
                guard let value = try? JSONParser.parse(line), value.object != nil else {
                    throw DirectoryFailure.brokenLine(lines.line)
                }
                try summary.take(value, each: each)
                if lines.bytesRead > reported {
                    reported = lines.bytesRead
                    progress(reported)
                }
            }
        } catch let failure as LineReader.TooLong {
            throw DirectoryFailure.lineTooLong(failure.line)
        }
    }
}

extension DirectorySummary {
    /// Counts a record and hands it over, if it is one and still valid.
    fileprivate mutating func take(_ value: JSONValue, each: (DirectoryRecord) throws -> Void) throws {
        guard let object = value.object else { return unreadable += 1 }
        if object["quality"]?.string == "obsolete" { return obsolete += 1 }
        guard let record = DirectoryRecord(datenanfragen: object) ?? DirectoryRecord(justDeleteMe: object) else {
            return unreadable += 1
        }
        records += 1
        if record.domains.isEmpty { withoutDomain += 1 }
        if !record.isReachable { withoutContact += 1 }
        try each(record)
    }
}
