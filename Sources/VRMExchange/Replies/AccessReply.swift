#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A company's answer to an access request on disk: a JSON file, a CSV file, or a folder of them.
///
/// Links in a folder are not followed, nothing but plain files is opened, nothing is written.
public enum AccessReply {
    /// Reads all of it into a survey.
    ///
    /// - Parameter observe: Gets every byte of every file that is read, with the file's path below the folder.
    /// - Throws: ``ReplyFailure``, ``FileFailure``.
    public static func read(
        _ path: String, into survey: inout ReplySurvey, observe: (_ file: String, _ bytes: [UInt8]) -> Void
    ) throws {
        var info = stat()
        guard stat(path, &info) == 0 else { throw FileFailure(errno: errno) }
        switch info.st_mode & S_IFMT {
        case S_IFREG:
            let name = path.split(separator: "/").last.map(String.init) ?? path
            try file(path, name, prefix: "", isAlone: true, &survey, observe)
        case S_IFDIR: try folder(path, below: "", depth: 0, &survey, observe)
        default: throw ReplyFailure.nothingToRead
        }
        guard survey.files > 0 else { throw ReplyFailure.nothingToRead }
    }

    private static func folder(
        _ path: String, below: String, depth: Int, _ survey: inout ReplySurvey, _ observe: (String, [UInt8]) -> Void
    ) throws {
        guard depth <= ReplyLimits.folders, let names = names(in: path) else {
            survey.unread += 1
            return
        }
        for name in names.sorted() {
            var info = stat()
            let (inner, shown) = ("\(path)/\(name)", below.isEmpty ? name : "\(below)/\(name)")
            guard lstat(inner, &info) == 0 else {
                survey.unread += 1
                continue
            }
            switch info.st_mode & S_IFMT {
            case S_IFDIR: try folder(inner, below: shown, depth: depth + 1, &survey, observe)
            case S_IFREG: try file(inner, shown, prefix: numbersFolded(shown) + ":", isAlone: false, &survey, observe)
            default: survey.unread += 1
            }
        }
    }

    private static func names(in path: String) -> [String]? {
        guard let stream = opendir(path) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            guard names.count <= ReplyLimits.files else { return names }
        }
        return names
    }

    /// `messages/1042/1.json` and its neighbours are one kind of file.
    private static func numbersFolded(_ path: String) -> String {
        var folded = ""
        for character in path {
            let isDigit = character.isASCII && character.isNumber
            if !isDigit { folded.append(character) } else if folded.last != "#" { folded.append("#") }
        }
        return folded
    }

    private static func file(
        _ path: String, _ shown: String, prefix: String, isAlone: Bool, _ survey: inout ReplySurvey,
        _ observe: (String, [UInt8]) -> Void
    ) throws {
        let ending = shown.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard isAlone || ["json", "jsonl", "ndjson", "csv", "tsv"].contains(ending) else {
            survey.unread += 1
            return
        }
        guard survey.files < ReplyLimits.files else { throw ReplyFailure.tooManyFiles }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard !isAlone || errno == ELOOP else { throw FileFailure(errno: errno) }
            survey.unread += 1
            return
        }
        defer { close(descriptor) }
        survey.files += 1
        try withoutActuallyEscaping(observe) { observe in
            var total = survey.bytes
            let source = WatchedByteSource(FileByteSource(descriptor: descriptor)) { bytes throws(ReplyFailure) in
                total += Int64(bytes.count)
                guard total <= ReplyLimits.bytes else { throw .tooLarge }
                observe(shown, bytes)
            }
            var peeked = PeekedByteSource(source)
            let first = try peeked.firstByte()
            var gathered = survey
            defer {
                survey = gathered
                survey.bytes = total
            }
            if ending == "csv" || ending == "tsv" || (isAlone && first != UInt8(ascii: "{") && first != UInt8(ascii: "[")) {
                try table(peeked, shown, prefix, &gathered)
            } else {
                try withoutActuallyEscaping({ (path: String, value: String) throws in try gathered.take(value, at: path) }) {
                    leaf in
                    var leaves = JSONLeaves(peeked, file: shown, prefix: prefix, leaf: leaf)
                    try leaves.read()
                }
            }
        }
    }

    /// What stands most often between the names of the columns, outside of quotes; the comma when there is only one.
    private static func separator(of header: some Sequence<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in header {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() } else if !isQuoted { counts[byte, default: 0] += 1 }
        }
        var best = UInt8(ascii: ",")
        for other in [UInt8(ascii: ";"), UInt8(ascii: "\t")] where counts[other, default: 0] > counts[best, default: 0] {
            best = other
        }
        return best
    }

    private static func table(
        _ source: PeekedByteSource<some ByteSource>, _ shown: String, _ prefix: String, _ survey: inout ReplySurvey
    ) throws {
        var source = source
        var reader = CSVReader(separator: separator(of: try source.firstLine()))
        do {
            guard let header = try reader.next(from: &source) else { return }
            let columns = header.fields.enumerated().map {
                prefix + ($0.element.isEmpty ? "column \($0.offset + 1)" : $0.element)
            }
            while let record = try reader.next(from: &source) {
                for (column, value) in zip(columns, record.fields) { try survey.take(value, at: column) }
            }
        } catch let failure as CSVFailure {
            throw ReplyFailure.csv(file: shown, failure)
        }
    }
}

/// A source whose bytes somebody else sees too, before they are used.
private struct WatchedByteSource<Base: ByteSource>: ByteSource {
    private var base: Base
    private let watch: ([UInt8]) throws -> Void

    init(_ base: Base, _ watch: @escaping ([UInt8]) throws -> Void) {
        self.base = base
        self.watch = watch
    }

    mutating func read(upTo n: Int) throws -> [UInt8] {
        let bytes = try base.read(upTo: n)
        try watch(bytes)
        return bytes
    }
}
