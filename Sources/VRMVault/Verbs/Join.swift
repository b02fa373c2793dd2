import CVRMShim
import VRMBundle
public import VRMModel

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
        let skipped: Set<RecordKind> = [.signingKey, .disclosure, .bundle, .companyKeys, .intentKey, .posting]
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
        "answers", "intent", "awarded", "award", "withdrawal", "jwk", "kid",
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
    public var companies = 0
    public var holdings = 0
    public var items = 0
    public var grantsActive = 0
    public var requestsOpen = 0
    /// Answers owed since before today.
    public var overdue = 0
    public var unsent: [DueMatter] = []
    public var due: [DueMatter] = []
}

extension Vault {
    /// Counts, and what is due within `days` days, the nearest first.
    public func status(at now: Instant, under law: LawBook, within days: Int = 30) throws(VaultFailure) -> VaultStatus {
        var status = VaultStatus()
        status.companies = try store.titles(of: .relationship).count
        status.holdings = try all(Holding.self).filter { $0.state == .held }.count
        status.items = try all(DataItem.self).filter { !$0.isFact && $0.isKept }.count
        status.grantsActive = try all(Grant.self).filter { $0.isActive(at: now) }.count
        status.requestsOpen = try all(RightsRequest.self).filter(\.history.state.isOpen).count
        let matters = try due(at: now, under: law)
        status.unsent = matters.filter(\.what.isUnsent)
        status.due = matters.filter { !$0.what.isUnsent && $0.on <= now.day.adding(days: days) }
        status.overdue = matters.filter { $0.what.isAnswer && $0.on < now.day }.count
        return status
    }
}
