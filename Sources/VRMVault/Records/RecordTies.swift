import VRMModel

/// How a record hangs together with others: whose key it lies under, what it is filed under, which records it names
/// (docs/spec/vault-file.md §5). Verbs keep to it while they write; an export is checked by it and put back.
struct RecordTies {
    enum Key {
        /// One of its own, that nothing else may have.
        case itsOwn
        case person, directory
        case relationship(RecordID)
        case intent(RecordID)
        /// That of the value in it: a version's, or a relationship's.
        case value
    }

    struct Filing {
        let index: Index
        let value: [UInt8]
        /// No second record may stand there.
        var isUnique = false
    }

    struct Reference {
        let id: RecordID
        let kind: RecordKind
        /// What it names can be removed while the record stays.
        var mayBeGone = false
    }

    let key: Key
    let filings: [Filing]
    let references: [Reference]

    init(key: Key, filings: [Filing] = [], references: [Reference?] = []) {
        self.key = key
        self.filings = filings
        self.references = references.compactMap { $0 }
    }

    /// Of a record that belongs to a relationship: filed below it, under its key.
    init(_ kind: RecordKind, of relationship: RecordID, filings: [Filing] = [], references: [Reference?] = []) {
        self.init(
            key: .relationship(relationship),
            filings: [Filing(index: .child, value: Vault.childKey(relationship, kind))] + filings,
            references: [Reference(id: relationship, kind: .relationship)] + references)
    }

    /// Of a record that belongs to an intent.
    init(_ kind: RecordKind, ofIntent intent: RecordID, filings: [Filing] = [], references: [Reference?] = []) {
        self.init(
            key: .intent(intent), filings: [Filing(index: .child, value: Vault.childKey(intent, kind))] + filings,
            references: [Reference(id: intent, kind: .intent)] + references)
    }
}

extension RecordTies.Filing {
    init(_ index: Index, _ text: String, isUnique: Bool = false) {
        self.init(index: index, value: Array(text.utf8), isUnique: isUnique)
    }

    init(value: String) { self.init(index: .value, value: Vault.valueKey(value)) }
}

extension RecordTies.Reference {
    init?(_ id: RecordID?, _ kind: RecordKind, mayBeGone: Bool = false) {
        guard let id else { return nil }
        self.init(id: id, kind: kind, mayBeGone: mayBeGone)
    }
}

extension Relationship {
    var ties: RecordTies {
        RecordTies(
            key: .itsOwn,
            filings: ([company.domain] + company.otherDomains).map {
                RecordTies.Filing(.companyDomain, $0.description, isUnique: true)
            })
    }
}

extension Holding {
    var ties: RecordTies {
        RecordTies(
            .holding, of: relationship,
            filings: [RecordTies.Filing(index: .itemName, value: Vault.holdingsKey(item))]
                + (value.map { [RecordTies.Filing(value: $0.revealed)] } ?? []),
            references: [RecordTies.Reference(proofFor, .request)])
    }
}

extension DataItem {
    var ties: RecordTies {
        RecordTies(
            key: .person,
            filings: [RecordTies.Filing(.itemName, (isFact ? "fact:" : "item:") + name.description, isUnique: true)],
            references: versions.map { RecordTies.Reference($0, .version) })
    }
}

extension DataVersion {
    var ties: RecordTies {
        RecordTies(
            key: .itsOwn, filings: [RecordTies.Filing(value: value.revealed)], references: [RecordTies.Reference(item, .item)])
    }
}

extension KeptTerms {
    var ties: RecordTies { RecordTies(key: .person, filings: [RecordTies.Filing(.termsID, terms.id.description)]) }
}

extension OfferedTerms {
    var ties: RecordTies {
        RecordTies(
            .offer, of: relationship,
            references: [
                RecordTies.Reference(bundle, .bundle), RecordTies.Reference(answer?.bundle, .bundle),
                RecordTies.Reference(intent, .intent),
            ])
    }
}

extension Grant {
    var ties: RecordTies {
        RecordTies(
            .grant, of: relationship,
            filings: items.map { RecordTies.Filing(index: .itemName, value: Vault.grantsKey($0.name)) },
            references: [
                RecordTies.Reference(offer, .offer), RecordTies.Reference(bundle, .bundle),
                RecordTies.Reference(supersedes, .grant), RecordTies.Reference(supersededBy, .grant),
                RecordTies.Reference(revocation, .revocation),
            ] + items.map { RecordTies.Reference($0.versionID, .version, mayBeGone: true) })
    }
}

extension Revocation {
    var ties: RecordTies {
        RecordTies(
            .revocation, of: relationship,
            references: [RecordTies.Reference(grant, .grant), RecordTies.Reference(bundle, .bundle)])
    }
}

extension RightsRequest {
    var ties: RecordTies {
        RecordTies(
            .request, of: relationship,
            filings: versions.map { RecordTies.Filing(index: .child, value: Vault.childKey($0, .request)) },
            references: [RecordTies.Reference(bundle, .bundle), RecordTies.Reference(letter, .letter)]
                + grants.map { RecordTies.Reference($0, .grant) }
                + versions.map { RecordTies.Reference($0, .version, mayBeGone: true) }
                + history.events.flatMap {
                    [RecordTies.Reference($0.followUp, .followUp), RecordTies.Reference($0.receipt, .bundle)]
                })
    }
}

extension FollowUp {
    var ties: RecordTies {
        RecordTies(
            .followUp, of: relationship,
            references: [
                RecordTies.Reference(request, .request), RecordTies.Reference(letter, .letter),
                RecordTies.Reference(bundle, .bundle),
            ])
    }
}

extension KeptBundle {
    var ties: RecordTies {
        let references = (disclosures ?? []).map { RecordTies.Reference($0, .disclosure, mayBeGone: true) }
        return switch owner {
        case .relationship(let id):
            RecordTies(.bundle, of: id, filings: [RecordTies.Filing(.bundleID, jti)], references: references)
        // Nothing answers these by their id, and the ids of offers are strangers' choice.
        case .intent(let id): RecordTies(.bundle, ofIntent: id, references: references)
        }
    }
}

extension KeptDisclosure {
    /// Filed below the version whose key it lies under, which its content does not say.
    var ties: RecordTies { RecordTies(key: .value) }
}

extension KeptSigningKey {
    var ties: RecordTies { RecordTies(.signingKey, of: relationship) }
}

extension CompanyKeys {
    var ties: RecordTies { RecordTies(.companyKeys, of: relationship) }
}

extension KeptDirectoryRecord {
    var ties: RecordTies {
        RecordTies(
            key: .directory,
            filings: [RecordTies.Filing(.directorySlug, "\(record.source.rawValue):\(record.slug)", isUnique: true)]
                + record.domains.map { RecordTies.Filing(.directoryDomain, $0.description) })
    }
}

extension KeptLetter {
    var ties: RecordTies {
        let values = draft.segments.map { if case .version(let id) = $0 { id } else { nil as RecordID? } }
        return RecordTies(
            .letter, of: relationship,
            references: (values + [draft.fromName, draft.fromAddress]).map {
                RecordTies.Reference($0, .version, mayBeGone: true)
            })
    }
}

extension KnownBackup {
    var ties: RecordTies { RecordTies(key: .person, filings: [RecordTies.Filing(.backup, "known")]) }
}

extension Correspondence {
    var ties: RecordTies {
        RecordTies(
            .message, of: relationship,
            references: [RecordTies.Reference(bundle, .bundle), RecordTies.Reference(answers, .message)])
    }
}

extension Intent {
    var ties: RecordTies {
        RecordTies(
            key: .itsOwn,
            references: [
                RecordTies.Reference(bundle, .bundle), RecordTies.Reference(awarded, .bid, mayBeGone: true),
                RecordTies.Reference(award, .bundle, mayBeGone: true), RecordTies.Reference(withdrawal, .bundle),
            ]
                + attributes.flatMap {
                    [
                        RecordTies.Reference($0.item.versionID, .version, mayBeGone: true),
                        RecordTies.Reference($0.disclosure, .disclosure, mayBeGone: true),
                    ]
                })
    }
}

extension IntentKey {
    /// The keys there still are stand in one list, so that those whose time is over are found.
    var ties: RecordTies { RecordTies(.intentKey, ofIntent: intent, filings: [RecordTies.Filing(.intent, IntentKey.list)]) }

    static let list = "keys"
}

extension KeptBid {
    var ties: RecordTies {
        RecordTies(
            .bid, ofIntent: bid.intent,
            references: [
                RecordTies.Reference(bid.bundle, .bundle), RecordTies.Reference(bid.relationship, .relationship),
            ] + bid.shown.map { RecordTies.Reference($0, .grant) })
    }
}

extension Posting {
    var ties: RecordTies {
        RecordTies(.posting, ofIntent: intent, references: [RecordTies.Reference(bundle, .bundle)])
    }
}
