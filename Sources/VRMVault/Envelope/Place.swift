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
        bytes = []
        bytes.reserveCapacity(128)  // the longest of fixed size, so that fields are added in place
        bytes += Place.application.utf8
        bytes += vault
        bytes.append(kind.rawValue)
    }

    private static let application = "vrmvault/1"

    consuming func with(fixed field: some Sequence<UInt8>) -> Place {
        bytes += field
        return self
    }

    consuming func with(_ number: Int64) -> Place {
        bytes.append(number)
        return self
    }

    consuming func with(variable field: some Collection<UInt8>) -> Place {
        bytes.append(UInt32(field.count))
        bytes += field
        return self
    }
}

extension FixedWidthInteger {
    var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }

    init(littleEndianBytes bytes: some Collection<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
    }
}

extension [UInt8] {
    /// Appends a number, little-endian.
    mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
