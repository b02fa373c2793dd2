import ArgumentParser
import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

struct TrustCompany: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Trust the keys a company signs with, and seal to the one it opens with.",
        discussion: """
            Examples:
              vrm company trust shop.example jwks.json
              vrm company trust shop.example --fetch
              vrm company trust shop.example rotation.json

            FILE is a JWKS, a jwt-vc-issuer document, or the company's signed statement that it has a new key. Compare the
            thumbprint with one you got another way. Keys trusted before are replaced; when they differ you are asked.
            --fetch gets the document from the company's own origin, with your curl. From then on what you make for the company
            is sealed to its encryption key, when it has one.
            """)

    @Argument(help: "Its domain, name, or the start of one.", completion: .companies) var company: String
    @Argument(help: "The key document.") var file: String?
    @Flag(help: "Get the document from https://ITS-ORIGIN/.well-known/jwt-vc-issuer.") var fetch = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        guard (file == nil) == fetch else {
            throw Message("either a key file or --fetch", hint: "vrm company trust shop.example jwks.json", status: .usage)
        }
        let given = try file.map { try context.console.read(file: $0, cap: Limits.fileBytes) }
        let (relationship, keys, sealing) = try context.change("company trust") { vault, change in
            let relationship = try vault.company(self.company)
            let bytes = try given ?? KeyFetch(origin: relationship.company.origin).document()
            let before = try vault.trustedKeys(of: relationship)
            if let statement = try? Unverified(parsing: bytes) {
                try follow(statement, of: relationship, before, vault, change, context)
            } else {
                let document = try KeyDocument(parsing: bytes)
                try trust(document, of: relationship, before, vault, change, context)
            }
            return (relationship, try vault.trustedKeys(of: relationship), try vault.sealingKey(of: relationship.id))
        }
        let prints = keys.map(\.key.thumbprint)
        try context.console.show(
            Answer(
                .members(
                    ("domain", .string(relationship.company.domain.description)), ("thumbprint", JSONValue(prints.first)),
                    ("thumbprints", .array(prints.map { .string($0) })), ("encryption_thumbprint", JSONValue(sealing?.thumbprint))
                )
            ) { _ in "\(relationship.company.domain) is trusted with\n" + prints.map { "  \($0)" }.joined(separator: "\n") })
    }

    private func trust(
        _ document: KeyDocument, of relationship: Relationship, _ before: [PinnedKey], _ vault: Vault, _ change: Change,
        _ context: Context
    ) throws {
        let company = relationship.company
        // A document that was fetched must say whose it is: else whoever answers there speaks for anybody.
        if fetch || document.issuer != nil, document.issuer != company.origin {
            throw Message(
                "the document is of another issuer", hint: "vrm company edit \(company.domain) --origin https://HOST",
                status: .refused)
        }
        let sealing = try vault.sealingKey(of: relationship.id)
        if before == document.keys, sealing == document.encryptionKeys.first { return }
        let prints = document.keys.map(\.key.thumbprint)
        if before.isEmpty {
            context.console.note(
                "\(company.domain) signs with\n\(prints.map { "  \($0)" }.joined(separator: "\n"))\ncompare that with what the company says elsewhere"
            )
            try context.console.confirm("Trust it?")
        } else {
            context.console.note("trusted so far: \(before.map(\.key.thumbprint).joined(separator: ", "))")
            context.console.note("in the file:    \(prints.joined(separator: ", "))")
            if sealing != document.encryptionKeys.first {
                context.console.note("sealed so far to: \(sealing?.thumbprint ?? "nobody")")
                context.console.note("in the file:      \(document.encryptionKeys.first?.thumbprint ?? "nobody")")
            }
            try context.console.confirm("The keys changed. Trust the new ones?")
        }
        try change.trust(document.keys, of: relationship, encryptionKeys: document.encryptionKeys)
    }

    private func follow(
        _ statement: Unverified, of relationship: Relationship, _ before: [PinnedKey], _ vault: Vault, _ change: Change,
        _ context: Context
    ) throws {
        let (recollection, policy) = try vault.expectation(ofRotation: statement, by: relationship, at: context.now)
        let bundle: VerifiedBundle
        do throws(Rejection) {
            bundle = try Verifier(policy).verify(statement, recalling: recollection, at: context.now)
        } catch {
            throw error.message
        }
        context.console.note("trusted so far: \(before.map(\.key.thumbprint).joined(separator: ", "))")
        context.console.note("from now on:    \(bundle.successor?.key.key.thumbprint ?? "")")
        context.console.note("the old key signed that, in place of \(bundle.key.key.thumbprint)")
        try context.console.confirm("The key changed. Trust the new one?")
        try change.follow(rotation: bundle, of: relationship)
    }
}

struct RotateKey: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Take a new key towards one company.",
        discussion: """
            Example:
              vrm company rotate shop.example --out rotation.json

            The old key signs the new one and nothing after it; the company goes on knowing you. Hand the file over before the
            next thing you send.
            """)

    @Argument(help: "Its domain, name, or the start of one.", completion: .companies) var company: String
    @Option(help: "Where the signed file goes, or - for stdout.") var out: String
    @Flag(help: "Overwrite the file.") var force = false
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.check(out)
        let (rotation, thumbprint, signed, domain) = try context.change("company rotate", files: files) { vault, change in
            let relationship = try vault.company(self.company)
            let domain = relationship.company.domain
            let sealing = try Sealing.words(towards: relationship.id, vault)
            context.console.note(
                "To \(printable(relationship.company.name)), as \(relationship.company.origin):\n  a new key of yours, signed by the old one; \(sealing)"
            )
            try context.console.confirm("Take a new key towards \(domain)? The old one signs nothing more.")
            let (rotation, thumbprint, signed) = try change.rotateKey(towards: relationship)
            try files.stage(signed.file, as: out)
            return (rotation, thumbprint, signed, domain)
        }
        try context.console.show(
            Answer(
                .members(
                    ("id", .string(rotation.id.description)), ("company", .string(domain.description)),
                    ("thumbprint", .string(thumbprint)), ("file", .string(out)),
                    ("sealed", .bool(signed.sealed != nil)), ("state", .string(context.isRehearsal ? "rehearsed" : "made")))
            ) { _ in
                context.isRehearsal
                    ? "would take a new key towards \(domain)"
                    : "took a new key towards \(domain)  \(rotation.id.short)\nhand \(printable(out)) over, then: vrm sent \(rotation.id.short)"
            }, beside: files.usesStandardOutput)
    }
}
