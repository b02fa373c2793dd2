public import VRMModel

/// One line of the answer to "who has this": a holding, a grant, or a request that told it.
public struct WhoLine: Sendable {
    public let company: Domain
    public let relationship: RecordID
    public let item: DataItemName
    /// The version the company has, as far as is known.
    public let version: Int?
    /// The one it got, when another was put in its place since.
    public let got: Int?
    /// Whether it has the value of today.
    public let isCurrent: Bool
    public let since: Day?
    public let until: Day?
    public let state: String
    public let why: Why
    /// The request by which the company put another version in place of the one it got.
    public let rectified: RecordID?

    /// How the company came by it.
    public struct Why: Sendable {
        public enum Kind: String, Sendable { case holding, grant, request }

        public let kind: Kind
        public let id: RecordID
        /// What the person typed, or the format of the file it was found in.
        public let source: String
        public let at: Instant
        public var purpose: Purpose?
        public var terms: TermsID?
        public var basis: LegalBasis?
        public var right: RequestKind?
        /// The request it proved who the person is for: to be deleted once that is answered.
        public var proofFor: RecordID?
    }

    public var grant: RecordID? { why.kind == .grant ? why.id : nil }
}

extension Vault {
    /// Which companies have an item, in whichever version, and which were told it.
    ///
    /// - Throws: ``VaultFailure/unknownItem(_:)`` when nothing is known of such an item.
    public func who(has name: DataItemName, at now: Instant) throws(VaultFailure) -> [WhoLine] {
        let join = try ItemJoin(name, in: self, at: now)
        let held = try store.find(.itemName, Vault.holdingsKey(name))
        let granted = try store.find(.itemName, Vault.grantsKey(name))
        guard join.item != nil || !held.isEmpty || !granted.isEmpty else { throw .unknownItem(name) }
        var lines: [WhoLine] = []
        for id in held { lines.append(try join.line(need(Holding.self, id))) }
        for id in granted { lines += try join.lines(need(Grant.self, id)) }
        for request in join.requests { lines += try join.lines(request) }
        return lines.sorted(by: WhoLine.inOrder)
    }

    /// Which companies have a value, current or old, under whatever name.
    public func who(hasValue value: Private<String>, at now: Instant) throws(VaultFailure) -> [WhoLine] {
        var lines: [WhoLine] = []
        var joins: [DataItemName: ItemJoin] = [:]
        func join(_ name: DataItemName) throws(VaultFailure) -> ItemJoin {
            if let known = joins[name] { return known }
            let made = try ItemJoin(name, in: self, at: now)
            joins[name] = made
            return made
        }
        for id in try store.find(.value, Vault.valueKey(value.revealed)) {
            if let holding = try load(Holding.self, id) {
                lines.append(try join(holding.item).line(holding))
            } else if let version = try load(DataVersion.self, id) {
                let join = try join(version.name)
                for request in join.requests { lines += try join.lines(request) { $0 == version.id } }
                guard join.item?.id == version.item else { continue }
                for grant in try store.find(.itemName, Vault.grantsKey(version.name)) {
                    lines += try join.lines(need(Grant.self, grant)) { $0 == version.id }
                }
                for holding in try store.find(.itemName, Vault.holdingsKey(version.name)) {
                    let holding = try need(Holding.self, holding)
                    if holding.value == nil, holding.version == version.number { lines.append(try join.line(holding)) }
                }
            }
        }
        return lines.sorted(by: WhoLine.inOrder)
    }

    /// All that a company has or was told, item by item.
    public func who(is overview: CompanyOverview, at now: Instant) throws(VaultFailure) -> [WhoLine] {
        var names = Set(overview.holdings.map(\.item)).union(overview.grants.flatMap(\.items).map(\.name))
        for id in overview.requests.flatMap(\.versions) { if let told = try version(id) { names.insert(told.name) } }
        // A company that only holds something costs no look at the items.
        let isPlain = overview.grants.isEmpty && overview.requests.isEmpty
        var lines: [WhoLine] = []
        for name in names.sorted() {
            let join = try ItemJoin(name, in: self, at: now, of: overview, isPlain: isPlain)
            for holding in overview.holdings where holding.item == name { lines.append(try join.line(holding)) }
            for grant in overview.grants { lines += try join.lines(grant) }
            for request in overview.requests { lines += try join.lines(request) }
        }
        return lines
    }
}

extension WhoLine {
    fileprivate static func inOrder(_ a: WhoLine, _ b: WhoLine) -> Bool {
        (a.company, a.version ?? 0, a.why.at, a.why.id) < (b.company, b.version ?? 0, b.why.at, b.why.id)
    }
}

/// One item joined with everything that carries a version of it.
final class ItemJoin {
    let item: DataItem?
    /// Those that told a version of it, the oldest first.
    let requests: [RightsRequest]
    private let name: DataItemName
    private let vault: Vault
    private let now: Instant
    /// The item's versions have a number, those of the person's fact of the same name have none.
    private let numbers: [RecordID: Int?]
    /// The item's numbers by what the values are filed under; nil until they are asked for.
    private var values: [[UInt8]: Int]?
    private var companies: [RecordID: Company] = [:]
    private var erasures: [RecordID: [RightsRequest]] = [:]

    /// - Parameters:
    ///   - overview: The only company asked about, when it is one.
    ///   - isPlain: What a holding says of itself is enough.
    init(
        _ name: DataItemName, in vault: Vault, at now: Instant, of overview: CompanyOverview? = nil, isPlain: Bool = false
    ) throws(VaultFailure) {
        let item = isPlain ? nil : try vault.item(name)
        var numbers: [RecordID: Int?] = [:]
        var found: [RecordID: RightsRequest] = [:]
        if !isPlain { for (id, number) in try vault.versions(named: name) { numbers[id] = .some(number) } }
        if let overview {
            for request in overview.requests { found[request.id] = request }
        } else {
            for id in numbers.keys {
                for request in try vault.store.find(.child, Vault.childKey(id, .request)) where found[request] == nil {
                    found[request] = try vault.need(RightsRequest.self, request)
                }
            }
        }
        self.name = name
        self.vault = vault
        self.now = now
        self.item = item
        self.numbers = numbers
        requests = found.values.sorted { ($0.made, $0.id) < ($1.made, $1.id) }
        if let overview {
            companies[overview.relationship.id] = overview.relationship.company
            erasures[overview.relationship.id] = overview.requests.filter(\.isFulfilledErasure)
        }
    }

    // MARK: Lines

    func line(_ holding: Holding) throws(VaultFailure) -> WhoLine {
        var got = holding.version
        if got == nil, let value = holding.value, item != nil { got = try number(of: value) }
        return try line(
            holding.relationship, got, at: holding.evidence.noted, since: holding.since, state: holding.state.rawValue,
            WhoLine.Why(
                kind: .holding, id: holding.id, source: holding.evidence.source, at: holding.evidence.noted,
                proofFor: holding.proofFor))
    }

    func lines(_ grant: Grant, of wanted: (RecordID) -> Bool = { _ in true }) throws(VaultFailure) -> [WhoLine] {
        var lines: [WhoLine] = []
        for given in grant.items where given.name == name && wanted(given.versionID) {
            lines.append(
                try line(
                    grant.relationship, given.version, at: grant.made, since: grant.sent ?? grant.made.day, until: grant.until,
                    state: state(grant), grant: grant.id,
                    WhoLine.Why(
                        kind: .grant, id: grant.id, source: grant.supersedes == nil ? "grant new" : "grant renew", at: grant.made,
                        purpose: grant.purpose, terms: try vault.offer(grant.offer).terms, basis: grant.basis)))
        }
        return lines
    }

    func lines(_ request: RightsRequest, of wanted: (RecordID) -> Bool = { _ in true }) throws(VaultFailure) -> [WhoLine] {
        var lines: [WhoLine] = []
        for id in request.news {
            guard wanted(id), let number = numbers[id] else { continue }
            var got = number
            if got == nil, let told = try vault.version(id) { got = try self.number(of: told.value) }
            lines.append(
                try line(
                    request.relationship, got, at: request.made, since: request.sent ?? request.made.day,
                    state: request.sent == nil ? "made" : "sent",
                    WhoLine.Why(
                        kind: .request, id: request.id, source: request.command, at: request.made, right: request.kind)))
        }
        return lines
    }

    private func line(
        _ relationship: RecordID, _ got: Int?, at: Instant, since: Day?, until: Day? = nil, state: String,
        grant: RecordID? = nil, _ why: WhoLine.Why
    ) throws(VaultFailure) -> WhoLine {
        let rectified = why.kind == .request ? nil : rectification(of: relationship, since: at, got)
        let version = rectified.flatMap { number(in: $0) } ?? got
        return WhoLine(
            company: try company(relationship).domain, relationship: relationship, item: name, version: version,
            got: got == version ? nil : got, isCurrent: version != nil && version == item?.currentVersion, since: since,
            until: until, state: try isErased(relationship, since: at, grant) ? Holding.State.erased.rawValue : state, why: why,
            rectified: rectified?.id)
    }

    // MARK: What is behind them

    private func company(_ relationship: RecordID) throws(VaultFailure) -> Company {
        if let known = companies[relationship] { return known }
        let company = try vault.relationship(relationship).company
        companies[relationship] = company
        return company
    }

    private func number(of value: Private<String>) throws(VaultFailure) -> Int? {
        if values == nil {
            var found: [[UInt8]: Int] = [:]
            for case (let id, let number?) in numbers {
                guard let version = try vault.version(id) else { continue }
                let key = Vault.valueKey(version.value.revealed)
                found[key] = max(found[key] ?? 0, number)
            }
            values = found
        }
        return values?[Vault.valueKey(value.revealed)]
    }

    /// The number a rectification put right; nil when that version is gone.
    private func number(in rectification: RightsRequest) -> Int? {
        rectification.corrections.last { $0.name == name }.flatMap { numbers[$0.new] ?? nil }
    }

    /// The last rectification that the company says it carried out, of what it had before.
    private func rectification(of relationship: RecordID, since: Instant, _ got: Int?) -> RightsRequest? {
        requests.last { request in
            request.relationship == relationship && request.isFulfilled && request.made >= since
                && number(in: request).map { $0 != got } ?? false
        }
    }

    /// Whether the company says that it erased it since.
    private func isErased(_ relationship: RecordID, since: Instant, _ grant: RecordID?) throws(VaultFailure) -> Bool {
        if erasures[relationship] == nil {
            erasures[relationship] = try vault.children(RightsRequest.self, of: relationship).filter(\.isFulfilledErasure)
        }
        return erasures[relationship]?.contains { erasure in
            erasure.made >= since && (erasure.grants.isEmpty || grant.map { erasure.grants.contains($0) } ?? false)
        } ?? false
    }

    /// How a grant stands towards the data: one that was renewed still lets the company use what it got, until its own end.
    private func state(_ grant: Grant) -> String {
        let state = grant.state(at: now)
        return (state == .superseded ? (grant.sent == nil ? .made : .sent) : state).rawValue
    }
}

extension RightsRequest {
    fileprivate var isFulfilledErasure: Bool { kind == .erasure && isFulfilled }

    /// The versions it told that the company did not have before.
    fileprivate var news: [RecordID] {
        let old = corrections.compactMap { if case .version(let id) = $0.old { id } else { nil as RecordID? } }
        return versions.filter { !old.contains($0) }
    }
}
