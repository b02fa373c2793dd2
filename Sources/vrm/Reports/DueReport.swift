import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// How due matters are shown.
enum DueReport {
    /// `by 2027-04-16`, `overdue since 2027-04-16`: an answer is still in time on its last day.
    static func when(_ due: DueMatter, _ today: Day, _ style: Style) -> String {
        if due.what.isUnsent { return "made \(due.on)" }
        return due.on < today ? style.alarm(due.what.isTheirs ? "overdue since \(due.on)" : "since \(due.on)") : "by \(due.on)"
    }

    /// Why it is due then; sentences without full stops.
    static func words(_ due: DueMatter) -> [String] {
        switch due.ground {
        case .words(let words): words
        case .rule(let deadline, let request):
            if case .acknowledgement = due.what {
                DeadlineWords(deadline: deadline, request: request).acknowledgement
            } else {
                DeadlineWords(deadline: deadline, request: request).answer
            }
        }
    }

    static func explanation(_ due: DueMatter) -> String { words(due).joined(separator: ". ") }

    static func json(_ due: DueMatter, _ today: Day) -> JSONValue {
        .members(
            ("on", .string(due.on.description)), ("what", .string("\(due.what)")),
            ("company", JSONValue(due.company?.description)), ("id", .string(due.id.description)),
            ("overdue", .bool(due.what.isTheirs && due.on < today)), ("explain", .string(explanation(due))))
    }
}
