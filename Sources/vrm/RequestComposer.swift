import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// Writes the letter and the mail around a rights request, and puts them together again later from what is kept.
struct RequestComposer {
    let vault: Vault
    let context: Context

    /// Everything made for one request.
    struct Made {
        let draft: LetterDraft
        let text: String
        /// The whole message; nil when one of the two addresses is missing.
        let mail: [UInt8]?
        let bundle: [UInt8]

        /// Writes the three files. Only after the person said yes: a program ended at the question leaves nothing behind.
        func stage(_ files: OutputFiles, in folder: String) throws {
            let path = "\(folder)/\(draft.bundleFile.dropLast(5))"
            try files.stage(bundle, as: path + ".json")
            try stage(files, as: path)
        }

        /// The letter and the mail alone.
        func stage(_ files: OutputFiles, as path: String) throws {
            try files.stage(Array(text.utf8), as: path + ".txt")
            if let mail { try files.stage(mail, as: path + ".eml") }
        }
    }

    func compose(_ request: RequestDraft) throws -> Made {
        let company = request.relationship.company
        let bundle = request.signed.file
        let name = "\(company.domain)-\(request.id.short)-\(request.kind.rawValue)"
        let ownName = try LetterFile.need(.name, vault)
        let ownMail = try vault.fact(.email)
        let ownAddress = try vault.fact(.address)
        var facts = LetterFacts(
            kind: request.letterKind, language: request.language, reference: request.id.short,
            date: context.now.day, companyName: company.name, bundleFile: name + ".json",
            bundleSHA256Hex: bundle.sha256Hex)
        facts.companyAddress = company.address
        facts.runs = Array(try vault.directoryRecords(for: company.domain).flatMap(\.runs).prefix(12))
        facts.regimeID = request.regime.id
        facts.article = request.regime.articles[request.kind]
        facts.answer = request.regime.answer(to: request.kind)
        facts.canBeExtended = request.regime.extensions?.kinds.contains(request.kind) ?? false
        facts.deadline = request.deadline.answerBy
        facts.identifiers = request.identifiers.map { LetterFacts.Item($0.name) }
        facts.hasEmail = ownMail != nil
        let to = ownMail == nil ? nil : company.privacyEmail
        // Where a mail can go, the company need not learn where the person lives.
        facts.hasAddress = ownAddress != nil && to == nil
        facts.take(request.matter)
        let letter = try Letter.compose(facts)
        let draft = LetterDraft(
            subject: letter.subject, to: to, messageID: try messageID(),
            date: context.now, bundleFile: name + ".json", segments: try segments(of: letter) { request.value($0) },
            fromName: ownName.id, fromAddress: ownMail?.id)
        let text = try RequestComposer.text(of: draft, vault)
        let mail = try RequestComposer.mail(of: draft, bundle: bundle, vault)
        return Made(draft: draft, text: LetterFile.wrapped(text), mail: mail, bundle: bundle)
    }

    /// A letter with each value of the person as a reference.
    func segments(
        of letter: Letter, _ value: (String) -> (value: Private<String>, version: RecordID?)?
    ) throws -> [LetterDraft.Segment] {
        let ownName = try LetterFile.need(.name, vault)
        let (ownMail, ownAddress) = (try vault.fact(.email), try vault.fact(.address))
        return try letter.segments.map { segment in
            switch segment {
            case .text(let text): return .text(text)
            case .personal("me.name"): return .version(ownName.id)
            case .personal("me.email"): return ownMail.map { .version($0.id) } ?? .text("")
            case .personal("me.address"): return ownAddress.map { .version($0.id) } ?? .text("")
            case .personal(let key):
                guard let (value, version) = value(key) else {
                    throw Message("the letter refers to something unknown")
                }
                return version.map { .version($0) } ?? .text(value.revealed)
            }
        }
    }

    /// Not the record's id: that stands in the open in store.db, and would tell whose vault it is.
    func messageID() throws -> String {
        let host = try vault.fact(.email)?.value.revealed.split(separator: "@").last.map(String.init) ?? "vrm.invalid"
        return "<\(Random.bytes(16).hex)@\(host)>"
    }

    /// The words of a kept letter, the person's values put in again.
    static func text(of draft: LetterDraft, _ vault: Vault) throws -> String {
        try draft.segments.map { segment in
            switch segment {
            case .text(let text): text
            case .version(let id): try vault.version(id)?.value.revealed ?? "…"
            }
        }.joined()
    }

    /// The message of a kept letter, byte for byte as it was made; nil when it never was one.
    static func mail(of draft: LetterDraft, bundle: [UInt8], _ vault: Vault) throws -> [UInt8]? {
        guard let to = draft.to, let from = try draft.fromAddress.flatMap({ try vault.version($0) }) else { return nil }
        let name = try draft.fromName.flatMap { try vault.version($0)?.value.revealed }
        return try MailMessage(
            from: MailMessage.Mailbox(name: name, address: from.value.revealed), to: MailMessage.Mailbox(address: to),
            subject: draft.subject, date: draft.date, messageID: draft.messageID,
            inReplyTo: draft.inReplyTo, references: draft.references, text: try text(of: draft, vault),
            attachment: MailMessage.Attachment(
                name: draft.bundleFile, mediaType: Sealing.isSealed(bundle) ? "application/jose" : "application/json",
                bytes: bundle),
            boundarySeed: String(draft.messageID.dropFirst().prefix(32))
        ).rendered
    }
}

extension [UInt8] {
    var sha256Hex: String { SHA256.digest(self).hex }
}
