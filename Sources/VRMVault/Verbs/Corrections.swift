public import VRMModel

/// What a company has of an item that got a new value.
public struct Holder: Sendable {
    public let relationship: Relationship
    public let has: Has
    /// The rectification to the value of today, when there is one.
    public let request: RightsRequest?

    public init(relationship: Relationship, has: Has, request: RightsRequest?) {
        self.relationship = relationship
        self.has = has
        self.request = request
    }

    public enum Has: Sendable {
        case old(DataVersion)
        /// A value known only from the company's side: the login of an import.
        case another(Private<String>)
        /// It has the item, in nobody knows which version.
        case unknown
        /// The value of today, because it says that it corrected it.
        case current

        public var word: String {
            switch self {
            case .old: "old"
            case .another: "another"
            case .unknown: "unknown"
            case .current: "current"
            }
        }
    }

    /// Whether the company is to be told, unless the person says otherwise. A value that was never the item's is an alias
    /// made for this company: the item's new value is not its business.
    public var isUsual: Bool {
        guard request == nil else { return false }
        switch has {
        case .old, .unknown: return true
        case .another, .current: return false
        }
    }

    public var correction: (value: Private<String>, version: RecordID?)? {
        switch has {
        case .old(let version): (version.value, version.id)
        case .another(let value): (value, nil)
        case .unknown, .current: nil
        }
    }
}

extension Vault {
    /// The companies that have an item, granted or held, in another version than today's or in one that nobody knows, and
    /// those that were asked to correct it to today's. By domain.
    ///
    /// - Throws: ``VaultFailure/unknownItem(_:)``.
    public func holders(of name: DataItemName, at now: Instant) throws(VaultFailure) -> [Holder] {
        let current = try value(name)
        var standing: [RecordID: [WhoLine]] = [:]
        var asked: [RecordID: RightsRequest] = [:]
        for line in try who(has: name, at: now) {
            if line.why.kind == .request {
                let request = try need(RightsRequest.self, line.why.id)
                guard request.history.state != .withdrawn, request.corrections.contains(where: { $0.new == current.id }) else {
                    continue
                }
                if asked[line.relationship].map({ $0.made < request.made }) ?? true { asked[line.relationship] = request }
            } else if ["held", "made", "sent"].contains(line.state) {
                standing[line.relationship, default: []].append(line)
            }
        }
        var holders: [Holder] = []
        for id in Set(standing.keys).union(asked.keys) {
            let has = try has(standing[id] ?? [], current)
            if case .current = has, asked[id] == nil { continue }
            holders.append(Holder(relationship: try relationship(id), has: has, request: asked[id]))
        }
        return holders.sorted { $0.relationship.company.domain < $1.relationship.company.domain }
    }

    /// The oldest version comes first: that is the one to be put right.
    private func has(_ lines: [WhoLine], _ current: DataVersion) throws(VaultFailure) -> Holder.Has {
        if let old = lines.compactMap(\.version).filter({ $0 != current.number }).min() {
            // It may have been removed, and then nobody can say what it was.
            return (try? value(current.name, version: old)).map { Holder.Has.old($0) } ?? .unknown
        }
        var another: Private<String>?
        for line in lines where line.version == nil {
            guard let value = try load(Holding.self, line.why.id)?.value else { return .unknown }
            another = value
        }
        return another.map { Holder.Has.another($0) } ?? .current
    }

    /// What a rectification says of one item: the value of today, and what the company has in its place.
    ///
    /// - Parameter old: What the company has, when the person knows better than the vault.
    /// - Throws: ``VaultFailure/unknownItem(_:)``; ``VaultFailure/nothingToCorrect(_:)`` when it has the value of today.
    public func correction(
        of name: DataItemName, at relationship: Relationship, old: Private<String>?, at now: Instant
    ) throws(VaultFailure) -> RequestMatter.Correction {
        let new = try value(name)
        if let old {
            guard old.revealed != new.value.revealed else { throw .nothingToCorrect(name) }
            let known = try history(name).last { $0.value.revealed.utf8.elementsEqual(old.revealed.utf8) }
            return RequestMatter.Correction(name: name, old: (old, known?.id), new: new)
        }
        let lines = try who(has: name, at: now).filter {
            $0.relationship == relationship.id && $0.why.kind != .request && $0.state != Holding.State.erased.rawValue
        }
        let holder = Holder(relationship: relationship, has: lines.isEmpty ? .unknown : try has(lines, new), request: nil)
        if case .current = holder.has { throw .nothingToCorrect(name) }
        return RequestMatter.Correction(name: name, old: holder.correction, new: new)
    }
}
