import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// Goes through what a mailbox brought about requests, and records what the person says yes to, one by one. What cannot be
/// recorded is told and stops nothing.
struct ReplyRecording {
    let vault: Vault
    let context: Context
    private var console: Console { context.console }

    func run(_ report: inout MailReport) throws {
        // As it would be if everything proposed were so: of two replies only the first is the first.
        var histories: [RecordID: RequestHistory] = [:]
        for place in report.proposals.indices {
            var proposal = report.proposals[place]
            guard proposal.requests.count == 1 else { continue }
            let request = try vault.request(proposal.requests[0].id.description)
            proposal.weigh(against: histories[request.id] ?? request.history, at: context.now)
            if case .proposed = proposal.outcome { try settle(&proposal, of: request) }
            report.proposals[place] = proposal
            if case .recorded = proposal.outcome {
                histories[request.id] = try vault.request(request.id.description).history
            } else if let event = proposal.event, event != .bounced, !console.mayAsk || context.isRehearsal {
                var longer = histories[request.id] ?? request.history
                try? longer.add(RequestEvent(event, on: proposal.reply.arrived, recorded: context.now))
                histories[request.id] = longer
            }
        }
        for (place, reopening) in report.reopenings.enumerated() where try console.agrees(to: reopening.question) {
            report.reopenings[place].outcome = try record { vault, change in
                _ = try change.record(
                    RequestEvent(.reopened, on: reopening.day, recorded: context.now),
                    on: try vault.request(reopening.request.id.description))
            }
        }
    }

    private func settle(_ proposal: inout ReplyProposal, of request: RightsRequest) throws {
        let domain = proposal.company.company.domain
        let what = "\(request.kind.rawValue) \(request.id.short)"
        if let receipt = proposal.receipt, let event = proposal.event {
            guard try console.agrees(to: "\(domain) signed \(event.rawValue) for \(what): record it?") else { return }
            proposal.outcome = try record { vault, change in
                _ = try change.take(receipt: receipt, on: try vault.request(request.id.description), under: .shipped)
            }
            return
        }
        guard proposal.isFromCompany, proposal.reply.kind != .bounce else { return }
        let claimed = proposal.reply.standing == .checked ? "" : " (sender not checked)"
        let came = "\(domain)\(claimed), \(proposal.reply.arrived), on \(what)"
        guard let event = try event(of: proposal, "reply of \(came)") else { return }
        proposal.settle(on: event.kind)
        proposal.outcome = try record { vault, change in
            _ = try change.record(event, on: try vault.request(request.id.description))
        }
    }

    /// What a reply without a signature is by the person's word; nil for nothing.
    private func event(of proposal: ReplyProposal, _ reply: String) throws -> RequestEvent? {
        let digest = proposal.reply.digest
        func event(_ kind: RequestEvent.Kind, until: Day? = nil, _ reason: Private<String>? = nil) -> RequestEvent {
            RequestEvent(
                kind, on: proposal.reply.arrived, until: until, reason: reason, evidence: digest, recorded: context.now)
        }
        guard !proposal.choices.isEmpty, console.mayAsk, !console.isAgreed, !context.isRehearsal else {
            guard let kind = proposal.event, try console.agrees(to: "\(reply), \(proposal.why): record \(kind.rawValue)?") else {
                return nil
            }
            return event(kind)
        }
        let nothing = "nothing"
        let usual = proposal.event?.rawValue ?? nothing
        let said = try console.choice(
            "\(reply): \"\(printable(proposal.reply.subject))\"\nWhat does it say",
            of: proposal.choices.map(\.rawValue) + [nothing], usual: usual)
        guard let said, let kind = RequestEvent.Kind(rawValue: said) else { return nil }
        guard [.extended, .refused].contains(kind) else { return event(kind) }
        let until = kind == .extended ? try console.answerMaybe("The last day it names (2027-06-16, empty for none)", day) : nil
        let reason = try console.askMaybe("Their reasons (empty for none)")
        return event(kind, until: until, reason.map { Private($0) })
    }

    private func day(_ text: String) throws -> Day {
        guard let day = Day(text) else { throw Message("not a day", hint: "2027-06-16", status: .usage) }
        return day
    }

    private func record(_ body: (Vault, Change) throws -> Void) throws -> MailReport.Recorded {
        do {
            try context.change("import mail", of: vault, body)
            return context.isRehearsal ? .proposed : .recorded
        } catch let refusal as RequestRefusal {
            return .refused(refusal.message.fact)
        } catch let failure as VaultFailure {
            return .refused(failure.message.fact)
        }
    }
}
