/// Cuts a source into lines, at most one of them in memory.
public struct LineReader {
    /// Why there is no next line.
    public struct TooLong: Error {
        public let line: Int
    }
    /// The number of the line given last, from 1.
    public private(set) var line = 0
    public private(set) var bytesRead: Int64 = 0
    private let longest: Int
    private var chunk: [UInt8] = []
    private var at = 0

    public init(longest: Int) { self.longest = longest }

    /// The next line without its end, or nil after the last one.
    ///
    /// - Throws: ``TooLong`` before more than the cap and one block of it has been read.
    public mutating func next(from source: inout some ByteSource) throws -> [UInt8]? {
        var text: [UInt8] = []
        while true {
            if at == chunk.count {
                chunk = try source.read(upTo: 64 * 1024)
                at = 0
                bytesRead += Int64(chunk.count)
                if chunk.isEmpty {
                    guard !text.isEmpty else { return nil }
                    line += 1
                    return text
                }
            }
            let end = chunk[at...].firstIndex(of: UInt8(ascii: "\n"))
            text += chunk[at..<(end ?? chunk.count)]
            guard text.count <= longest else { throw TooLong(line: line + 1) }
            if let end {
                at = end + 1
                line += 1
                return text
            }
            at = chunk.count
        }
    }
}
