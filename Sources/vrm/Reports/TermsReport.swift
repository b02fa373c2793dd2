import VRMBundle
import VRMModel
import VRMTerminal

/// How terms are shown.
enum TermsReport {
    static func json(_ terms: Terms) -> JSONValue {
        .members(
            ("id", .string(terms.id.description)), ("lang", .string(terms.language.description)),
            ("sha256", .string(terms.sha256.hex)),
            ("source", .string(terms.source.rawValue)),
            ("purposes", .array(terms.purposes.map(\.rawValue).sorted().map { .string($0) })),
            ("text", true), ("uri", JSONValue(terms.uri)), ("our_reading", false))
    }

    static func json(_ offer: OfferedTerms) -> JSONValue {
        .members(
            ("id", .string(offer.id.description)), ("terms", .string(offer.terms.description)),
            ("lang", .string(offer.language.description)),
            ("sha256", .string(offer.sha256.hex)), ("made", .string(offer.made.description)),
            ("sent", JSONValue(offer.sent?.description)),
            ("until", .string(offer.ends.day.adding(days: -1).description)),
            ("decision", JSONValue(offer.answer?.decision.rawValue)))
    }

    static func uses(_ purposes: Set<Purpose>) -> String {
        let uses = Use.allCases.filter { use in purposes.contains { $0.use == use } }
        return uses.isEmpty ? "nothing" : uses.map(\.rawValue).joined(separator: ", ")
    }
}
