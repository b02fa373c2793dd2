public import VRMMail

/// Who looks at the messages of a mailbox, one after the other.
public protocol MailReader {
    /// Whether the whole message is wanted, not only its header.
    func wants(_ header: MessageHeader) -> Bool
    /// - Parameters:
    ///   - message: The whole message, when it was wanted and is at most ``MailLimits/messageBytes``.
    ///   - file: The file it is all of; nil inside an mbox.
    mutating func take(_ header: MessageHeader, message: [UInt8]?, file: String?)
    mutating func passOver(_ fault: MailFault)
}

/// Puts one message together from its lines. Keeps the header and, when it is wanted, the rest; nothing beyond its cap.
struct MessageAssembler {
    private enum Stage { case header, body, done }
    private var stage = Stage.header
    private var bytes: [UInt8] = []
    private var lineLength = 0
    private var header: MessageHeader?
    private var keepsBody = false
    private var isWhole = true
    private let file: String?
    /// `>From ` at the start of a line was put there by the mbox.
    private let unquotes: Bool

    init(file: String?) {
        self.file = file
        unquotes = file == nil
    }

    /// Nothing that follows would change anything.
    var isDone: Bool { stage == .done || stage == .body && !keepsBody }
    var isInHeader: Bool { stage == .header }

    mutating func take(_ piece: ArraySlice<UInt8>, startsLine: Bool, isEmptyLine: Bool, for reader: inout some MailReader) {
        switch stage {
        case .header:
            if isEmptyLine { return endHeader(piece, for: &reader) }
            lineLength = (startsLine ? 0 : lineLength) + piece.count
            guard lineLength <= MailLimits.lineBytes else { return fail(.lineTooLong, &reader) }
            guard bytes.count + piece.count <= MailLimits.headerBytes else { return fail(.headerTooLong, &reader) }
            bytes += piece
        case .body where keepsBody:
            let isQuoted = unquotes && startsLine && piece.first == UInt8(ascii: ">") && MessageAssembler.isQuotedFrom(piece)
            let piece = isQuoted ? piece.dropFirst() : piece
            if bytes.count + piece.count > MailLimits.messageBytes {
                isWhole = false
                keepsBody = false
                bytes = []
            } else {
                bytes += piece
            }
        case .body, .done: break
        }
    }

    /// The message is over.
    mutating func end(for reader: inout some MailReader) {
        if stage == .header {
            guard !bytes.isEmpty else { return }
            endHeader([], for: &reader)
        }
        guard stage == .body, let header else { return }
        stage = .done
        reader.take(header, message: keepsBody && isWhole ? bytes : nil, file: file)
    }

    private mutating func endHeader(_ emptyLine: ArraySlice<UInt8>, for reader: inout some MailReader) {
        do throws(MailFault) {
            let found = try MessageHeader(parsing: bytes)
            header = found
            keepsBody = reader.wants(found)
            if keepsBody { bytes += emptyLine } else { bytes = [] }
            stage = .body
        } catch {
            fail(error, &reader)
        }
    }

    private mutating func fail(_ fault: MailFault, _ reader: inout some MailReader) {
        reader.passOver(fault)
        stage = .done
        bytes = []
    }

    /// `>From `, `>>From ` … (mboxrd quotes all of them, mboxo the unquoted one).
    private static func isQuotedFrom(_ line: ArraySlice<UInt8>) -> Bool {
        line.drop { $0 == UInt8(ascii: ">") }.starts(with: "From ".utf8)
    }
}
