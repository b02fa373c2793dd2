/// A new key in place of the one that signs this. `vrm-rotation+jwt`.
public struct RotationPayload: Hashable, Sendable {
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

    var members: [(String, JSONValue)] { [("new", .object(new)), ("pop", .string(pop))] }
}
