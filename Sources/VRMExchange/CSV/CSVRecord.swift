/// One record of a CSV text. Holds nothing of the columns that were dropped.
public struct CSVRecord: Sendable {
    /// The line it begins on, from 1.
    public let line: Int
    var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var emptiness: [Bool] = []

    init(line: Int) { self.line = line }

    /// How many fields stood there. Missing trailing ones are not counted.
    public var count: Int { ends.count }

    mutating func endField(isEmpty: Bool) {
        ends.append(bytes.count)
        emptiness.append(isEmpty)
    }

    /// The text of a field; empty when its column was dropped or the record is too short.
    public subscript(_ column: Int) -> String {
        guard ends.indices.contains(column) else { return "" }
        let start = column == 0 ? 0 : ends[column - 1]
        return String(decoding: bytes[start..<ends[column]], as: UTF8.self)
    }

    /// Whether the field had no content where it stood, dropped or not.
    public func isEmpty(_ column: Int) -> Bool {
        emptiness.indices.contains(column) ? emptiness[column] : true
    }

    public var fields: [String] { (0..<count).map { self[$0] } }
}
