import VRMModel

/// What a list shows of a record without opening it. Sealed under the meta key.
struct ObjectHeader {
    let kind: RecordKind
    /// The key of the body.
    let key: RecordID
    let time: Instant
    let bodyLength: UInt32
    let title: String

    static let longestBody = 1024 * 1024

    init(kind: RecordKind, key: RecordID, time: Instant, bodyLength: UInt32, title: String) {
        self.kind = kind
        self.key = key
        self.time = time
        self.bodyLength = bodyLength
        self.title = title
    }

    /// u16 kind | u8 flags (0) | 16 key id | i64 time | u32 body length | u32 title length | title.
    var bytes: [UInt8] {
        let name = Array(title.utf8)
        return kind.rawValue.littleEndianBytes + [0] + key.bytes + time.seconds.littleEndianBytes
            + bodyLength.littleEndianBytes + UInt32(name.count).littleEndianBytes + name
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 35, let kind = RecordKind(rawValue: UInt16(littleEndianBytes: bytes[0..<2])), bytes[2] == 0,
            let key = RecordID(Array(bytes[3..<19])),
            Int(UInt32(littleEndianBytes: bytes[31..<35])) == bytes.count - 35
        else { return nil }
        self.kind = kind
        self.key = key
        time = Instant(seconds: Int64(littleEndianBytes: bytes[19..<27]))
        bodyLength = UInt32(littleEndianBytes: bytes[27..<31])
        title = String(decoding: bytes[35...], as: UTF8.self)
    }
}

/// What a record is. A number never changes its meaning; new ones are added at the end.
enum RecordKind: UInt16 {
    case relationship = 1
    case holding, item, version, terms, offer, grant, revocation, request, bundle, disclosure, signingKey, companyKeys
    case directory, letter
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
}
