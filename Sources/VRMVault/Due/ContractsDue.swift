import VRMModel

/// Contracts that go on unless they are ended in time, trials, and the way out that was begun.
enum ContractsDue: DueSource {
    static func matters(in vault: Vault, at now: Instant, under law: LawBook) throws(VaultFailure) -> [DueMatter] {
        var matters: [DueMatter] = []
        for relationship in try vault.companies() {
            guard let contract = relationship.contract else { continue }
            let domain = relationship.company.domain
            switch contract.standing(on: now.day) {
            case .trial(let day):
                matters.append(
                    DueMatter(
                        .trialEnds, domain, on: day, id: relationship.id,
                        because: .words(["the trial ends on \(day)", "when you have cancelled: vrm contract cancelled \(domain)"])
                    ))
            case .running(let day, let ends):
                matters.append(
                    DueMatter(
                        .cancelBy, domain, on: day, id: relationship.id,
                        because: .words(
                            [
                                "it began on \(contract.start)"
                                    + (contract.term.map { ", for \($0) at least" } ?? "")
                                    + (contract.renewal.map { ", renewed by \($0)" } ?? ""),
                                "it ends on \(ends) if they have your notice" + (contract.notice.map { " \($0) before" } ?? ""),
                                "when you have cancelled: vrm contract cancelled \(domain)",
                            ])))
            case .endless, .ending, .cancelled, .over: break
            }
        }
        return matters
    }
}
