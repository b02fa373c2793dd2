public import VRMModel

/// Something one side tells the other. `vrm-message+jwt`.
public struct MessagePayload: Hashable, Sendable, JSONMembers {
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

    func members(_ json: inout JSONWriter) {
        json.member("kind", kind.rawValue)
        json.member("text", text)
        json.member("in_reply_to", inReplyTo)
        json.member("answer_wanted_by", answerWantedBy?.description)
    }
}
