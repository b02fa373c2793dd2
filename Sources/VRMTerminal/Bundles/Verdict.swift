public import VRMBundle
import VRMModel

/// What verifying or inspecting a bundle gives, in JSON and in words.
enum Verdict {
    static func json(_ bundle: VerifiedBundle) -> JSONObject {
        var disclosed = JSONObject()
        for entry in bundle.disclosed { disclosed[entry.path] = entry.value }
        var json = JSONObject([
            ("valid", true), ("type", .string(bundle.type.rawValue)), ("issuer", .string(bundle.common.iss)),
            ("audience", JSONValue(bundle.common.aud)), ("claims", .object(bundle.claims)), ("disclosed", .object(disclosed)),
            ("checked", .array(bundle.checked.map { .string($0) })),
            ("not_checked", .array(bundle.notChecked.map { .string($0) })),
            ("key", .string(bundle.standing.rawValue)), ("binding", .string(bundle.binding.rawValue)),
            ("replay", .bool(bundle.isReplay)), ("sealed", .bool(bundle.wasSealed)), ("rule", .null), ("reason", .null),
        ])
        if case .evidence(let payload) = bundle.payload { json["log"] = .array(payload.lines.map(\.json)) }
        return json
    }

    static func report(_ bundle: VerifiedBundle) -> Answer {
        Answer(.object(json(bundle))) { style in
            var lines = [
                style.strong("valid") + "        " + label(bundle.type),
                "issuer       " + printable(bundle.common.iss), "for          " + printable(bundle.common.aud ?? "everybody"),
                "signed       \(bundle.common.iat)", "ends         \(bundle.common.exp)",
            ]
            lines += said(bundle.payload)
            if let successor = bundle.successor {
                lines.append("new key      \(successor.key.key.thumbprint), under \(printable(successor.name))")
            }
            for (path, value) in bundle.disclosed { lines.append("value        \(printable(path)) = \(shown(value))") }
            lines.append("checked      " + bundle.checked.joined(separator: ", "))
            if !bundle.notChecked.isEmpty { lines.append("NOT checked  " + bundle.notChecked.joined(separator: ", ")) }
            if bundle.wasSealed { lines.append("arrived sealed, which says nothing about who sent it") }
            if bundle.binding == .account { lines.append("its key was bound to an account") }
            if bundle.standing == .first_contact {
                lines.append("first contact: this proves a pseudonym, not an account; bind the key to a customer before acting")
            }
            if bundle.isReplay { lines.append("seen before, unchanged") }
            return lines.joined(separator: "\n")
        }
    }

    static func json(_ rejection: Rejection) -> JSONObject {
        JSONObject([
            ("valid", false), ("type", nil), ("issuer", nil), ("audience", nil), ("claims", nil), ("disclosed", nil),
            ("checked", []), ("not_checked", []), ("rule", .string(rejection.rule.rawValue)),
            ("reason", .string(rejection.reason)),
        ])
    }

    static func report(_ rejection: Rejection) -> Answer { Answer(.object(json(rejection))) { _ in "" } }

    static func report(unverified bundle: Unverified) -> Answer {
        let disclosures = (try? bundle.disclosures) ?? []
        let json = JSONValue.members(
            ("verified", false), ("header", bundle.header.map { .object($0) }), ("payload", bundle.payload.map { .object($0) }),
            ("disclosures", .array(disclosures.map { ["name": $0.name.map { .string($0) } ?? .null, "value": $0.value] })))
        return Answer(json) { style in
            var lines = [style.alarm("UNVERIFIED") + "  anybody can write this"]
            lines += (bundle.header?.members ?? []).map { "header   \(printable($0.name)) = \(shown($0.value))" }
            lines += (bundle.payload?.members ?? []).map { "payload  \(printable($0.name)) = \(shown($0.value))" }
            lines += disclosures.map { "value    \(printable($0.name ?? "…")) = \(shown($0.value))" }
            return lines.joined(separator: "\n")
        }
    }

    /// What a clerk needs to know of it, in words.
    private static func said(_ payload: Payload) -> [String] {
        switch payload {
        case .terms(let payload):
            ["terms        \(printable(payload.terms.id ?? "without a name")), \(printable(payload.terms.lang))"]
        case .acceptance(let payload): ["decision     \(payload.decision.rawValue)"]
        case .grant(let payload):
            payload.purposes.map { "purpose      \($0.rawValue): \($0.label)" } + [
                "keep until   \(payload.retention), share with \(payload.onward)"
            ]
        case .revocation(let payload):
            payload.all
                ? ["ends         everything sent before"]
                : payload.revokes.map { "ends         the grant with jti \(printable($0.jti))" }
        case .request(let payload):
            ["asks for     \(payload.exercise), \(printable(payload.basis))", "answer by    \(payload.respondBy)"]
        case .receipt(let payload):
            ["outcome      \(payload.outcome.rawValue)\(payload.reason.map { ", \($0.rawValue)" } ?? "")"]
        case .intent(let payload):
            [
                "wants        \(printable(payload.want.title))", "in           \(printable(payload.region))",
                "answers to   \(printable(payload.replyTo))",
            ]
        case .offer(let payload):
            payload.items.map { "item         \(printable($0))" } + [
                "price        \(payload.price.value) \(payload.price.currency), until \(payload.validUntil)"
            ]
        case .award(let payload): ["chooses      the offer with jti \(printable(payload.ref.jti))"]
        case .withdrawal(let payload): ["ends         the intent with jti \(printable(payload.ref.jti))"]
        case .message(let payload):
            ["about        \(payload.kind.label)"]
                + payload.text.split(separator: "\n", omittingEmptySubsequences: false).map {
                    "text         \(printable(String($0)))"
                }
                + (payload.answerWantedBy.map { ["answer by    \($0)"] } ?? [])
        case .evidence(let payload):
            payload.lines.map { "line         \($0.words)" } + [
                "shows        \(payload.lines.count) of \(payload.links.count) lines of a log, in their order",
                "proves       what they say and their order as of signing; NOT that the log was never rebuilt,",
                "             that no hidden line is about the same matter, or when anything happened",
            ]
        case .rotation: []
        }
    }

    private static func shown(_ value: JSONValue) -> String { printable(value.string ?? value.text) }

    private static func label(_ type: TokenType) -> String {
        switch type {
        case .terms: "terms proffered by a person"
        case .acceptance: "a company's answer to terms"
        case .grant: "permission to use the values below"
        case .revocation: "the end of earlier permission"
        case .request: "a rights request"
        case .receipt: "a company's answer to a request"
        case .intent: "an invitation to make offers"
        case .offer: "a company's offer"
        case .award: "the choice of an offer"
        case .withdrawal: "the end of an intent"
        case .message: "a message"
        case .evidence: "a redacted part of a log"
        case .rotation: "a new key in place of an old one"
        }
    }
}

extension Rejection: UserFacing {
    public var message: Message {
        Message(
            "refused by rule \(rule.rawValue), \(rule.title): \(reason)", hint: "the rule is in docs/spec/bundle.md",
            status: rule == .shape ? .malformed : .refused, rule: rule.rawValue)
    }
}

extension KeyDocumentFailure: UserFacing {
    public var message: Message {
        switch self {
        case .tooLarge: Message("more than a key document may hold", status: .malformed)
        case .notJSON: Message("the key file is not strict JSON", status: .malformed)
        case .notKeys: Message("the file holds no keys", hint: "a JWKS or a jwt-vc-issuer document is needed", status: .malformed)
        case .badIssuer: Message("the issuer is no https origin", status: .malformed)
        case .keysElsewhere:
            Message("the document only points to its keys", hint: "ask the company for the JWKS file itself", status: .malformed)
        case .privateKey: Message("the file holds a private key", hint: "give the JWKS with the public keys", status: .malformed)
        case .badKey: Message("a key is not a usable point on its curve", status: .malformed)
        case .noUsableKey: Message("no Ed25519 or P-256 signing key in the file", status: .malformed)
        case .duplicateKeyName: Message("two keys have the same name", status: .malformed)
        }
    }
}
