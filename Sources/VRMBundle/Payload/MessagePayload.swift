public import VRMModel

/// Something one side tells the other. `vrm-message+jwt`.
public struct MessagePayload: Hashable, Sendable {
    public let kind: MessageKind
    public let text: String
    public let inReplyTo: BundleReference?
    public let answerWantedBy: Day?

    public init(kind: MessageKind, text: String, inReplyTo: BundleReference? = nil, answerWantedBy: Day? = nil) {
        self.kind = kind
        self.text = text
        self.inReplyTo = inReplyTo
        self.answerWantedBy = answerWantedBy
    }

    init(_ claims: JSONObject) throws(Rejection) {
        kind = try claims.choice("kind", MessageKind.self)
        text = try claims.text("text")
        guard text.utf8.count <= Limits.textBytes else { throw Rejection(.members, "text is longer than 64 KiB") }
        inReplyTo = claims["in_reply_to"] == nil ? nil : try BundleReference(json: claims["in_reply_to"])
        answerWantedBy = try claims.optionalDay("answer_wanted_by")
        guard kind != .reply || inReplyTo != nil else { throw Rejection(.members, "a reply names what it answers") }
    }

    var members: [(String, JSONValue)] {
        [("kind", .string(kind.rawValue)), ("text", .string(text))]
            + (inReplyTo.map { [("in_reply_to", $0.json)] } ?? [])
            + (answerWantedBy.map { [("answer_wanted_by", .string($0.description))] } ?? [])
    }
}
