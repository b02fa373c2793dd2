import Foundation
import Testing

@Suite struct TranscriptTests {
    @Test(arguments: Transcript.all)
    func `a transcript goes as it is written`(_ transcript: Transcript) throws {
        var run = try TranscriptRun(transcript)
        for step in transcript.steps {
            do {
                try run.play(step)
            } catch {
                let place = SourceLocation(
                    fileID: "TranscriptTests/\(transcript.testDescription)", filePath: transcript.path, line: step.line,
                    column: 1)
                Issue.record(
                    "\(transcript.testDescription):\(step.line): \(step.words.joined(separator: " "))\n\(error)\n\(run.said)",
                    sourceLocation: place)
                return
            }
        }
    }

    @Test func `there are transcripts, and each says something`() throws {
        #expect(Transcript.all.count >= 20)
        for transcript in Transcript.all {
            #expect(transcript.steps.contains { $0.words.contains("vrm") || $0.words.contains("vrm-vendor") })
            #expect(transcript.steps.contains { $0.words.contains("stdout") || $0.words.contains("stderr") })
        }
    }

    @Test(arguments: [
        "stdout nothing", "! vrm --help", "exit 5 vrm --help", "vrm nonsense", "exists nothing", "stdout $unknown",
        "dance",
    ])
    func `a transcript that is not so fails`(_ line: String) throws {
        let transcript = Transcript(path: "made.txt", text: line)
        var run = try TranscriptRun(transcript)
        #expect(throws: TranscriptFault.self) { try run.play(transcript.steps[0]) }
    }
}
