import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// What a reply to a letter of ours may mean for the request. Only the person's yes records it.
struct ReplyProposal {
    let reply: MailReply
    /// One request, or those among which the reply does not tell.
    let requests: [RightsRequest]
    let company: Relationship
    /// The sender was found genuine, or claims it, and belongs to the company.
    let isFromCompany: Bool
    /// An event of `vrm request record`; nil when only reading the reply can tell.
    private(set) var event: RequestEvent.Kind?
    /// What somebody who read it may say that it is, as far as the request's history allows.
    private(set) var choices: [RequestEvent.Kind] = []
    /// The signed answer it comes from.
    private(set) var receipt: VerifiedBundle?
    private(set) var reason: String?
    /// Why there is no event, or where it comes from.
    private(set) var why: String
    var outcome = MailReport.Recorded.proposed
    /// Neither a server's notice nor signed: what it is can be told by its kind and the request's history alone.
    private var isPlain = false

    /// Nil when the letters it answers are of no request.
    init?(_ reply: MailReply, in vault: Vault, _ letters: [String: [RightsRequest]], at now: Instant) throws {
        var requests: [RightsRequest] = []
        for request in reply.answers.flatMap({ letters[$0] ?? [] }) where !requests.contains(where: { $0.id == request.id }) {
            requests.append(request)
        }
        guard let request = requests.first else { return nil }
        self.reply = reply
        self.requests = requests
        company = try vault.relationship(request.relationship)
        isFromCompany = reply.standing != .unknown && ReplyProposal.domains(of: company).contains { $0 == reply.domain }
        why = "received a reply, read it"
        guard requests.count == 1 else {
            why = "it names letters of \(requests.count) requests: read it and record each by hand"
            return
        }
        switch reply.kind {
        case .bounce:
            event = .bounced
            why = "a mail server says that it could not deliver the letter; anybody can write such a mail"
        case .notice: break
        case .arrival: isPlain = true
        case .automatic, .written: try readAttached(for: request, in: vault, at: now)
        }
    }

    /// What the company signed says itself what happened.
    private mutating func readAttached(for request: RightsRequest, in vault: Vault, at now: Instant) throws {
        guard let files = reply.files?.filter(ReplyProposal.mayBeReceipt) else {
            why = "received a reply, read it; what is attached could not be taken out"
            return
        }
        guard let file = files.first else { return isPlain = true }
        guard files.count == 1 else {
            why = "received a reply, read it; more than one file is attached"
            return
        }
        do {
            let bundle = try vault.receipt(file, for: request, at: now)
            guard case .receipt(let receipt) = bundle.payload else { throw VaultFailure.unknownAgreement }
            let deadline = LawBook.shipped.deadline(of: request, at: company.company.place)
            self.receipt = bundle
            event = receipt.event(against: deadline)
            reason = receipt.reason?.rawValue
            why = "a receipt signed by the company says \(receipt.outcome.rawValue)"
        } catch let rejection as Rejection {
            why = "received a reply, read it; the attached file breaks rule \(rejection.rule.rawValue)"
        } catch let failure as VaultFailure {
            why = "received a reply, read it; the attached answer cannot be checked: \(failure.message.fact)"
        }
    }

    /// Data they sent, and our own letter sent back, are nothing they signed.
    private static func mayBeReceipt(_ file: [UInt8]) -> Bool {
        do throws(Rejection) {
            return try Unverified(parsing: file).header?["typ"]?.string == TokenType.receipt.rawValue
        } catch {
            return error.rule != .shape
        }
    }

    /// What can be read in a reply without a signature.
    private static let readable: [RequestEvent.Kind] = [
        .acknowledged, .identityRequested, .extended, .fulfilled, .partial, .noData, .refused,
    ]

    /// Proposes what harms nobody: that the request arrived, when nothing says so yet. Its words are the person's to read;
    /// ``choices`` has what they can turn out to be.
    mutating func weigh(against history: RequestHistory, at now: Instant) {
        guard isPlain else { return }
        (event, choices) = (nil, [])
        if let digest = reply.digest, let known = history.events.first(where: { $0.evidence == digest }) {
            (event, outcome, why) = (known.kind, .recorded, "written down before")
            return
        }
        guard isFromCompany else { return }
        let possible = ReplyProposal.readable.filter { kind in
            var longer = history
            return (try? longer.add(RequestEvent(kind, on: reply.arrived, recorded: now))) != nil
        }
        let isFirst = !history.events.contains { $0.kind == .acknowledged }
        if isFirst, possible.contains(.acknowledged) { event = .acknowledged }
        switch reply.kind {
        case .arrival:
            why = "a mail program says that the letter arrived" + (event == nil ? ", which tells nothing new" : "")
        case .automatic: why = "automatic answer" + (event == nil ? ", which tells nothing new" : "")
        default:
            choices = possible
            why =
                event != nil
                ? "first reply, read it: it may say more"
                : history.events.contains { $0.kind == .sent }
                    ? "received a reply, read it"
                    : "received a reply, read it; that the letter left is not written down: vrm sent \(requests[0].id.short)"
        }
    }

    /// The person's word on what it is.
    mutating func settle(on kind: RequestEvent.Kind) { event = kind }

    /// The command that records it.
    var command: String {
        let id = requests.count == 1 ? requests[0].id.short : "ID"
        guard receipt != nil else {
            return "vrm request record \(id) --event \(event?.rawValue ?? "EVENT") --on \(reply.arrived)"
        }
        return "vrm request record \(id) \(reply.file?.shellWord ?? "FILE")"
    }

    /// Where the company may write from: its domains, and that of the address letters go to.
    private static func domains(of relationship: Relationship) -> [Domain] {
        let company = relationship.company
        let privacy = company.privacyEmail?.split(separator: "@").last.flatMap { PublicSuffixes.host(ofURL: String($0)) }
        return [company.domain] + company.otherDomains + [privacy.flatMap(PublicSuffixes.registrableDomain)].compactMap { $0 }
    }
}
