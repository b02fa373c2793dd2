import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

/// How an intent is shown.
struct IntentReport {
    let intent: Intent
    let state: Intent.State
    let offers: [BidJudgement]
    let waitsFor: String

    init(_ intent: Intent, _ vault: Vault, at now: Instant) throws {
        self.intent = intent
        state = try vault.state(of: intent, at: now)
        offers = try vault.judged(intent, at: now)
        waitsFor = try vault.waiting(intent, at: now)
    }

    /// - Parameter state: Another word for it, of something rehearsed.
    func json(state word: String? = nil, file: String? = nil, files: [String]? = nil) -> JSONObject {
        guard
            case .object(var json) = JSONValue.members(
                ("id", .string(intent.id.description)), ("state", .string(word ?? state.rawValue)),
                ("category", .string(intent.category.description)), ("region", .string(intent.region.description)),
                ("want", .string(intent.want)), ("made", .string(intent.made.description)),
                ("until", .string(intent.until.description)), ("terms", .string(intent.terms.description)),
                ("reserve", intent.reserve.map { ["amount": .string($0.value), "currency": .string($0.currency)] }),
                ("attributes", .array(intent.attributes.map { .string($0.item.name.description) })),
                (
                    "channels",
                    .array(intent.channels.map { ["kind": .string($0.kind.rawValue), "place": .string($0.place)] })
                ),
                ("offers", .integer(offers.count)), ("awarded", JSONValue(intent.awarded?.description)),
                ("waits_for", .string(waitsFor)))
        else { return JSONObject() }
        json["file"] = file.map { .string($0) }
        json["files"] = files.map { .array($0.map { .string($0) }) }
        return json
    }
}

/// How an offer to an intent is shown.
struct OfferReport {
    let judged: BidJudgement

    var json: JSONValue {
        let (bid, offer) = (judged.bid, judged.offer)
        return .members(
            ("id", .string(bid.id.description)), ("intent", .string(bid.intent.description)),
            ("company", .string(bid.company.host.description)), ("origin", .string(bid.company.description)),
            ("trusted", .bool(bid.isTrusted)), ("state", .string(judged.state.rawValue)),
            ("price", .string(offer.price.value)), ("currency", .string(offer.price.currency)),
            ("within_reserve", judged.isWithinReserve.map { .bool($0) }),
            ("within_budget", judged.isWithinBudget.map { .bool($0) }),
            ("score", judged.score.map { .integer($0) }), ("reasons", .array(judged.reasons.map { .string($0) })),
            ("items", .array(offer.items.map { .string($0) })), ("conditions", JSONValue(offer.conditions)),
            ("valid_until", .string(offer.validUntil.description)), ("accepts_terms", .bool(offer.acceptsTerms)),
            ("missing", .array(judged.missing.map { .string($0) })),
            (
                "asks",
                .array(
                    offer.asks.map { ask in
                        [
                            "field": .string(ask.field), "purpose": .string(ask.purpose.rawValue),
                            "excess": .bool(judged.excess.contains(ask)),
                        ]
                    })
            ))
    }

    static func table(_ offers: [BidJudgement], _ style: Style) -> String {
        guard !offers.isEmpty else { return "" }
        var table = Table("id", "company", "price", "score", "state", "says")
        for judged in offers {
            table.add(
                judged.bid.id.short, judged.bid.company.host.description, judged.offer.price.description,
                judged.score.map(String.init) ?? "–", judged.bid.isTrusted ? judged.state.rawValue : "key unknown",
                judged.offer.items.prefix(3).joined(separator: ", ")
                    + (judged.offer.items.count > 3 ? ", and \(judged.offer.items.count - 3) more" : ""))
        }
        return table.rendered(style)
    }

    /// The table, and under it why.
    static func comparison(_ offers: [BidJudgement], _ style: Style) -> String {
        guard !offers.isEmpty else { return "" }
        var lines = [table(offers, style)]
        for judged in offers {
            lines.append("")
            lines.append(style.strong(printable(judged.bid.company.host.description)) + "  \(judged.bid.id.short)")
            lines.append("  stands through \(judged.offer.validUntil)")
            if let conditions = judged.offer.conditions {
                lines.append("  on condition: " + printable(String(conditions.prefix(style.width))))
            }
            for reason in judged.reasons.prefix(12) { lines.append("  " + printable(String(reason.prefix(style.width)))) }
            if judged.reasons.count > 12 { lines.append("  and \(judged.reasons.count - 12) more: --json") }
        }
        return lines.joined(separator: "\n")
    }
}
