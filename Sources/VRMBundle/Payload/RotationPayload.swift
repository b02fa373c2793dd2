/// A new key in place of the one that signs this. `vrm-rotation+jwt`.
public struct RotationPayload: Hashable, Sendable, JSONMembers {
    let new: JSONObject
    let pop: String

    init(new: JSONObject, pop: String) {
        self.new = new
        self.pop = pop
    }

    init(_ claims: JSONObject) throws(Rejection) {
        new = try claims.object("new")
        pop = try claims.token("pop")
    }

    func members(_ json: inout JSONWriter) {
        json.member("new", .object(new))
        json.member("pop", pop)
    }
}
