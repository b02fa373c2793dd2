/// Everything between the person and one company. Several pieces of evidence, never two companies.
public struct Relationship: Hashable, Sendable {
    public let id: RecordID
    public var company: Company
    public var accounts: [Account]
    public var evidence: [Evidence]
    public var unsubscribe: Unsubscribe?
    public var contract: Contract?
    public var exit: ExitPlan?

    public init(
        id: RecordID, company: Company, accounts: [Account] = [], evidence: [Evidence] = [], unsubscribe: Unsubscribe? = nil,
        contract: Contract? = nil, exit: ExitPlan? = nil
    ) {
        self.id = id
        self.company = company
        self.accounts = accounts
        self.evidence = evidence
        self.unsubscribe = unsubscribe
        self.contract = contract
        self.exit = exit
    }

    /// Adds what is not there yet; the same account or evidence again changes nothing.
    ///
    /// - Returns: Whether anything was added.
    @discardableResult
    public mutating func note(_ new: Evidence, account: Account?) -> Bool {
        var changed = false
        if let same = evidence.firstIndex(where: { $0.isOfOneMatter(with: new) }) {
            let before = evidence[same]
            evidence[same].take(in: new)
            changed = evidence[same] != before
        } else {
            evidence.append(new)
            changed = true
        }
        if let account, !accounts.contains(where: { $0.login == account.login }) {
            accounts.append(account)
            changed = true
        }
        return changed
    }

    /// Takes over what another relationship knows, when both turn out to be one company.
    public mutating func absorb(_ other: Relationship) {
        for account in other.accounts where !accounts.contains(where: { $0.login == account.login }) {
            accounts.append(account)
        }
        for piece in other.evidence { note(piece, account: nil) }
        unsubscribe = Unsubscribe.newer(unsubscribe, other.unsubscribe)
        contract = contract ?? other.contract
        exit = exit ?? other.exit
        company.otherDomains += [other.company.domain] + other.company.otherDomains
        if company.name == company.domain.description { company.name = other.company.name }
        company.privacyEmail = company.privacyEmail ?? other.company.privacyEmail
        if company.country == nil { (company.country, company.region) = (other.company.country, other.company.region) }
    }
}

/// A login the company knows the person by.
public struct Account: Hashable, Sendable {
    public let login: Private<String>
    public var firstSeen: Day?
    public var lastSeen: Day?

    public init(login: Private<String>, firstSeen: Day? = nil, lastSeen: Day? = nil) {
        self.login = login
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }

    /// Which catalogue item this login is: an address says so by its shape.
    public var item: DataItemName {
        login.revealed.contains("@") ? .email : .username
    }
}

/// Why we think something is so.
public struct Evidence: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Found in an export of another program.
        case imported
        /// The person said so.
        case statement
        /// A grant, request or message of ours shows it.
        case sent
        /// Mail of theirs arrived.
        case mail
        /// Mail of theirs came to an address that only another company was given. No proof of who passed it on.
        case leak
    }
    public let kind: Kind
    /// Where it was found: a format id (`chromium`, `bitwarden`), or the command.
    public let source: String
    public let noted: Instant
    /// The first and the last day, where it is of more than one moment.
    public private(set) var days: ClosedRange<Day>?
    /// Of mail: the person's own mail host found the sender genuine.
    public private(set) var isChecked: Bool?
    /// Of a leak: the address it came to.
    public let alias: Private<String>?

    public init(
        kind: Kind, source: String, noted: Instant, days: ClosedRange<Day>? = nil, isChecked: Bool? = nil,
        alias: Private<String>? = nil
    ) {
        self.kind = kind
        self.source = source
        self.noted = noted
        self.days = days
        self.isChecked = isChecked
        self.alias = alias
    }

    func isOfOneMatter(with other: Evidence) -> Bool {
        kind == other.kind && source == other.source && alias == other.alias
    }

    /// Widens the days by those of the same matter noted again.
    mutating func take(in other: Evidence) {
        if let days, let more = other.days {
            self.days = min(days.lowerBound, more.lowerBound)...max(days.upperBound, more.upperBound)
        }
        if other.isChecked == true { isChecked = true }
    }
}
