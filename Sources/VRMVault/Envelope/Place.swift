/// Where a sealed value belongs: the associated data that binds it there (docs/spec/vault-file.md §4).
///
/// "vrmvault/1" | vault id | class | fields. Fixed-size fields as they are, integers little-endian in 8 bytes,
/// variable ones with their length in 4 bytes before them.
struct Place {
    enum Class: UInt8 {
        case slotCommitment = 1
        case slot, wrappedKey, objectBody, objectHeader, indexTag, indexReference, logHeader, logEntry, head
        case bucketElement, logStart, recovery, rowID
    }

    private(set) var bytes: [UInt8]

    init(_ kind: Class, vault: [UInt8]) {
        bytes = Array("vrmvault/1".utf8) + vault + [kind.rawValue]
    }

    func with(fixed field: some Sequence<UInt8>) -> Place {
        var copy = self
        copy.bytes += field
        return copy
    }

    func with(_ number: Int64) -> Place { with(fixed: number.littleEndianBytes) }

    func with(variable field: some Collection<UInt8>) -> Place {
        with(fixed: UInt32(field.count).littleEndianBytes).with(fixed: field)
    }
}

extension FixedWidthInteger {
    var littleEndianBytes: [UInt8] { (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }

    init(littleEndianBytes bytes: some Collection<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
    }
}
