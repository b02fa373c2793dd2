import VRMBundle
import VRMModel
import VRMTerminal

/// How grants are shown.
enum GrantReport {
    /// - Parameter terms: The terms it stands under.
    static func json(
        _ grant: Grant, _ company: Domain, under terms: TermsID?, at now: Instant, file: String? = nil, leftOut: String? = nil
    ) -> JSONValue {
        .members(
            ("id", .string(grant.id.description)), ("company", .string(company.description)),
            (
                "items",
                .array(grant.items.map { ["name": .string($0.name.description), "version": .integer($0.version)] })
            ), ("purpose", .string(grant.purpose.rawValue)), ("basis", .string(grant.basis.rawValue)),
            ("terms", JSONValue(terms?.description)), ("offer", .string(grant.offer.description)),
            ("made", .string(grant.made.description)),
            ("sent", JSONValue(grant.sent?.description)), ("until", .string(grant.until.description)),
            ("state", .string(grant.state(at: now).rawValue)), ("supersedes", JSONValue(grant.supersedes?.description)),
            ("file", JSONValue(file)), ("left_out", JSONValue(leftOut)))
    }
}
