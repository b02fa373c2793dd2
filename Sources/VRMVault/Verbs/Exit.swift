public import VRMModel

extension Change {
    /// Begins the way out of a relationship; one that was begun goes on.
    ///
    /// - Parameter skipped: Steps the person leaves out from now on.
    public func beginExit(from relationship: Relationship, skipping skipped: Set<ExitStep.Kind>) throws(VaultFailure)
        -> Relationship
    {
        var plan = relationship.exit ?? ExitPlan(begun: now.day)
        plan.skipped.formUnion(skipped)
        return try keep(plan, of: relationship, relationship.exit == nil ? .exitBegun : .exitChanged)
    }

    /// Stays after all. What was made and sent stays as it is.
    public func endExit(from relationship: Relationship) throws(VaultFailure) -> Relationship {
        try keep(nil, of: relationship, .exitChanged)
    }

    private func keep(
        _ plan: ExitPlan?, of relationship: Relationship, _ event: LedgerEntry.Event
    ) throws(VaultFailure) -> Relationship {
        guard plan != relationship.exit else { return relationship }
        var changed = relationship
        changed.exit = plan
        try update(changed)
        try record(event, changed, records: [changed.id], detail: (plan?.skipped ?? []).map(\.rawValue).sorted())
        return changed
    }
}
