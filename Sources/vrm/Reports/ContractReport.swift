import VRMBundle
import VRMModel
import VRMTerminal

/// How contracts are shown.
enum ContractReport {
    static func json(_ contract: Contract, _ company: Domain, on today: Day) -> JSONValue {
        let standing = contract.standing(on: today)
        return .members(
            ("company", .string(company.description)), ("start", .string(contract.start.description)),
            ("term", JSONValue(contract.term?.description)), ("renews", JSONValue(contract.renewal?.description)),
            ("notice", JSONValue(contract.notice?.description)), ("trial_ends", JSONValue(contract.trialEnds?.description)),
            ("cancelled", JSONValue(contract.cancelled?.description)), ("state", .string(standing.word)),
            ("cancel_by", JSONValue(standing.cancelBy?.description)), ("ends", JSONValue(standing.ends?.description)))
    }

    /// What can be done about it, in words.
    static func words(_ contract: Contract, on today: Day) -> String {
        switch contract.standing(on: today) {
        case .trial(let day): "on trial: cancel by \(day), or it goes on"
        case .running(let day, let ends): "cancel by \(day), or it goes on after \(ends)"
        case .endless(let ends): "can be cancelled any day; today, it would end on \(ends)"
        case .ending(let ends): "ends by itself on \(ends)"
        case .cancelled(let ends): "cancelled, ends on \(ends)"
        case .over(let last): "over since \(last)"
        }
    }

    static func shown(_ relationship: Relationship, on today: Day, _ said: String? = nil) -> Answer {
        guard let contract = relationship.contract else { return Answer(.members()) { _ in "" } }
        let company = relationship.company
        return Answer(json(contract, company.domain, on: today)) { style in
            let lasts = [
                contract.term.map { "at least \($0)" } ?? "no term", contract.renewal.map { "renewed by \($0)" },
                contract.notice.map { "notice \($0)" },
            ].compactMap(\.self).joined(separator: ", ")
            return [
                said ?? style.strong("contract with \(printable(company.name))"), "  since \(contract.start), \(lasts)",
                "  " + words(contract, on: today), "  computed by rule from what you entered; the contract's own words decide",
            ].joined(separator: "\n")
        }
    }
}
