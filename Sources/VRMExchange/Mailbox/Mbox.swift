/// A file of messages, each begun by a `From ` line (RFC 4155; the quoting of mboxo and mboxrd).
enum Mbox {
    /// Reads every message. A message begins at the start of the file and after an empty line, never in the middle of a text:
    /// a body that a careless program did not quote must not pass for a message of its own.
    ///
    /// - Returns: False when the file does not begin like an mbox. An empty file is one without messages.
    static func read(
        _ source: some ByteSource, for reader: inout some MailReader, progress: (Int64) -> Void
    ) throws -> Bool {
        var pieces = LinePieces(source)
        var current: MessageAssembler?
        var isAfterEmptyLine = true
        var isSeparator = false
        while let piece = try pieces.next() {
            if isAfterEmptyLine, piece.startsLine, begins(piece.bytes) {
                current?.end(for: &reader)
                current = MessageAssembler(file: nil)
                isSeparator = true
                progress(pieces.bytesRead)
            } else if !isSeparator || piece.startsLine {
                isSeparator = false
                guard current != nil else { return false }
                current?.take(
                    piece.bytes, startsLine: piece.startsLine, isEmptyLine: piece.isEmptyLine, for: &reader)
            }
            isAfterEmptyLine = piece.isEmptyLine
        }
        current?.end(for: &reader)
        return true
    }

    /// `From `, somebody, a time of day and a year: what all programs write, and few sentences hold.
    static func begins(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "From ".utf8) else { return false }
        let words = line.prefix(LinePieces<MemoryByteSource>.shortest).split { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
        let isDigit: (UInt8) -> Bool = { (48...57).contains($0) }
        let hasTime = words.contains { word in
            word.count >= 5 && word.count <= 8 && word.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ":") }
                && word.dropFirst(2).first == UInt8(ascii: ":")
        }
        return hasTime && words.dropFirst(2).contains { $0.count == 4 && $0.allSatisfy(isDigit) }
    }
}
