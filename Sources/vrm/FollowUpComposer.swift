import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// Writes a further letter about a request, in the thread of the first.
struct FollowUpComposer {
    let vault: Vault
    let context: Context
    let language: LanguageCode
    /// Whom a complaint goes to.
    var authority: Addressee?

    struct Addressee {
        let name: String
        let address: String?
        let email: String?
        let language: LanguageCode
    }

    /// How long the company is given from here on.
    static let patience = 14

    func compose(_ draft: FollowUpDraft) throws -> RequestComposer.Made {
        let composer = RequestComposer(vault: vault, context: context)
        let (request, company) = (draft.request, draft.relationship.company)
        guard let regime = LawBook.shipped.regime(request.regime) else {
            throw Message("the law of this request is not known here", hint: "vrm request show \(request.id.short)")
        }
        let bundle = draft.signed.file
        guard let kind = LetterKind(draft.kind) else { throw Message("the letter cannot be put together") }
        var facts = LetterFacts(
            kind: kind, language: language, reference: request.id.short, date: context.now.day,
            companyName: authority?.name ?? company.name, bundleFile: draft.first.bundleFile, bundleSHA256Hex: bundle.sha256Hex)
        facts.companyAddress = authority == nil ? company.address : authority?.address
        facts.regimeID = regime.id
        facts.article = regime.articles[request.kind]
        facts.identifiers = draft.identifiers.map { LetterFacts.Item($0.name) }
        let ownMail = try vault.fact(.email)
        facts.hasEmail = ownMail != nil
        let isComplaint = draft.kind == .complaint
        let to = ownMail == nil ? nil : isComplaint ? authority?.email : company.privacyEmail
        // An authority wants to know where a person lives; a company that a mail reaches need not.
        facts.hasAddress = try (isComplaint || to == nil) && vault.fact(.address) != nil
        let deadline = LawBook.shipped.deadline(of: request, at: company.place)
        facts.matter = matter(request, company, deadline, regime, draft.earlier)
        let given = context.now.day.adding(days: FollowUpComposer.patience)
        facts.deadline = isComplaint ? nil : max(given, deadline?.answerBy ?? given)
        let letter = try Letter.compose(facts)
        let made = LetterDraft(
            subject: letter.subject, to: to,
            messageID: try composer.messageID(), inReplyTo: isComplaint ? nil : draft.thread.first,
            references: isComplaint ? [] : draft.thread, date: context.now, bundleFile: draft.first.bundleFile,
            segments: try composer.segments(of: letter) { draft.identifiers.value($0) },
            fromName: try LetterFile.need(.name, vault).id,
            fromAddress: ownMail?.id)
        let text = try RequestComposer.text(of: made, vault)
        return RequestComposer.Made(
            draft: made, text: LetterFile.wrapped(text), mail: try RequestComposer.mail(of: made, bundle: bundle, vault),
            bundle: bundle)
    }

    private func matter(
        _ request: RightsRequest, _ company: Company, _ deadline: Deadline?, _ regime: Regime, _ letters: [FollowUp]
    ) -> LetterFacts.Matter {
        let sent = request.sent ?? request.made.day
        var asked = Clarification.identity
        var matter = LetterFacts.Matter(
            request.kind, sent: sent,
            timeline: request.history.events.map { event in
                if event.kind == .identityRequested { asked = event.about }
                return LetterFacts.Matter.Event(
                    event.kind, on: event.day, letter: letters.first { $0.id == event.followUp }?.kind, about: asked)
            })
        matter.appealComes = regime.complaint.next(after: letters, request.history) == .appeal
        matter.due = deadline.flatMap { $0.isBinding ? $0.answerBy : nil }
        matter.isPast = deadline.map { $0.answerBy < context.now.day } ?? false
        matter.controllerName = company.name
        matter.controllerAddress = company.address ?? company.origin.description
        matter.complaintArticle = regime.complaint.citation.article
        return matter
    }
}
