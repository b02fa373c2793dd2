import ArgumentParser
import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct Scores: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "How companies have dealt with you, counted from your own evidence.",
        discussion: """
            Examples:
              vrm score
              vrm score shop.example

            Counts, not a grade: each stands as good/all, and what is still open is left out of both. With a company the reasons
            are listed. Only what is in this vault counts; a leak or a mail after an erasure is a sign, no proof.
            """)

    @Argument(help: "Only this company, with reasons.", completion: .companies) var company: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        let vault = try context.openVault(.reading)
        let relationship = try company.map { try vault.company($0) }
        let cards = try vault.scorecards(of: relationship, under: .shipped, at: context.now)
        try context.console.show(
            Answer(list: cards.map(ScoreReport.json)) { style in
                relationship == nil ? ScoreReport.table(cards, style) : cards.map { ScoreReport.whole($0, style) }.joined()
            })
    }
}

/// How scorecards are shown.
enum ScoreReport {
    static func json(_ card: Scorecard) -> JSONValue {
        var json = JSONObject([
            ("company", .string(card.company.description)), ("name", .string(card.name)),
            ("evidence", .integer(card.reasons.count)),
        ])
        for measure in Scorecard.Measure.allCases {
            json[measure.rawValue] = .members(
                ("good", .integer(card.count(measure, .good))), ("bad", .integer(card.count(measure, .bad))),
                ("open", .integer(card.count(measure, .open))))
        }
        json["reasons"] = .array(
            card.reasons.map {
                .members(
                    ("measure", .string($0.measure.rawValue)), ("verdict", .string($0.verdict.rawValue)),
                    ("on", .string($0.on.description)), ("what", .string($0.what)), ("id", .string($0.record.description)))
            })
        return .object(json)
    }

    private static func cell(_ card: Scorecard, _ measure: Scorecard.Measure) -> String {
        let (good, bad) = (card.count(measure, .good), card.count(measure, .bad))
        if measure == .again { return bad == 0 ? "–" : "\(bad)" }
        return good + bad == 0 ? (card.count(measure, .open) == 0 ? "–" : "open") : "\(good)/\(good + bad)"
    }

    static func table(_ cards: [Scorecard], _ style: Style) -> String {
        let known = cards.filter { !$0.reasons.isEmpty }
        let silent = cards.count - known.count
        let rest = silent == 0 ? "" : "no evidence of \(silent) \(silent == 1 ? "company" : "companies") yet"
        guard !known.isEmpty else { return rest }
        var table = Table("company", "answers", "terms", "promises", "ideas", "deleted", "again", "referrals")
        for card in known {
            func cell(_ measure: Scorecard.Measure) -> String { self.cell(card, measure) }
            table.add(
                card.company.description, cell(.answers), cell(.terms), cell(.promises), cell(.ideas), cell(.deletions),
                cell(.again), cell(.referrals))
        }
        return table.rendered(style) + (rest.isEmpty ? "" : "\n\(rest)")
    }

    static func whole(_ card: Scorecard, _ style: Style) -> String {
        var lines = [style.strong(printable(card.name)) + "  \(card.company)"]
        guard !card.reasons.isEmpty else { return lines[0] + "\n  no evidence yet" }
        for measure in Scorecard.Measure.allCases {
            let reasons = card.reasons.filter { $0.measure == measure }
            guard !reasons.isEmpty else { continue }
            lines.append("  \(measure.label): \(cell(card, measure))")
            for reason in reasons {
                lines.append(
                    "    \(reason.on)  \(reason.verdict.rawValue)  \(printable(reason.what))  \(style.faint(reason.record.short))"
                )
            }
        }
        return lines.joined(separator: "\n")
    }
}
