/// What the fields of one company's access replies mean, as the person confirmed it.
public struct FieldMapping: Hashable, Sendable {
    public let id: RecordID
    public let relationship: RecordID
    /// By the field's path, in the company's own words.
    public var uses: [String: FieldUse]

    /// As many fields as a record of 1 MiB surely holds.
    public static let mostFields = 2_000

    public init(id: RecordID, relationship: RecordID, uses: [String: FieldUse] = [:]) {
        self.id = id
        self.relationship = relationship
        self.uses = uses
    }
}

/// What a field of an access reply is: an item of the catalogue or the person's own, or something about the data.
public enum FieldUse: Hashable, Sendable, LosslessStringConvertible {
    case item(DataItemName)
    /// Whom the company gave data to.
    case recipient
    /// Where the company has data from.
    case source
    /// Nothing about the person: a number of a row, a version of a format.
    case ignored

    public var description: String {
        switch self {
        case .item(let name): name.description
        case .recipient: "@recipient"
        case .source: "@source"
        case .ignored: "@ignore"
        }
    }

    public init?(_ text: String) {
        switch text {
        case "@recipient": self = .recipient
        case "@source": self = .source
        case "@ignore": self = .ignored
        default:
            guard let name = DataItemName(text) else { return nil }
            self = .item(name)
        }
    }
}
