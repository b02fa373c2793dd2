import VRMBundle
import VRMModel

/// How a message is shown.
enum MessageReport {
    static func json(_ message: Correspondence, _ domain: Domain) -> JSONObject {
        JSONObject([
            ("id", .string(message.id.description)), ("company", .string(domain.description)),
            ("kind", .string(message.kind.rawValue)), ("received", .bool(message.isReceived)),
            ("at", .string(message.at.description)), ("answers", JSONValue(message.answers?.description)),
            ("answer_wanted_by", JSONValue(message.answerWantedBy?.description)), ("sent", JSONValue(message.sent?.description)),
        ])
    }

    static let columns = ["from", "kind", "on", "answer by"]

    /// - Parameter depth: How many messages it answers, each the one before it.
    static func cells(_ message: Correspondence, _ depth: Int) -> [String] {
        [
            message.isReceived ? "them" : "you", String(repeating: "  ", count: depth) + message.kind.rawValue,
            message.at.day.description, message.answerWantedBy?.description ?? "–",
        ]
    }
}
