import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct RemindRequest: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "remind", abstract: "Press for an answer, or contest a refusal: letter and mail in the same thread.",
        discussion: """
            Examples:
              vrm request remind 9f3a1c0e --out letters
              vrm request remind 9f3a1c0e --answer identity --out letters --send
              vrm request remind 9f3a1c0e --answer channel --language de --out letters

            The first letter reminds, the next one warns: it is the last before a complaint. --answer contests what the company
            replied: identity (it wants proof of who you are), channel (it wants another way), excessive (it calls the request
            unfounded or excessive), language (it wants another language; see --language). Made is not sent: the request moves
            on with --send, with --sent DATE, or with vrm sent and the letter's own id.
            """)

    @Argument(help: "The request's id, or the start of it.") var id: String
    @Option(help: "What the company replied: identity, channel, excessive or language.") var answer: String?
    @OptionGroup var making: FollowUpOptions
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let chosen = try answer.map { word in
            guard let kind = FollowUp.Kind(rawValue: "\(word)-dispute") else {
                throw Message("no letter answers that", hint: "--answer identity, channel, excessive or language", status: .usage)
            }
            return kind
        }
        try making.make("request remind", id, context) { vault, request in
            if chosen == .languageDispute, (making.language ?? request.language.description) == request.language.description {
                let others = Letter.languages.filter { $0 != request.language }.map(\.description)
                throw Message(
                    "the request is in \(request.language), which they refused",
                    hint: "--language \(others.joined(separator: ", or --language "))", status: .usage)
            }
            let earlier = try vault.followUps(of: request)
            let isReminded = earlier.contains { $0.kind == .reminder && $0.sent != nil }
            return (chosen ?? (isReminded ? .admonition : .reminder), nil)
        }
    }
}

struct ComplainRequest: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "complain", abstract: "Write the complaint about a request to the supervisory authority.",
        discussion: """
            Examples:
              vrm request complain 9f3a1c0e --out letters
              vrm request complain 9f3a1c0e --authority dehmbbfdi --out letters

            Goes to the authority of your country, or of the company's, as a directory has it: vrm import directory data. Where
            the law has a complaint or an appeal to the company first, that letter is written first. Made is not sent: the
            request moves on with --send, with --sent DATE, or with vrm sent and the letter's own id. Where an authority wants
            more than a letter, as an oath in California, that is said beside it.
            """)

    @Argument(help: "The request's id, or the start of it.") var id: String
    @Option(help: "The authority, by its slug in the directory.") var authority: String?
    @OptionGroup var making: FollowUpOptions
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        try making.make("request complain", id, context) { vault, request in
            guard let regime = LawBook.shipped.regime(request.regime) else { throw VaultFailure.unknownRequest }
            let kind = regime.complaint.next(after: try vault.followUps(of: request), request.history)
            guard kind == .complaint else { return (kind, nil) }
            let authority = try addressee(for: request, regime, vault, context)
            if making.language == nil, authority.language != request.language {
                context.console.note(
                    "vrm: in \(authority.language), which the authority reads; for another: --language \(request.language)")
            }
            return (kind, authority)
        }
    }

    private func addressee(
        for request: RightsRequest, _ regime: Regime, _ vault: Vault, _ context: Context
    ) throws -> FollowUpComposer.Addressee {
        let known = try vault.authorities()
        let company = try vault.relationship(request.relationship).company
        let person = try vault.fact(.country).flatMap { CountryCode($0.value.revealed) }
        var fitting = known.filter { $0.slug == authority }
        if let authority, fitting.isEmpty {
            throw Message(
                "no authority \(printable(authority)) in the directory", hint: "vrm import directory data", status: .notFound)
        }
        if authority == nil {
            fitting = Authorities.fitting(known, person: person, company: company.place, in: regime)
        }
        if fitting.count > 1 {
            throw Message(
                "more than one authority can be meant",
                hint: "--authority, one of: \(fitting.map(\.slug).joined(separator: ", "))", status: .ambiguous)
        }
        let asked = making.language.flatMap { LanguageCode($0) }
        if let found = fitting.first {
            let written = found.language.map { Letter.languages.contains($0) ? $0 : request.language }
            return FollowUpComposer.Addressee(
                name: found.name, address: found.address, email: found.email, language: asked ?? written ?? request.language)
        }
        let read = regime.complaint.languages.filter { Letter.languages.contains($0) }
        let language = asked ?? (read.contains(request.language) ? request.language : read.first ?? request.language)
        // The law names one by itself, for all there are.
        guard let name = Letter.authority(of: regime.id, in: language) ?? Letter.authority(of: regime.id, in: .english) else {
            throw Message(
                "no directory of supervisory authorities is here",
                hint: "git clone https://github.com/datenanfragen/data, then: vrm import directory data", status: .notFound)
        }
        context.console.note("vrm: no directory has the address of \(regime.complaint.authority)")
        if let filing = regime.complaint.filing {
            context.console.note("vrm: \(filing.words) (\(filing.citation.article))")
        }
        return FollowUpComposer.Addressee(name: name, address: nil, email: nil, language: language)
    }
}

/// What every further letter about a request is made with.
struct FollowUpOptions: ParsableArguments {
    @Option(help: "The folder for letter and mail.") var out: String
    @Option(help: "The language of the letter: en, de or fr; that of the request, or the authority's, unless given.")
    var language: String?
    @Option(help: "It left on this day already (YYYY-MM-DD).") var sent: String?
    @Flag(help: "Hand the mail to the sendmail command.") var send = false
    @Flag(help: "Overwrite files.") var force = false

    func make(
        _ command: String, _ id: String, _ context: Context,
        choosing choose: (Vault, RightsRequest) throws -> (FollowUp.Kind, FollowUpComposer.Addressee?)
    ) throws {
        let day = try sent.map { try context.day($0, "--sent") }
        if send, day != nil { throw Message("either --send now or --sent before", hint: "drop one of them", status: .usage) }
        let language = try language.map { text in
            guard let language = LanguageCode(text) else {
                throw Message("not a language code", hint: "--language en", status: .usage)
            }
            return language
        }
        let mailer = try send ? Mailer(context) : nil
        let files = OutputFiles(force: force, rehearse: context.isRehearsal)
        try files.makeFolder(out)
        let vault = try context.openVault(.changing)
        let (letter, mail) = try context.change(command, of: vault, files: files) { vault, change in
            let request = try vault.request(id)
            let company = try vault.relationship(request.relationship).company
            let (kind, authority) = try choose(vault, request)
            let composer = FollowUpComposer(
                vault: vault, context: context, language: language ?? authority?.language ?? request.language,
                authority: authority)
            var made: RequestComposer.Made?
            let letter = try RequestRefusal.about(id) {
                try change.followUp(kind, on: request) { draft in
                    let composed = try composer.compose(draft)
                    made = composed
                    return composed.draft
                }
            }
            guard let made else { throw Message("the letter cannot be put together") }
            preview(made, to: authority?.name ?? company.name, context)
            if send, made.mail == nil {
                throw Message(
                    "there is no mail to send: an address is missing",
                    hint: "vrm me set email -, vrm company edit \(company.domain) --privacy-email ADDRESS")
            }
            try context.console.confirm(send ? "Send this?" : "Make this letter?")
            try made.stage(files, as: "\(out)/\(company.domain)-\(letter.id.short)-\(kind.rawValue)")
            if let day { try change.markSent(.followUp(letter), on: day) }
            return (letter, made.mail)
        }
        if let mailer, let mail, !context.isRehearsal {
            try mailer.send(mail)
            try context.change("\(command) --send", of: vault) { _, change in
                try change.markSent(.followUp(letter), on: context.now.day)
            }
        }
        try show(letter, of: context.isRehearsal ? nil : vault, id, files, context)
    }

    private func preview(_ made: RequestComposer.Made, to name: String, _ context: Context) {
        context.console.note(made.shown(to: name).joined(separator: "\n"))
    }

    private func show(
        _ letter: FollowUp, of vault: Vault?, _ id: String, _ files: OutputFiles, _ context: Context
    ) throws {
        guard let vault else {
            return try context.console.show(
                Answer(.members(("kind", .string(letter.kind.rawValue)), ("state", "rehearsed"), ("files", .array([])))) { _ in
                    "would make the \(letter.kind.words)"
                })
        }
        let request = try vault.request(letter.request.description)
        let company = try vault.relationship(request.relationship).company
        guard case .object(var json) = RequestReport.json(request, company, at: context.now, files: files.published) else {
            return
        }
        json["id"] = .string(letter.id.description)
        json["request"] = .string(request.id.description)
        json["letter"] = .string(letter.kind.rawValue)
        let isSent = sent != nil || send
        try context.console.show(
            Answer(.object(json)) { _ in
                "made the \(letter.kind.words) about \(request.kind.rawValue) \(request.id.short)  \(letter.id.short)\n"
                    + files.published.map { "  \(printable($0))" }.joined(separator: "\n")
                    + (files.published.contains { $0.hasSuffix(".eml") }
                        ? "" : "\nthe signed request goes with it: vrm show \(request.id.short) --out FILE")
                    + (isSent ? "" : "\nsend it, then: vrm sent \(letter.id.short)")
            })
    }
}

extension FollowUp.Kind {
    var words: String { rawValue.replacing("-", with: " ") }
}
