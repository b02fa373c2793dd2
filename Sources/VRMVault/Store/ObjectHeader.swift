import VRMModel

/// What a list shows of a record without opening it. Sealed under the meta key.
struct ObjectHeader {
    let id: RecordID
    let kind: RecordKind
    /// The key of the body.
    let key: RecordID
    let time: Instant
    let bodyLength: UInt32
    let title: String

    static let longestBody = 1024 * 1024

    init(id: RecordID, kind: RecordKind, key: RecordID, time: Instant, bodyLength: UInt32, title: String) {
        self.id = id
        self.kind = kind
        self.key = key
        self.time = time
        self.bodyLength = bodyLength
        self.title = title
    }

    /// 16 record id | u16 kind | u8 flags (0) | 16 key id | i64 time | u32 body length | u32 title length | title.
    var bytes: [UInt8] {
        let name = Array(title.utf8)
        return id.bytes + kind.rawValue.littleEndianBytes + [0] + key.bytes + time.seconds.littleEndianBytes
            + bodyLength.littleEndianBytes + UInt32(name.count).littleEndianBytes + name
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 51, let id = RecordID(Array(bytes[..<16])),
            let kind = RecordKind(rawValue: UInt16(littleEndianBytes: bytes[16..<18])), bytes[18] == 0,
            let key = RecordID(Array(bytes[19..<35])), Int(UInt32(littleEndianBytes: bytes[47..<51])) == bytes.count - 51
        else { return nil }
        self.id = id
        self.kind = kind
        self.key = key
        time = Instant(seconds: Int64(littleEndianBytes: bytes[35..<43]))
        bodyLength = UInt32(littleEndianBytes: bytes[43..<47])
        title = String(decoding: bytes[51...], as: UTF8.self)
    }
}

/// What a record is. A number never changes its meaning; new ones are added at the end.
enum RecordKind: UInt16, CaseIterable {
    case relationship = 1
    case holding, item, version, terms, offer, grant, revocation, request, bundle, disclosure, signingKey, companyKeys
    case directory, letter, backup, message, followUp
    case note = 21
    case fieldMapping, contradiction, intent, intentKey, bid, posting
}

/// What records are filed under. A number never changes its meaning.
enum Index: UInt8 {
    /// Names of keys that belong to nobody else: `self`, `directory`.
    case namedKey = 1
    case companyDomain
    case itemName
    /// Parent record and kind of child.
    case child
    /// A personal value, as ``Vault/valueKey(_:)`` folds it.
    case value
    case directorySlug
    case directoryDomain
    case termsID
    /// The `jti` of a bundle.
    case bundleID
    /// The backups that are known: one list, under the value `known`.
    case backup
    /// The keys of intents that were not destroyed yet: one list, under the value `keys`.
    case intent = 24
}
