import VRMBundle
public import VRMModel

/// A backup that was made of this vault, or that it was restored from: where it lay then, and what it can still read.
public struct KnownBackup: Hashable, Sendable {
    public let id: RecordID
    /// Where it was written, as a whole path. It may have been moved since.
    public let file: String
    public let made: Instant
    /// Of the last change that is in it.
    public let counter: Int64
}

extension KnownBackup: Record {
    static var recordKind: RecordKind { .backup }
    var title: String { "" }

    var json: JSONObject {
        JSONObject([("file", .string(file)), ("made", .integer(made.seconds)), ("counter", .integer(counter))])
    }

    init(id: RecordID, _ json: JSONObject) throws(VaultFailure) {
        self.init(id: id, file: try json.text("file"), made: try json.instant("made"), counter: try json.number("counter"))
    }
}
