public import VRMBundle
public import VRMModel

/// How an offer stands beside what was asked for, by rules a person can follow. docs/intents.md explains the score.
public struct BidJudgement: Sendable {
    public let bid: Bid
    public let offer: OfferPayload
    public let state: State
    /// Nil without a reserve, in another currency, and while the company's key is unknown.
    public let isWithinReserve: Bool?
    public let isWithinBudget: Bool?
    /// The musts it does not say it meets.
    public let missing: [String]
    /// Weights of the wishes it says it meets, and of all.
    public let wishes: (met: Int64, of: Int64)
    /// What it asks to know beyond what the purpose it names needs, or for a purpose the terms prohibit.
    public let excess: [OfferPayload.Ask]
    /// 0 to 100; nil for what cannot be compared.
    public let score: Int?
    public let reasons: [String]

    public enum State: String, Sendable, CaseIterable {
        case received, shortlisted, declined, awarded, lost
        /// Its own last day is past.
        case over
        /// The company made a later one.
        case replaced
    }

    /// Points: half for the price, half for the wishes; taken away for what is amiss.
    private enum Points {
        static let price: Int64 = 50
        static let wishes: Int64 = 50
        static let perMissingMust: Int64 = 25
        static let termsNotAccepted: Int64 = 20
        static let perExcess: Int64 = 5
    }

    init(
        _ bid: Bid, _ offer: OfferPayload, to intent: Intent, _ published: IntentPayload, permitted: Set<Purpose>, isNewest: Bool,
        at now: Instant
    ) {
        self.bid = bid
        self.offer = offer
        let want = published.want
        let says = Set(offer.meets.map { Array($0.utf8) })
        func meets(_ text: String) -> Bool { says.contains(Array(text.utf8)) }
        missing = want.must.filter { !meets($0) }
        wishes = (
            want.nice.filter { meets($0.text) }.reduce(0) { $0 &+ $1.weight }, want.nice.reduce(0) { $0 &+ $1.weight }
        )
        excess = offer.asks.filter { ask in
            !permitted.contains(ask.purpose) || !(DataItemName(ask.field).map(ask.purpose.needs.contains) ?? false)
        }
        isWithinReserve = bid.isTrusted ? intent.reserve.flatMap { offer.price.isWithin($0) } : nil
        isWithinBudget = want.budget.flatMap { offer.price.isWithin($0) }
        let hasWon = intent.awarded == bid.id
        state =
            if hasWon {
                .awarded
            } else if bid.declined != nil {
                .declined
            } else if intent.awarded != nil || intent.withdrawn != nil {
                .lost
            } else if !isNewest {
                .replaced
            } else if offer.validUntil < now.day {
                .over
            } else {
                bid.shown.isEmpty ? .received : .shortlisted
            }

        var reasons: [String] = []
        guard bid.isTrusted else {
            score = nil
            self.reasons = ["the company's key is unknown: anybody may have written this"]
            return
        }
        let limit = intent.reserve ?? want.budget
        let called = intent.reserve == nil ? "budget" : "reserve"
        var isComparable = true
        var points: Int64 = 0
        if let limit {
            if offer.price.currency != limit.currency {
                isComparable = false
                reasons.append("in \(offer.price.currency), your \(called) is in \(limit.currency)")
            } else {
                let (price, most) = (offer.price.tenThousandths, limit.tenThousandths)
                if price > most {
                    reasons.append("above your \(called)")
                } else {
                    reasons.append("within your \(called)")
                    // At most 16 digits times 50: it fits.
                    points += most == 0 ? Points.price : Points.price * (most - price) / most
                }
                if let budget = want.budget, intent.reserve != nil, offer.price.isWithin(budget) == false {
                    reasons.append("above the budget you named")
                }
            }
        } else {
            reasons.append("no limit of yours to compare the price with")
        }
        for must in missing { reasons.append("does not say it meets: \(must)") }
        points -= Points.perMissingMust * Int64(missing.count)
        if !want.must.isEmpty, missing.isEmpty { reasons.append("says it meets every must") }
        if wishes.of > 0 {
            reasons.append("wishes \(wishes.met) of \(wishes.of)")
            points += Points.wishes * wishes.met / wishes.of
        } else {
            points += Points.wishes
        }
        reasons.append(offer.acceptsTerms ? "accepts your terms" : "does not accept your terms")
        if !offer.acceptsTerms { points -= Points.termsNotAccepted }
        for ask in excess {
            reasons.append(
                permitted.contains(ask.purpose)
                    ? "asks for \(ask.field), more than \(ask.purpose) needs"
                    : "asks for \(ask.field) for \(ask.purpose), which your terms prohibit")
        }
        points -= Points.perExcess * Int64(excess.count)
        if state == .over { reasons.append("it ended \(offer.validUntil)") }
        if state == .replaced { reasons.append("a later offer of theirs is here") }
        if [.over, .replaced, .declined, .lost].contains(state) { isComparable = false }
        score = isComparable ? Int(max(0, min(100, points))) : nil
        self.reasons = reasons
    }
}

extension Vault {
    /// All offers to an intent, judged: what can be compared first, the best first.
    public func judged(_ intent: Intent, at now: Instant) throws -> [BidJudgement] {
        let published = try published(intent).payload
        let permitted = (try? terms(intent.terms, languages: [intent.language]))?.purposes ?? Terms.servicePurposes
        let bids = try bids(of: intent)
        var newest = Set<Origin>()
        return try bids.map { bid in
            let isNewest = !bid.isTrusted || newest.insert(bid.company).inserted
            return BidJudgement(
                bid, try content(of: bid), to: intent, published, permitted: permitted, isNewest: isNewest, at: now)
        }.sorted {
            ($0.score ?? -1, $1.offer.price.tenThousandths, $0.bid.id) > (
                $1.score ?? -1, $0.offer.price.tenThousandths, $1.bid.id
            )
        }
    }

    public func judged(_ bid: Bid, _ intent: Intent, at now: Instant) throws -> BidJudgement {
        guard let found = try judged(intent, at: now).first(where: { $0.bid.id == bid.id }) else {
            throw VaultFailure.unknownRecord
        }
        return found
    }
}
