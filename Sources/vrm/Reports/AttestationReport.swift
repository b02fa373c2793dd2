import VRMBundle
import VRMModel
import VRMTerminal
import VRMVault

/// How a company's word that it erased everything is shown, and what speaks against it.
enum AttestationReport {
    static func json(_ attestation: Attestation) -> JSONValue {
        .members(
            ("request", .string(attestation.request.id.description)), ("on", .string(attestation.on.description)),
            ("signed", .bool(attestation.isSigned)),
            (
                "alarms",
                .array(
                    attestation.contradictions.map {
                        ["source": .string($0.source.rawValue), "on": .string($0.on.description)]
                    })
            ))
    }

    static func words(_ attestation: Attestation) -> String {
        "everything, said on \(attestation.on), \(attestation.isSigned ? "signed" : "not signed")"
    }

    /// Both as lines of their own; empty when there is none.
    static func lines(_ attestation: Attestation?, _ style: Style) -> String {
        guard let attestation else { return "" }
        return (["  erased \(words(attestation))"] + alarms(attestation).map { "  " + style.alarm($0) } + [""])
            .joined(separator: "\n")
    }

    /// What speaks against it, and what to type.
    static func alarms(_ attestation: Attestation) -> [String] {
        attestation.contradictions.map {
            let what =
                switch $0.source {
                case .mail: "they wrote again on \($0.on)"
                case .reply: "an access reply of \($0.on) holds data"
                case .account: "an account there turned up on \($0.on)"
                case .find: "you found that they have data on \($0.on)"
                }
            return what
                + ": vrm request record \($0.request.short) --event reopened --on \($0.on), or vrm request dismiss \($0.request.short)"
        }
    }
}
