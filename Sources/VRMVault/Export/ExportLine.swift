import VRMBundle
import VRMModel

/// The kinds of lines an export has, in the order they stand in (docs/spec/export.md).
enum ExportLine: String {
    case opening = "export"
    case key, ledger, record, end

    static let format = "vrm-export"
    static let version: Int64 = 1
    /// A ledger line names every record written since the one before: 700,000 fit.
    static let longest = 32 * 1024 * 1024
}

/// A part of an export that stands on one line.
protocol ExportPart {
    static var line: ExportLine { get }
    /// The members after `line`.
    var members: [(String, JSONValue)] { get }
    init(_ json: JSONObject) throws(VaultFailure)
}

extension ExportPart {
    var json: JSONObject { JSONObject([("line", .string(Self.line.rawValue))] + members) }
    var bytes: [UInt8] { JSONValue.object(json).bytes + [0x0A] }
}

struct ExportOpening: ExportPart {
    let vault: String
    let at: Instant
    let program: String
    let keys: Int64
    let ledger: Int64
    let records: Int64

    static var line: ExportLine { .opening }

    var members: [(String, JSONValue)] {
        [
            ("format", .string(ExportLine.format)), ("version", .integer(ExportLine.version)), ("vault", .string(vault)),
            ("at", .integer(at.seconds)), ("program", .string(program)), ("keys", .integer(keys)), ("ledger", .integer(ledger)),
            ("records", .integer(records)),
        ]
    }
}

extension ExportOpening {
    init(_ json: JSONObject) throws(VaultFailure) {
        self.init(
            vault: try json.record("vault").description, at: try json.instant("at"), program: try json.text("program"),
            keys: try json.number("keys"), ledger: try json.number("ledger"), records: try json.number("records"))
    }
}

/// A key that is known by a name. Its bytes are not exported: an import makes new ones.
struct ExportedKey: ExportPart {
    let key: RecordID
    /// `self`, `directory`, or `former:` and a relationship.
    let name: String

    static var line: ExportLine { .key }

    var members: [(String, JSONValue)] { [("key", .string(key.description)), ("name", .string(name))] }
}

extension ExportedKey {
    init(_ json: JSONObject) throws(VaultFailure) {
        self.init(key: try json.record("key"), name: try json.text("name"))
    }
}

struct ExportedEntry: ExportPart {
    let sequence: Int64
    let at: Instant
    let key: RecordID
    let written: [(id: RecordID, rev: Int64)]
    /// Nil, both, where the company was forgotten.
    let salt: [UInt8]?
    let entry: JSONObject?
    let commitment: [UInt8]

    static var line: ExportLine { .ledger }

    var members: [(String, JSONValue)] {
        [
            ("seq", .integer(sequence)), ("at", .integer(at.seconds)), ("key", .string(key.description)),
            ("written", .array(written.map { [.string($0.id.description), .integer($0.rev)] })),
            ("salt", salt.map { JSONValue($0) } ?? .null), ("entry", entry.map { .object($0) } ?? .null),
            ("c", JSONValue(commitment)),
        ]
    }
}

extension ExportedEntry {
    init(_ json: JSONObject) throws(VaultFailure) {
        var written: [(id: RecordID, rev: Int64)] = []
        for pair in json["written"]?.array ?? [] {
            guard let pair = pair.array, pair.count == 2, let id = pair[0].string.flatMap({ RecordID($0) }),
                let rev = pair[1].integer, rev >= 0
            else { throw .damaged(.log) }
            written.append((id, rev))
        }
        self.init(
            sequence: try json.number("seq"), at: try json.instant("at"), key: try json.record("key"), written: written,
            salt: json["salt"] == .null ? nil : try json.bytes("salt"), entry: json["entry"]?.object,
            commitment: try json.bytes("c"))
        guard commitment.count == 32, (salt == nil) == (entry == nil), salt?.count ?? Store.saltBytes == Store.saltBytes else {
            throw .damaged(.log)
        }
    }
}

struct ExportedRecord: ExportPart {
    let kind: RecordKind
    let id: RecordID
    let rev: Int64
    let key: RecordID
    let time: Instant
    let title: String
    let body: JSONObject

    static var line: ExportLine { .record }

    var members: [(String, JSONValue)] {
        [
            ("kind", .string(kind.name)), ("id", .string(id.description)), ("rev", .integer(rev)),
            ("key", .string(key.description)), ("time", .integer(time.seconds)), ("title", .string(title)),
            ("body", .object(body)),
        ]
    }
}

extension ExportedRecord {
    init(_ json: JSONObject) throws(VaultFailure) {
        guard let body = json["body"]?.object else { throw .damaged(.row) }
        self.init(
            kind: try json.parse("kind") { name in RecordKind.allCases.first { $0.name == name } }, id: try json.record("id"),
            rev: try json.number("rev"), key: try json.record("key"), time: try json.instant("time"),
            title: try json.text("title"), body: body)
    }
}

/// The last line: what all lines before it were.
struct ExportEnd: ExportPart {
    let lines: Int64
    /// Hexadecimal, of their bytes with each line's end.
    let sha256: String

    static var line: ExportLine { .end }

    var members: [(String, JSONValue)] { [("lines", .integer(lines)), ("sha256", .string(sha256))] }
}

extension ExportEnd {
    init(_ json: JSONObject) throws(VaultFailure) {
        self.init(lines: try json.number("lines"), sha256: try json.text("sha256"))
    }
}

extension RecordKind {
    /// As docs/spec/vault-file.md §5 calls it, in one word.
    var name: String {
        switch self {
        case .relationship: "relationship"
        case .holding: "holding"
        case .item: "item"
        case .version: "version"
        case .terms: "terms"
        case .offer: "offer"
        case .grant: "grant"
        case .revocation: "revocation"
        case .request: "request"
        case .bundle: "bundle"
        case .disclosure: "disclosure"
        case .signingKey: "signing-key"
        case .companyKeys: "company-keys"
        case .directory: "directory-record"
        case .letter: "letter"
        case .backup: "backup"
        case .message: "message"
        case .followUp: "follow-up"
        case .note: "note"
        case .fieldMapping: "field-mapping"
        case .contradiction: "contradiction"
        case .intent: "intent"
        case .intentKey: "intent-key"
        case .bid: "bid"
        case .posting: "posting"
        }
    }

    /// What reads its bodies.
    var type: any Record.Type {
        switch self {
        case .relationship: Relationship.self
        case .holding: Holding.self
        case .item: DataItem.self
        case .version: DataVersion.self
        case .terms: KeptTerms.self
        case .offer: OfferedTerms.self
        case .grant: Grant.self
        case .revocation: Revocation.self
        case .request: RightsRequest.self
        case .bundle: KeptBundle.self
        case .disclosure: KeptDisclosure.self
        case .signingKey: KeptSigningKey.self
        case .companyKeys: CompanyKeys.self
        case .directory: KeptDirectoryRecord.self
        case .letter: KeptLetter.self
        case .backup: KnownBackup.self
        case .message: Correspondence.self
        case .followUp: FollowUp.self
        case .note: Note.self
        case .fieldMapping: FieldMapping.self
        case .contradiction: Contradiction.self
        case .intent: Intent.self
        case .intentKey: IntentKey.self
        case .bid: KeptBid.self
        case .posting: Posting.self
        }
    }
}
