public import ArgumentParser
import VRMBundle
import VRMModel

/// Options every command of both programs has.
public struct OutputOptions: ParsableArguments {
    @Flag(help: "Answer in JSON; errors too.") public var json = false

    public init() {}
}

/// `verify`: whether a bundle keeps every rule. The same in both programs.
public struct Verify: ParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "Check a signed bundle and say what that proves.",
        discussion: """
            Examples:
              vrm-vendor verify grant.json --audience https://shop.example
              vrm-vendor verify revocation.json --audience https://shop.example --store seen
              vrm-vendor verify letter.eml --audience https://shop.example

            Exit: 0 it keeps every rule, 3 it is refused, 65 it is no bundle at all.
            Without --store the answer lists what could not be checked: replay, revocation, key continuity.
            """)

    @Argument(help: "The bundle: a file, a mail with one attached, or - for stdin.") var file: String
    @Option(help: "Who it must be for: your origin, https://HOST.") var audience: String?
    @Option(help: "A JWK, JWKS or jwt-vc-issuer file that pins the issuer's key. Repeatable.") var key: [String] = []
    @Option(help: "A bundle that this one refers to. Repeatable.") var reference: [String] = []
    @Option(help: "The text of terms that travels beside the bundle.") var termsText: String?
    @Option(help: "A revocation to take into account. Repeatable.") var revocation: [String] = []
    @Option(help: .hidden) var statusList: [String] = []
    @Option(help: "A folder that remembers keys, revocations and seen ids.") var store: String?
    @Option(help: .hidden) var nonce: String?
    @Option(help: .hidden) var keys: String?
    @Flag(help: .hidden) var batch = false
    @Option(help: "Judge by this time instead of now (RFC 3339).") var at: String?
    @OptionGroup var output: OutputOptions

    public init() {}

    public func run() throws {
        if batch || nonce != nil || keys != nil || !statusList.isEmpty { throw Message.notBuilt }
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        var now = console.now
        if let at {
            guard let time = Instant(at) else {
                throw Message("the time is not RFC 3339", hint: "--at 2027-03-01T12:00:00Z", status: .usage)
            }
            now = time
        }
        let documents = try key.map { try KeyDocument(parsing: console.read(file: $0, cap: Limits.keyDocumentBytes)) }
        let memory = try store.map { try CompanyStore($0) }
        let bytes = try console.bundle(file: file)
        do {
            let unverified = try Unverified(parsing: bytes)
            var policy = Policy(audience: audience, remembers: memory != nil)
            policy.termsText = try termsText.map { try console.read(file: $0, cap: 64 * 1024) }
            policy.references = try reference.map { try verified($0, console, documents, at: now) }
            let revocations = try revocation.map { try verified($0, console, documents, at: now) }
            let pinned = Verify.keys(for: unverified.issuer, in: documents)
            let isPublished = documents.contains { $0.issuer != nil && $0.issuer?.description == unverified.issuer }
            var recollection =
                try memory?.recall(unverified, adding: pinned, isPublished: isPublished) ?? Recollection(pinned: pinned)
            recollection.isRevoked = recollection.isRevoked || revocations.contains { $0.revokes(unverified) }
            let bundle = try Verifier(policy).verify(unverified, recalling: recollection, at: now)
            try memory?.remember(bundle, isPublished: isPublished)
            try console.show(Verdict.report(bundle))
        } catch let rejection as Rejection {
            if output.json { try console.show(Verdict.report(rejection)) }
            throw rejection.message
        }
    }

    private func verified(
        _ path: String, _ console: Console, _ documents: [KeyDocument], at now: Instant
    ) throws -> VerifiedBundle {
        let unverified = try Unverified(parsing: try console.bundle(file: path))
        // A pinned key is of one issuer; a referenced token of the other side is judged by its own.
        let own = Verify.keys(for: unverified.issuer, in: documents).filter {
            PairwiseIssuer.name($0.key) == unverified.issuer || unverified.issuer.flatMap { Origin($0) } != nil
        }
        return try Verifier(Policy(audience: nil, ignoresExpiry: true))
            .verify(unverified, recalling: Recollection(pinned: own), at: now)
    }

    /// The keys that count for an issuer. A document that names its issuer speaks for nobody else, and where there is one,
    /// bare keys do not speak for that issuer: they are somebody else's.
    static func keys(for issuer: String?, in documents: [KeyDocument]) -> [PinnedKey] {
        let own = documents.filter { $0.issuer != nil && $0.issuer?.description == issuer }
        return (own.isEmpty ? documents.filter { $0.issuer == nil } : own).flatMap(\.keys)
    }
}

extension VerifiedBundle {
    /// Whether this is a revocation that ends the given bundle (rule B-14: only its own issuer can).
    func revokes(_ bundle: Unverified) -> Bool {
        guard case .revocation(let revocation) = payload, bundle.issuer == common.iss else { return false }
        if revocation.all { return bundle.issuedAt.map { $0 <= common.iat } ?? false }
        return bundle.reference.map { revocation.revokes.contains($0) } ?? false
    }
}

/// `inspect`: what a bundle says, without judging it.
public struct Inspect: ParsableCommand {
    public static let configuration = CommandConfiguration(
        abstract: "Show what a bundle says, without checking it.",
        discussion: "Nothing shown is verified: anybody can write such a file. Use verify before acting on it.")

    @Argument(help: "The bundle: a file, a mail with one attached, or - for stdin.") var file: String
    @OptionGroup var output: OutputOptions

    public init() {}

    public func run() throws {
        let console = Console(program: "vrm-vendor", isJSON: output.json, noInput: true, isAgreed: true)
        do {
            let bundle = try Unverified(parsing: try console.bundle(file: file))
            try console.show(Verdict.report(unverified: bundle))
        } catch let rejection as Rejection {
            throw rejection.message
        }
    }
}
