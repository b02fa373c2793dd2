import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// What a reply to a letter of ours may mean for the request. Proposed, never recorded: the person decides.
struct ReplyProposal {
    let reply: MailReply
    /// One request, or those among which the reply does not tell.
    let requests: [RightsRequest]
    let company: Relationship
    /// The sender was found genuine, or claims it, and belongs to the company.
    let isFromCompany: Bool
    /// An event of `vrm request record`; nil when only reading the reply can tell.
    let event: String?
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
            let receipt = try ReplyProposal.receipt(file, for: request, in: vault, at: now)
            event = receipt.event
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
        let file = reply.file.map { "'\($0.replacing("'", with: "'\\''"))'" } ?? "FILE"
        return "vrm request record \(requests.count == 1 ? requests[0].id.short : "ID") \(file)"
    }

    private static func receipt(
        _ file: [UInt8], for request: RightsRequest, in vault: Vault, at now: Instant
    ) throws -> ReceiptPayload {
        let unverified = try Unverified(parsing: file)
        let (recollection, policy) = try vault.expectation(of: unverified, .receipt, at: now)
        let verified = try Verifier(policy).verify(unverified, recalling: recollection, at: now)
        let ours = try Unverified(parsing: vault.file(ofBundle: request.bundle).bytes).reference
        guard case .receipt(let receipt) = verified.payload, receipt.ref == ours else { throw VaultFailure.unknownAgreement }
        return receipt
    }

    /// Where the company may write from: its domains, and that of the address letters go to.
    private static func domains(of relationship: Relationship) -> [Domain] {
        let company = relationship.company
        let privacy = company.privacyEmail?.split(separator: "@").last.flatMap { PublicSuffixes.host(ofURL: String($0)) }
        return [company.domain] + company.otherDomains + [privacy.flatMap(PublicSuffixes.registrableDomain)].compactMap { $0 }
    }
}

extension ReceiptPayload {
    /// The event of a request that this outcome is.
    var event: String {
        switch (outcome, reason) {
        case (.open, .need_user_verification), (.in_progress, .need_user_verification): "identity_requested"
        case (.open, _): "received"
        case (.in_progress, _): "acknowledged"
        case (.fulfilled, _): retained.isEmpty ? "fulfilled" : "partial"
        case (.denied, .no_match): "no_data"
        case (.denied, _), (.expired, _): "refused"
        }
    }
}
