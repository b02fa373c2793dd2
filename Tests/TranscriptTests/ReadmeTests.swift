import Foundation
import Testing

/// README.md shows a tour; what it shows must happen.
@Suite struct ReadmeTests {
    static let readme = place("../../README.md")
    /// The interpreter that scripts/test sets up.
    static let python = ProcessInfo.processInfo.environment["VRM_PYTHON"]

    static func place(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: name).standardizedFileURL
    }

    static func tour(_ place: URL) -> Tour? {
        guard let text = try? String(contentsOf: place, encoding: .utf8) else { return nil }
        let tour = Tour(text)
        return tour.steps.isEmpty ? nil : tour
    }

    private func check(_ place: URL, python: String?) throws {
        let tour = try #require(ReadmeTests.tour(place))
        for fault in try tour.run(python: python) {
            Issue.record(
                "\(fault.fact)",
                sourceLocation: SourceLocation(
                    fileID: "TranscriptTests/\(place.lastPathComponent)", filePath: place.path, line: max(1, fault.line),
                    column: 1))
        }
    }

    @Test(.enabled(if: tour(readme) != nil, "README.md shows no commands"))
    func `the tour of README.md goes as it is written`() throws {
        try check(ReadmeTests.readme, python: nil)
    }

    @Test(
        .enabled(if: tour(readme)?.programs.isEmpty == false, "README.md shows no Python program"),
        .enabled(if: python != nil, "VRM_PYTHON does not name an interpreter with the packages"))
    func `the Python program of README.md verifies what the tour made`() throws {
        try check(ReadmeTests.readme, python: ReadmeTests.python)
    }

    @Test func `a tour is read with its commands, answers and programs`() throws {
        let tour = try #require(ReadmeTests.tour(ReadmeTests.place("Fixtures/tour.md")))
        #expect(tour.steps.count == 6)
        #expect(tour.programs.map(\.name) == ["count.py"])
        #expect(tour.steps[3].answer == ["vrm: error: no such company", "…"])
        #expect(tour.steps.filter(tour.usesProgram).map(\.command) == ["python count.py"])
        try check(ReadmeTests.place("Fixtures/tour.md"), python: nil)
    }

    @Test(.enabled(if: python != nil, "VRM_PYTHON does not name an interpreter with the packages"))
    func `a program in a tour is run`() throws {
        try check(ReadmeTests.place("Fixtures/tour.md"), python: ReadmeTests.python)
    }

    @Test(arguments: [
        ("$ echo a\nb", "says:"), ("$ echo a", "says:"), ("$ echo a; false\na", "exit status 1"), ("$ true\na", "says:"),
        ("$ exit 3\n$ true", "was not run"), ("$ echo abc\na…d", "says:"), ("$ printf 'a\\nb\\n'\n…\nc", "says:"),
    ])
    func `a tour that is not so fails`(_ block: String, _ fact: String) throws {
        let faults = try Tour("```console\n\(block)\n```\n").run(python: nil)
        #expect(faults.first?.fact.contains(fact) == true)
    }

    @Test(arguments: [
        ("$ echo abc", "abc"), ("$ echo abc", "a…"), ("$ echo abc", "…c"), ("$ echo abc", "…"), ("$ true", "…"),
        ("$ printf 'a\\nb\\nc\\n'", "a\n…\nc"), ("$ printf 'a\\nb\\nc\\n'", "…\nc"), ("$ cd /; pwd", "/"), ("$ echo a >&2", "a"),
    ])
    func `an ellipsis stands for anything`(_ command: String, _ answer: String) throws {
        #expect(try Tour("```console\n\(command)\n\(answer)\n```\n").run(python: nil).isEmpty)
    }
}
