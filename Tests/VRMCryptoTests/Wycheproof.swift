import Foundation
import Testing

/// Wycheproof, where it is at hand.
enum Wycheproof {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/data/vectors/wycheproof")
    static let isThere = FileManager.default.fileExists(atPath: folder.path)

    static func groups(_ name: String) throws -> [[String: Any]] {
        let data = try Data(contentsOf: folder.appending(path: name))
        let parsed = try JSONSerialization.jsonObject(with: data)
        let object = try #require(parsed as? [String: Any])
        return try #require(object["testGroups"] as? [[String: Any]])
    }
}

func bytes(_ hex: Any?) -> [UInt8] {
    let digits = Array((hex as? String ?? "").utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
}
