import Foundation
import VRMExchange

/// Gives few bytes at a time, so that every boundary falls between two blocks somewhere.
struct DribblingSource: ByteSource {
    var rest: MemoryByteSource
    let step: Int

    init(_ text: String, step: Int = 1) {
        rest = MemoryByteSource(text)
        self.step = step
    }

    mutating func read(upTo n: Int) -> [UInt8] { rest.read(upTo: min(n, step)) }
}

/// Never ends, and counts what was taken from it.
struct EndlessSource: ByteSource {
    var taken = 0
    var head: [UInt8] = []
    let byte: UInt8

    mutating func read(upTo n: Int) -> [UInt8] {
        taken += n
        if !head.isEmpty {
            defer { head = [] }
            return head
        }
        return [UInt8](repeating: byte, count: n)
    }
}

/// Public data that sits beside the repository and is never part of it.
enum SharedData {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static let isPresent = FileManager.default.fileExists(atPath: folder.path)
    static let reason: String = "the public data is not beside the repository"
}

/// A folder for one test, removed afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
