public import VRMModel

extension Vault {
    /// All companies with a contract: what can still be ended first, the nearest day first.
    public func contracts(on today: Day) throws(VaultFailure) -> [(relationship: Relationship, contract: Contract)] {
        try companies().compactMap { relationship in relationship.contract.map { (relationship, $0) } }
            .map { ($0.0, $0.1, $0.1.standing(on: today)) }
            .sorted {
                ($0.2.cancelBy?.number ?? .max, $0.2.ends?.number ?? .max) < (
                    $1.2.cancelBy?.number ?? .max, $1.2.ends?.number ?? .max
                )
            }.map { ($0.0, $0.1) }
    }
}

extension Change {
    /// Notes what binds the person to a company, in place of what was noted before. The same again changes nothing.
    public func set(_ contract: Contract, with relationship: Relationship) throws(VaultFailure) -> Relationship {
        try keep(contract, with: relationship, .contractSet)
    }

    /// Notes that the person ended a contract.
    ///
    /// - Throws: ``VaultFailure/noContract(_:)``, ``ContractRefusal``.
    public func cancelContract(with relationship: Relationship, on day: Day) throws -> Relationship {
        guard var contract = relationship.contract else { throw VaultFailure.noContract(relationship.company.domain) }
        try contract.cancel(on: day, today: now.day)
        return try keep(contract, with: relationship, .contractCancelled)
    }

    /// Forgets a contract.
    ///
    /// - Throws: ``VaultFailure/noContract(_:)``.
    public func removeContract(with relationship: Relationship) throws(VaultFailure) -> Relationship {
        guard relationship.contract != nil else { throw .noContract(relationship.company.domain) }
        return try keep(nil, with: relationship, .contractRemoved)
    }

    private func keep(
        _ contract: Contract?, with relationship: Relationship, _ event: LedgerEntry.Event
    ) throws(VaultFailure) -> Relationship {
        guard contract != relationship.contract else { return relationship }
        var changed = relationship
        changed.contract = contract
        try update(changed)
        try record(event, changed, records: [changed.id])
        return changed
    }
}
