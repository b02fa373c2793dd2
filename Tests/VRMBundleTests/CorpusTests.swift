import Foundation
import Testing

/// What fuzzing found worth keeping, read again in every run: what once crashed or hung does so no more.
@Suite struct CorpusTests {
    static let root = Vector.root.appending(path: "Fuzz/Corpus")

    static func files(_ target: FuzzTarget) throws -> [URL] {
        let folder = root.appending(path: target.rawValue)
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    }

    @Test(arguments: FuzzTarget.allCases)
    func `every file that fuzzing found is answered`(_ target: FuzzTarget) throws {
        let files = try CorpusTests.files(target)
        #expect(files.count >= 5)
        for file in files {
            let complaint = target.complaint(about: [UInt8](try Data(contentsOf: file)))
            #expect(complaint == nil, "\(file.lastPathComponent)")
        }
    }

    @Test func `every target has a corpus`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: CorpusTests.root.path)
        #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}
