import CVRMShim
import VRMBundle
public import VRMModel

/// One line of the answer to "who has this".
public struct WhoLine: Sendable {
    public let company: Domain
    public let item: DataItemName
    public let grant: RecordID?
    public let version: Int?
    /// Whether that is the value the item has now.
    public let isCurrent: Bool
    public let since: Day?
    public let until: Day?
    public let state: String
    public let purpose: Purpose?
}

extension Vault {
    /// Which companies have an item, in whichever version.
    ///
    /// - Throws: ``VaultFailure/unknownItem(_:)`` when nothing is known of such an item.
    public func who(has name: DataItemName, at now: Instant) throws(VaultFailure) -> [WhoLine] {
        let item = try item(name)
        let held = try store.find(.itemName, Vault.holdingsKey(name))
        let granted = try store.find(.itemName, Vault.grantsKey(name))
        guard item != nil || !held.isEmpty || !granted.isEmpty else { throw .unknownItem(name) }
        var lines: [WhoLine] = []
        for id in held { lines.append(try line(try need(Holding.self, id))) }
        for id in granted { lines += try self.lines(try need(Grant.self, id), at: now) { $0.name == name } }
        return lines.sorted { ($0.company, $0.version ?? 0) < ($1.company, $1.version ?? 0) }
    }

    /// Which companies have a value, current or old, under whatever name.
    public func who(hasValue value: Private<String>, at now: Instant) throws(VaultFailure) -> [WhoLine] {
        var lines: [WhoLine] = []
        for id in try store.find(.value, Vault.valueKey(value.revealed)) {
            if let holding = try load(Holding.self, id) {
                lines.append(try line(holding))
            } else if let version = try load(DataVersion.self, id) {
                for grant in try store.find(.itemName, Vault.grantsKey(version.name)) {
                    lines += try self.lines(try need(Grant.self, grant), at: now) { $0.versionID == version.id }
                }
                for holding in try store.find(.itemName, Vault.holdingsKey(version.name)) {
                    let holding = try need(Holding.self, holding)
                    if holding.value == nil, holding.version == version.number { lines.append(try line(holding)) }
                }
            }
        }
        return lines.sorted { ($0.company, $0.version ?? 0) < ($1.company, $1.version ?? 0) }
    }

    private func line(_ holding: Holding) throws(VaultFailure) -> WhoLine {
        let item = try item(holding.item)
        var version = holding.version
        if version == nil, let value = holding.value, let item {
            for (number, id) in item.versions.enumerated() {
                guard let id, let known = try load(DataVersion.self, id) else { continue }
                if Vault.valueKey(known.value.revealed) == Vault.valueKey(value.revealed) { version = number + 1 }
            }
        }
        return WhoLine(
            company: try need(Relationship.self, holding.relationship).company.domain, item: holding.item, grant: nil,
            version: version, isCurrent: version != nil && version == item?.currentVersion, since: holding.since, until: nil,
            state: holding.state.rawValue, purpose: nil)
    }

    private func lines(_ grant: Grant, at now: Instant, _ wanted: (Grant.Item) -> Bool) throws(VaultFailure) -> [WhoLine] {
        var lines: [WhoLine] = []
        for item in grant.items where wanted(item) {
            let current = try self.item(item.name)
            lines.append(
                WhoLine(
                    company: try need(Relationship.self, grant.relationship).company.domain, item: item.name, grant: grant.id,
                    version: item.version,
                    isCurrent: current?.current == item.versionID, since: grant.sent ?? grant.made.day,
                    until: grant.until, state: held(grant, at: now).rawValue, purpose: grant.purpose))
        }
        return lines
    }
}

extension Vault {
    /// How a grant stands towards the data: one that was renewed still lets the company use what it got, until its own end.
    private func held(_ grant: Grant, at now: Instant) -> Grant.State {
        let state = grant.state(at: now)
        return state == .superseded ? (grant.sent == nil ? .made : .sent) : state
    }
}

// MARK: Searching

/// Where a text was found: what kind of record, of which company, in which member. Never the value.
public struct FindHit: Sendable {
    public let kind: String
    public let id: RecordID
    public let company: Domain?
    public let field: String
    public let label: String
}

extension Vault {
    /// Every record that contains a text, in any member a person could have meant.
    public func find(_ text: String) throws(VaultFailure) -> [FindHit] {
        let wanted = Wanted(text)
        guard !wanted.text.isEmpty else { return [] }
        let skipped: Set<RecordKind> = [.signingKey, .disclosure, .bundle, .companyKeys]
        let found = try store.pass(over: { !skipped.contains($0) }) { (record) throws(VaultFailure) in
            // What a message says stands in its bundle, which is read later.
            guard wanted.mayBe(in: record.body) || record.kind == .message else {
                return nil as (ObjectHeader, JSONObject, String?)?
            }
            let object = try Vault.object(Array(record.body))
            let field = Vault.field(in: .object(object), containing: wanted.text)
            guard field != nil || record.kind == .message else { return nil }
            guard let header = record.header else { throw .damaged(.row) }
            return (header, object, field)
        }
        var domains: [RecordID: Domain] = [:]
        var hits: [FindHit] = []
        for (header, object, member) in found {
            var field = member
            if field == nil {
                let said = try self.text(of: Correspondence(id: header.id, object)).revealed
                field = said.lowercased().contains(wanted.text) ? "text" : nil
            }
            guard let field else { continue }
            let relationship = object["relationship"]?.string.flatMap { RecordID($0) }
            let owner = header.kind == .relationship ? header.id : relationship
            if let owner, domains[owner] == nil, let known = try store.header(owner) { domains[owner] = Domain(known.title) }
            hits.append(
                FindHit(
                    kind: "\(header.kind)", id: header.id, company: owner.flatMap { domains[$0] }, field: field,
                    label: header.title))
        }
        return hits.sorted { ($0.kind, $0.label, $0.id) < ($1.kind, $1.label, $1.id) }
    }

    /// Members that hold references, times and digests.
    private static let unsearchable: Set<String> = [
        "relationship", "bundle", "letter", "offer", "record", "sha256", "item", "version", "made", "sent", "message_id",
        "answers",
    ]

    private static func field(in value: JSONValue, containing wanted: String) -> String? {
        switch value {
        case .string(let text): return text.lowercased().contains(wanted) ? "" : nil
        case .array(let elements): return elements.lazy.compactMap { field(in: $0, containing: wanted) }.first
        case .object(let object):
            for member in object.members where !unsearchable.contains(member.name) {
                if let inner = field(in: member.value, containing: wanted) {
                    return inner.isEmpty ? member.name : "\(member.name).\(inner)"
                }
            }
            return nil
        default: return nil
        }
    }
}

/// What is looked for, and a quick test of whether a record's JSON can hold it.
private struct Wanted {
    /// Lowered, as it is compared.
    let text: String
    /// The longest part of it that every JSON text of ASCII without escapes shows letter for letter.
    private let plain: [UInt8]

    init(_ text: String) {
        self.text = text.lowercased()
        let runs = self.text.split { $0.utf8.count > 1 || !$0.isASCII || $0 < " " || $0 > "~" || $0 == "\"" || $0 == "\\" }
        plain = Array((runs.max { $0.utf8.count < $1.utf8.count } ?? "").utf8)
    }

    /// False only when it cannot be in it. Where more than ASCII or an escape occurs, only reading it tells.
    func mayBe(in json: UnsafeRawBufferPointer) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: json.count, alignment: 1) { lowered in
            var all: UInt8 = 0
            var escapes: UInt8 = 0
            for at in 0..<json.count {
                let byte = json[at]
                all |= byte
                escapes |= byte == UInt8(ascii: "\\") ? 1 : 0
                lowered[at] = byte &- 65 < 26 ? byte | 0x20 : byte
            }
            return all >= 0x80 || escapes != 0
                || vrm_memmem(lowered.baseAddress!, UInt(lowered.count), plain, UInt(plain.count)) != nil
        }
    }
}

// MARK: The daily screen

/// What needs the person, and how much there is.
public struct VaultStatus: Sendable {
    public struct Due: Sendable {
        public let what: String
        public let company: Domain
        public let on: Day
        public let id: RecordID
    }
    public var companies = 0
    public var holdings = 0
    public var items = 0
    public var grantsActive = 0
    public var requestsOpen = 0
    public var overdue = 0
    public var unsent: [Due] = []
    public var due: [Due] = []
}

extension Vault {
    /// Counts, and what is due within `days` days, the nearest first.
    public func status(at now: Instant, under law: LawBook, within days: Int = 30) throws(VaultFailure) -> VaultStatus {
        var status = VaultStatus()
        let today = now.day
        var domains: [RecordID: Domain] = [:]
        for (id, title) in try store.titles(of: .relationship) { domains[id] = Domain(title) }
        status.companies = domains.count
        status.holdings = try all(Holding.self).filter { $0.state == .held }.count
        status.items = try all(DataItem.self).filter { !$0.isFact && $0.isKept }.count
        func due(_ what: String, _ relationship: RecordID, _ on: Day, _ id: RecordID) -> VaultStatus.Due? {
            domains[relationship].map { VaultStatus.Due(what: what, company: $0, on: on, id: id) }
        }
        for grant in try all(Grant.self) where grant.isActive(at: now) {
            status.grantsActive += 1
            if grant.sent == nil, let line = due("send grant", grant.relationship, grant.made.day, grant.id) {
                status.unsent.append(line)
            }
            if grant.until <= today.adding(days: days), let line = due("grant ends", grant.relationship, grant.until, grant.id) {
                status.due.append(line)
            }
        }
        for request in try all(RightsRequest.self) {
            status.requestsOpen += 1
            let answerBy = law.deadline(of: request, at: try relationship(request.relationship).company.place)?.answerBy
            if request.state(on: today, answerBy: answerBy) == .overdue { status.overdue += 1 }
            if request.sent == nil {
                if let line = due("send \(request.kind.rawValue) request", request.relationship, request.made.day, request.id) {
                    status.unsent.append(line)
                }
            } else if let answerBy, answerBy <= today.adding(days: days),
                let line = due("answer to \(request.kind.rawValue) request", request.relationship, answerBy, request.id)
            {
                status.due.append(line)
            }
        }
        for revocation in try all(Revocation.self) where revocation.sent == nil {
            if let line = due("send revocation", revocation.relationship, revocation.at.day, revocation.id) {
                status.unsent.append(line)
            }
        }
        for rotation in try rotations() where rotation.sent == nil {
            if let line = due("send new key", rotation.relationship, rotation.made.day, rotation.id) {
                status.unsent.append(line)
            }
        }
        let messages = try all(Correspondence.self)
        let answered = Set(messages.compactMap(\.answers))
        for message in messages {
            if !message.isReceived, message.sent == nil {
                if let line = due("send \(message.kind.noun)", message.relationship, message.at.day, message.id) {
                    status.unsent.append(line)
                }
            } else if let wantedBy = message.answerWantedBy, !answered.contains(message.id),
                // Nobody owes an answer to a message: one that stays out is not told for ever.
                abs(wantedBy.number - today.number) <= days,
                let line = due(
                    message.isReceived ? "answer their \(message.kind.noun)" : "answer to \(message.kind.noun)",
                    message.relationship, wantedBy, message.id)
            {
                status.due.append(line)
            }
        }
        status.due.sort { ($0.on, $0.company) < ($1.on, $1.company) }
        status.unsent.sort { ($0.on, $0.company) < ($1.on, $1.company) }
        return status
    }
}
