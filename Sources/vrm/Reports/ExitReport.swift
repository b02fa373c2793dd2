import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

/// The way out of a relationship, as it is shown.
struct ExitReport: Report {
    private let overview: CompanyOverview
    private let steps: [ExitStep]
    private let today: Day

    init(_ overview: CompanyOverview, at now: Instant) {
        self.overview = overview
        let relationship = overview.relationship
        steps =
            relationship.exit?.steps(
                contract: relationship.contract, grants: overview.grants, revocations: overview.revocations,
                requests: overview.requests, at: now
            ) { RequestReport.deadline(of: $0, relationship.company)?.answerBy } ?? []
        today = now.day
    }

    private var domain: Domain { overview.relationship.company.domain }
    private var isDone: Bool { !steps.isEmpty && steps.allSatisfy(\.isOver) }

    /// What to type next: for the first step that is the person's turn, or that the company is late with.
    private var next: String? {
        if steps.isEmpty { return nil }
        if isDone { return "vrm company remove \(domain)" }
        let turn = steps.first { $0.state == .todo } ?? steps.first { $0.state == .waiting && $0.on.map { $0 < today } ?? false }
        return turn.flatMap(command)
    }

    var json: [JSONValue] {
        let plan = overview.relationship.exit
        return [
            .members(
                ("company", .string(domain.description)), ("begun", JSONValue(plan?.begun.description)),
                ("done", .bool(isDone)),
                (
                    "steps",
                    .array(
                        steps.map {
                            .members(
                                ("step", .string($0.kind.rawValue)), ("state", .string($0.state.rawValue)),
                                ("on", JSONValue($0.on?.description)), ("id", JSONValue($0.id?.description)),
                                ("note", .string(words($0))), ("command", JSONValue(command($0))))
                        })
                ), ("next", JSONValue(next)))
        ]
    }

    func text(_ style: Style) -> String {
        guard let plan = overview.relationship.exit else { return "no exit from \(domain) is under way" }
        var lines = [style.strong("leaving \(printable(overview.relationship.company.name))") + "  since \(plan.begun)"]
        var table = Table("  step", "state", "")
        for step in steps { table.add("  " + step.kind.rawValue, step.state.rawValue, words(step)) }
        lines.append(table.rendered(style))
        if let next { lines.append((isDone ? "done; to forget it here too: " : "next: ") + next) }
        return lines.joined(separator: "\n")
    }

    private func words(_ step: ExitStep) -> String {
        let day = step.on?.description ?? "?"
        switch (step.kind, step.state) {
        case (_, .skipped): return "left out"
        case (.cancel, .none): return "no contract is noted"
        case (.cancel, .todo):
            let contract = overview.relationship.contract
            return contract.map { ContractReport.words($0, on: today) } ?? "cancel by \(day)"
        case (.cancel, .done): return "ends \(day)"
        case (.revoke, .none): return "no grant stands"
        case (.revoke, .todo): return step.next == .send ? "the notice is made and not sent" : "a grant still holds"
        case (.confirm, .none): return "nothing was erased"
        case (.confirm, .todo): return "they say it is erased: look whether it is so"
        case (.erase, .later):
            return step.on == nil
                ? "after your copy, and when the contract is ended" : "from \(day) on, when the contract is over"
        case (_, .later): return "after the erasure"
        case (_, .done): return "since \(day)"
        case (_, .todo) where step.next == .request: return "not asked yet"
        case (_, .todo) where step.next == .send: return "the request is made and not sent"
        case (_, .todo) where step.next == .answer: return "they want to know who you are"
        case (_, .todo): return "refused, wholly or in part"
        case (_, .waiting): return step.on.map { $0 < today ? "overdue since \($0)" : "answer by \($0)" } ?? "asked"
        case (_, .none): return ""
        }
    }

    private func command(_ step: ExitStep) -> String? {
        let id = step.id?.short ?? ""
        switch (step.kind, step.next) {
        case (_, nil): return nil
        case (_, .cancel?): return "vrm contract cancelled \(domain)"
        case (.export, .request?): return "vrm request new access \(domain) --out exit"
        case (_, .request?): return "vrm request new erasure \(domain) --out exit"
        // The whole erasure follows: one for this grant alone would be one letter too many.
        case (_, .revoke?): return "vrm grant revoke \(id) --no-erasure --out exit"
        case (_, .send?): return "vrm sent \(id)"
        case (_, .answer?): return "vrm request record \(id) --event identity_supplied --on \(today)"
        case (_, .press?): return step.on.map { $0 < today } ?? false ? "vrm request remind \(id) --out exit" : nil
        case (_, .confirm?): return "vrm request record \(id) --event confirmed --on \(today)"
        }
    }
}
