import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct RecordRequest: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Write down what happened to a request.",
        discussion: """
            Examples:
              vrm request record 9f3a1c0e receipt.json
              vrm request record 9f3a1c0e answer.eml
              vrm request record 9f3a1c0e --event acknowledged --on 2027-03-20
              vrm request record 9f3a1c0e --event extended --on 2027-04-01 --until 2027-06-16 --reason "many requests"
              vrm request record 9f3a1c0e --event identity_supplied --on 2027-04-02 --item birthdate
              vrm request record 9f3a1c0e --answer-by 2027-05-01 --reason "agreed on the phone"
              vrm request record 9f3a1c0e --take-back

            FILE is the company's signed receipt, or a mail with it attached; it is checked by the trusted key (vrm company
            trust) and says itself what happened. A receipt for a revocation is recorded under the revocation's id.
            Events: \(RecordRequest.events.map(\.rawValue).joined(separator: ", ")).
            Reminders and complaints are recorded when their letters are sent. Reasons are kept with the request, not in the
            ledger.
            """)

    @Argument(help: "The id of the request (or of the revocation a receipt answers), or the start of it.") var id: String
    @Argument(help: "The signed receipt, a mail with it attached, or - for stdin.") var file: String?
    @Option(help: "What happened.") var event: String?
    @Option(help: "When (YYYY-MM-DD); today unless given.") var on: String?
    @Option(help: "The last day an extension names.") var until: String?
    @Option(help: "Why: their reasons, or yours for --answer-by.") var reason: String?
    @Option(help: "What they asked, with identity_requested: identity or scope.") var about: String?
    @Flag(help: "It came too late or for nothing: it does not move the deadline.") var contested = false
    @Option(help: "What you handed over, with identity_supplied. Repeatable.") var item: [String] = []
    @Option(help: "Who did it: me, company or authority.") var actor: String?
    @Option(help: "The day an answer is due by your word, or rule to go back to the law's.") var answerBy: String?
    @Flag(help: "Take back what was written down last.") var takeBack = false
    @OptionGroup var options: VaultOptions

    /// Those a person says; the others come with their letters.
    static let events = RequestEvent.Kind.allCases.filter { $0 != .reminded && $0 != .complained }

    func run(in context: Context) throws {
        let chosen = [file != nil, event != nil, answerBy != nil, takeBack].filter { $0 }.count
        guard chosen == 1 || (chosen == 2 && event != nil && answerBy != nil) else {
            throw Message(
                "say what happened: a file or an event", hint: "vrm request record ID FILE, or --event EVENT --on DATE",
                status: .usage)
        }
        let day = try on.map { try context.day($0, "--on") }
        let override = try setDay(context)
        let happened = try event.map { try event(named: $0, on: day ?? context.now.day, context) }
        let names = try item.map { try context.item($0) }
        guard names.isEmpty || happened?.kind == .identitySupplied else {
            throw Message(
                "items are handed over to show who you are", hint: "--event identity_supplied --item NAME", status: .usage)
        }
        let bundle = try file.map { try context.console.bundle(file: $0) }
        let outcome = try RequestRefusal.about(id) {
            try context.change("request record") { vault, change in
                do {
                    if let bundle, let revocation = try vault.revocation(id) {
                        let receipt = try vault.receipt(bundle, for: revocation, at: context.now)
                        let (kept, revocation) = try change.take(receipt: receipt, on: revocation, day: day)
                        return Outcome.revocation(revocation, kept)
                    }
                    var request = try vault.request(id)
                    if let bundle {
                        let receipt = try vault.receipt(bundle, for: request, at: context.now)
                        request = try change.take(receipt: receipt, on: request, under: .shipped, day: day)
                    }
                    if let happened { request = try change.record(happened, on: request, handing: names) }
                    if let override { request = try change.setAnswerBy(override.day, of: request) }
                    if takeBack { request = try change.takeBack(lastOf: request) }
                    return .request(request, try vault.relationship(request.relationship).company)
                } catch let rejection as Rejection {
                    throw rejection.message
                }
            }
        }
        switch outcome {
        case .request(let request, let company): try show(request, company, context)
        case .revocation(let revocation, let receipt): try show(revocation, receipt, context)
        }
    }

    /// What it was written down about.
    private enum Outcome {
        case request(RightsRequest, Company)
        case revocation(Revocation, KeptReceipt)
    }

    private func show(_ revocation: Revocation, _ receipt: KeptReceipt, _ context: Context) throws {
        let (domain, state) = (receipt.company.company.domain, receipt.payload.event(against: nil))
        try context.console.show(
            Answer(
                .members(
                    ("id", .string(revocation.id.description)), ("kind", "revocation"), ("company", .string(domain.description)),
                    ("state", .string(state.rawValue)), ("sent", JSONValue(revocation.sent?.description)),
                    ("answer_by", JSONValue(receipt.payload.expectedBy?.description)),
                    ("receipt", .string(receipt.id.description)))
            ) { _ in
                let will = context.isRehearsal ? "would be" : "is"
                return "the notice \(revocation.id.short) to \(domain) \(will) \(state.rawValue), "
                    + "signed by them on \(receipt.signed.day)"
            })
    }

    private func setDay(_ context: Context) throws -> (day: DeadlineOverride?, Void)? {
        guard let answerBy else { return nil }
        if answerBy == "rule" { return (nil, ()) }
        let day = try context.day(answerBy, "--answer-by")
        guard let override = DeadlineOverride(day, reason: Private(reason ?? "")) else {
            throw Message(
                "a day of your own needs a reason", hint: "--answer-by \(day) --reason \"agreed on the phone\"", status: .usage)
        }
        return (override, ())
    }

    private func event(named name: String, on day: Day, _ context: Context) throws -> RequestEvent {
        guard let kind = RequestEvent.Kind(rawValue: name) else {
            throw Message("no such event", hint: RecordRequest.events.map(\.rawValue).joined(separator: ", "), status: .usage)
        }
        guard RecordRequest.events.contains(kind) else {
            throw Message(
                "\(name) is recorded when its letter is sent",
                hint: kind == .reminded ? "vrm request remind ID --out DIR" : "vrm request complain ID --out DIR", status: .usage)
        }
        let lastDay = try until.map { try context.day($0, "--until") }
        guard lastDay == nil || kind == .extended else {
            throw Message("only an extension names a last day", hint: "drop --until", status: .usage)
        }
        guard let about = Clarification(rawValue: about ?? "identity") else {
            throw Message("they ask about one of two things", hint: "--about identity or scope", status: .usage)
        }
        let who = try actor.map { word in
            guard let actor = RequestEvent.Actor(rawValue: word) else {
                throw Message("nobody of that name", hint: "--actor me, company or authority", status: .usage)
            }
            return actor
        }
        return RequestEvent(
            kind, on: day, until: lastDay, reason: answerBy == nil ? reason.map { Private($0) } : nil, about: about,
            isContested: contested, actor: who, recorded: context.now)
    }

    private func show(_ request: RightsRequest, _ company: Company, _ context: Context) throws {
        if request.history.clockSetBack.contains(where: { $0.recorded == context.now }) {
            context.console.note("vrm: this machine's clock runs behind what was written down before; check it")
        }
        guard case .object(let json) = RequestReport.json(request, company, at: context.now) else { return }
        let deadline = RequestReport.deadline(of: request, company)
        try context.console.show(
            Answer(.object(json)) { _ in
                let will = context.isRehearsal ? "would be" : "is"
                var text =
                    "\(request.kind.rawValue) request to \(company.domain) \(will) \(request.standing(on: context.now.day, deadline))"
                if request.history.state.awaitsAnswer, let deadline {
                    text +=
                        deadline.stoppedSince.map { ", waiting for you since \($0)" }
                        ?? ", answer by \(deadline.answerBy) (not legal advice; vrm due --explain)"
                }
                for step in deadline?.steps ?? [] {
                    if case .notExtended = step, let deadline {
                        let words = DeadlineWords(deadline: deadline, request: request).answer
                        text += "\n" + words.filter { $0.contains("did not extend") }.joined(separator: "\n")
                    }
                }
                return text
            })
    }
}
