/// A named piece of personal data with all the values it ever had. Versions count from 1.
public struct DataItem: Hashable, Sendable {
    public let id: RecordID
    public let name: DataItemName
    /// Record ids of the versions, oldest first: version n is at n − 1. Nil where a version was removed.
    public var versions: [RecordID?]
    /// It is one of the person's own facts for letters (``PersonFact``), not data to share.
    public let isFact: Bool

    public init(id: RecordID, name: DataItemName, isFact: Bool = false, versions: [RecordID?] = []) {
        self.isFact = isFact
        self.id = id
        self.name = name
        self.versions = versions
    }

    /// The number of the newest version that was not removed; 0 when none is left.
    public var currentVersion: Int { (versions.lastIndex { $0 != nil } ?? -1) + 1 }

    /// Its record.
    public var current: RecordID? { versions.last { $0 != nil } ?? nil }

    /// Some value of it is left.
    public var isKept: Bool { versions.contains { $0 != nil } }
}

/// One value an item had, from the moment it was set until the next version.
public struct DataVersion: Hashable, Sendable {
    public let id: RecordID
    public let item: RecordID
    public let name: DataItemName
    public let number: Int
    public let value: Private<String>
    public let made: Instant

    /// The longest value kept, in bytes. A value travels inside a bundle of at most 256 KiB.
    public static let longestValue = 16 * 1024

    public init(id: RecordID, item: RecordID, name: DataItemName, number: Int, value: Private<String>, made: Instant) {
        self.id = id
        self.item = item
        self.name = name
        self.number = number
        self.value = value
        self.made = made
    }
}
