public import VRMModel

/// An erasure a company said is done.
public struct Attestation: Sendable {
    public let request: RightsRequest
    /// The day it was done, as far as is known.
    public let on: Day
    /// The company signed that; else the person wrote down that it said so.
    public let isSigned: Bool
    /// What is against it, and not dismissed.
    public let contradictions: [Contradiction]
}

extension Vault {
    /// What stands of a company's word that it erased everything. An erasure that was reopened is none.
    public func attestations(of relationship: RecordID) throws(VaultFailure) -> [Attestation] {
        let requests = try children(RightsRequest.self, of: relationship)
        guard requests.contains(where: { $0.erased != nil }) else { return [] }
        return Vault.attestations(requests, try children(Contradiction.self, of: relationship))
    }

    static func attestations(_ requests: [RightsRequest], _ contradictions: [Contradiction]) -> [Attestation] {
        requests.compactMap { request in
            guard let erased = request.erased else { return nil }
            return Attestation(
                request: request, on: erased.day, isSigned: erased.receipt != nil,
                contradictions: contradictions.filter {
                    $0.request == request.id && $0.dismissed == nil && $0.on >= erased.day
                }.sorted { $0.on < $1.on })
        }
    }

    /// Everything against attestations that the person has neither dismissed nor acted on.
    public func openContradictions() throws(VaultFailure) -> [Contradiction] {
        let contradictions = try all(Contradiction.self)
        guard !contradictions.isEmpty else { return [] }
        return Vault.attestations(try all(RightsRequest.self), contradictions).flatMap(\.contradictions)
    }
}

extension RightsRequest {
    /// The event by which everything is said to be erased; nil when it is not, or was opened again.
    var erased: RequestEvent? {
        guard kind == .erasure, [.fulfilled, .confirmed].contains(history.state) else { return nil }
        return history.events.last { $0.kind == .fulfilled }
    }
}

extension Change {
    /// Raises an alarm where something speaks against an erasure that was said to be done. Once for each kind of sign; the
    /// request itself is left as it is: it is opened again by the person's word.
    ///
    /// - Returns: The alarms that are new.
    @discardableResult
    public func contradict(
        _ relationship: Relationship, by source: Contradiction.Source, on day: Day, evidence: [UInt8]? = nil
    ) throws(VaultFailure) -> [Contradiction] {
        var new: [Contradiction] = []
        for attestation in try vault.attestations(of: relationship.id) {
            let grace = source == .mail ? Contradiction.graceDays : 0
            guard day > attestation.on.adding(days: grace) else { continue }
            let known = try vault.children(Contradiction.self, of: relationship.id).filter {
                $0.request == attestation.request.id && $0.source == source && $0.on >= attestation.on
            }
            guard known.allSatisfy({ $0.dismissed != nil && $0.on < day }) else { continue }
            let contradiction = Contradiction(
                id: Change.newID(), relationship: relationship.id, request: attestation.request.id, source: source, on: day,
                at: now)
            try save(contradiction, in: relationship.id)
            try record(
                .erasureContradicted, relationship, records: [contradiction.id, attestation.request.id], evidence: evidence,
                detail: [source.rawValue, day.description])
            new.append(contradiction)
        }
        return new
    }

    /// The person says that what speaks against an erasure does not: a bill that must be kept, a mail they wanted.
    ///
    /// - Returns: How many alarms that were.
    public func dismissContradictions(of request: RightsRequest) throws(VaultFailure) -> Int {
        let relationship = try vault.relationship(request.relationship)
        let open = try vault.attestations(of: relationship.id).filter { $0.request.id == request.id }.flatMap(\.contradictions)
        for var contradiction in open {
            contradiction.dismissed = now.day
            try save(contradiction, key: try key(of: relationship.id))
        }
        if !open.isEmpty {
            try record(
                .contradictionDismissed, relationship, records: open.map(\.id) + [request.id], detail: open.map(\.source.rawValue)
            )
        }
        return open.count
    }
}
