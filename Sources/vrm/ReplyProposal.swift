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
    let event: RequestEvent.Kind?
    /// The signed answer it comes from.
    private(set) var receipt: VerifiedBundle?
    let reason: String?
    /// Why there is no event, or where it comes from.
    let why: String

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
        guard requests.count == 1 else {
            (event, reason, why) = (nil, nil, "it names letters of \(requests.count) requests: read it and record each by hand")
            return
        }
        guard !reply.isBounce else {
            (event, reason, why) = (
                .bounced, nil, "a mail server says that it could not deliver the letter; anybody can write such a mail"
            )
            return
        }
        guard let files = reply.files else {
            (event, reason, why) = (nil, nil, "received a reply, read it; what is attached could not be taken out")
            return
        }
        guard let file = files.first else {
            (event, reason, why) = (nil, nil, "received a reply, read it")
            return
        }
        guard files.count == 1 else {
            (event, reason, why) = (nil, nil, "received a reply, read it; more than one file is attached")
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
            (event, reason, why) = (
                nil, nil, "received a reply, read it; the attached file breaks rule \(rejection.rule.rawValue)"
            )
        } catch let failure as VaultFailure {
            (event, reason, why) = (
                nil, nil, "received a reply, read it; the attached answer cannot be checked: \(failure.message.fact)"
            )
        }
    }

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
