import VRMModel

/// Grants that end, and those and their revocations that were made and not sent.
enum GrantsDue: DueSource {
    static func matters(in vault: Vault, at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter] {
        let domains = try vault.domains()
        var matters: [DueMatter] = []
        for grant in try vault.all(Grant.self) where grant.isActive(at: now) {
            let company = domains[grant.relationship]
            if grant.sent == nil {
                matters.append(
                    DueMatter(.send("grant"), company, on: grant.made.day, id: grant.id, because: .made(grant.made.day)))
            }
            matters.append(
                DueMatter(
                    .grantEnds, company, on: grant.until, id: grant.id,
                    because: .words(["it was given through \(grant.until)", "renew it, or let it end"])))
        }
        for revocation in try vault.all(Revocation.self) where revocation.sent == nil {
            matters.append(
                DueMatter(
                    .send("revocation"), domains[revocation.relationship], on: revocation.at.day, id: revocation.id,
                    because: .made(revocation.at.day)))
        }
        return matters
    }
}

extension DueMatter.Ground {
    /// Of what was made and waits to be sent.
    static func made(_ day: Day) -> DueMatter.Ground { .words(["made on \(day) and not sent yet"]) }
}
