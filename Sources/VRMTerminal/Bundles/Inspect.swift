public import ArgumentParser
import VRMBundle

/// `inspect`: what a bundle says, without judging it.
public struct Inspect: ParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "Show what a bundle says, without checking it.",
        discussion: "Nothing shown is verified: anybody can write such a file. Use verify before acting on it.")

    @Argument(help: "The bundle: a file, or - for stdin.") var file: String
    @Option(help: "The folder of vrm-vendor keys new, to open a sealed bundle.") var keys: String?
    @OptionGroup var output: OutputOptions

    public init() {}

    public func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        do {
            let opening = try keys.map { try KeyFolder($0, console).openingKeys } ?? []
            let bundle = try Unverified(parsing: try console.bundle(file: file), opening: opening)
            try console.show(Verdict.report(unverified: bundle))
        } catch let rejection as Rejection {
            throw rejection.message
        }
    }
}
