public import VRMModel

/// Where an access reply and the ledger do not agree. Names a field and an item; what stands there is kept apart.
public struct ReplyFinding: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// They have a field nobody mapped.
        case unknownField = "unknown_field"
        /// They have an item the ledger does not know them to have.
        case unrecorded
        /// They have a value the person no longer has.
        case oldValue = "old_value"
        /// They have a value that was never the person's.
        case wrongValue = "wrong_value"
        /// They name somebody who got data.
        case recipient
        /// They name where they have data from.
        case source
        /// The ledger knows them to have an item, and the reply does not show it.
        case notDisclosed = "not_disclosed"
    }

    public let kind: Kind
    public let field: String?
    public let item: DataItemName?
    public let version: Int?
    public let count: Int
    /// The values themselves, as far as they were kept.
    public let values: [Private<String>]
    /// The only value of an item, whole; nil when there are several or it is long.
    public let onlyValue: Private<String>?

    init(
        _ kind: Kind, field: String? = nil, item: DataItemName? = nil, version: Int? = nil, count: Int = 0,
        values: [Private<String>] = [], onlyValue: Private<String>? = nil
    ) {
        self.kind = kind
        self.field = field
        self.item = item
        self.version = version
        self.count = count
        self.values = values
        self.onlyValue = onlyValue
    }
}

/// What the ledger says of a company, to compare its reply with.
public struct ReplyExpectation: Sendable {
    /// Items it is known to have, by import, by the person's word or by a grant.
    public let held: Set<DataItemName>
    /// Items of which the person keeps a value, so that another one can be called wrong.
    public let kept: Set<DataItemName>

    public init(held: Set<DataItemName>, kept: Set<DataItemName>) {
        self.held = held
        self.kept = kept
    }
}

extension ReplySurvey {
    /// Everything that does not agree, by kind, then by field.
    public func findings(under mapping: [String: FieldUse], against expected: ReplyExpectation) -> [ReplyFinding] {
        var findings: [ReplyFinding] = []
        var shown: Set<DataItemName> = []
        for (path, field) in fields.sorted(by: { $0.key < $1.key }) where field.values > 0 {
            func finding(
                _ kind: ReplyFinding.Kind, _ item: DataItemName? = nil, version: Int? = nil, count: Int, withValues: Bool = true
            ) -> ReplyFinding {
                let isOnly = field.samples.count == 1 && !field.hasMore && !field.isCut
                return ReplyFinding(
                    kind, field: path, item: item, version: version, count: count, values: withValues ? field.samples : [],
                    onlyValue: withValues && isOnly ? field.samples.first : nil)
            }
            switch mapping[path] {
            case .ignored: break
            case .recipient: findings.append(finding(.recipient, count: field.values))
            case .source: findings.append(finding(.source, count: field.values))
            case nil: findings.append(finding(.unknownField, count: field.values))
            case .item(let item):
                let isNew = shown.insert(item).inserted
                let own = field.known.filter { $0.key.item == item }
                if isNew, !expected.held.contains(item) {
                    let versions = Set(own.keys.compactMap(\.version))
                    findings.append(
                        finding(.unrecorded, item, version: versions.count == 1 ? versions.first : nil, count: field.values))
                }
                for (value, count) in own.sorted(by: { ($0.key.version ?? 0) < ($1.key.version ?? 0) })
                where !value.isCurrent && value.version != nil {
                    findings.append(finding(.oldValue, item, version: value.version, count: count, withValues: false))
                }
                let matched = own.values.reduce(0, +)
                if expected.kept.contains(item), field.values > matched {
                    findings.append(finding(.wrongValue, item, count: field.values - matched))
                }
            }
        }
        for item in expected.held.subtracting(shown).sorted() { findings.append(ReplyFinding(.notDisclosed, item: item)) }
        let order = Dictionary(uniqueKeysWithValues: ReplyFinding.Kind.allCases.enumerated().map { ($0.element, $0.offset) })
        return findings.enumerated().sorted {
            (order[$0.element.kind] ?? 0, $0.offset) < (order[$1.element.kind] ?? 0, $1.offset)
        }.map(\.element)
    }

    /// Items the reply has values of.
    public func items(under mapping: [String: FieldUse]) -> Set<DataItemName> {
        Set(
            fields.compactMap { path, field in
                if field.values > 0, case .item(let item) = mapping[path] { item } else { nil }
            })
    }
}
