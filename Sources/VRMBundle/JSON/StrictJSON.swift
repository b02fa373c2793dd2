/// JSON as tokens may hold it: strict, ASCII member names, whole numbers within ±(2^53 − 1).
enum StrictJSON {
    static func parse(_ bytes: [UInt8], in place: String) throws(Rejection) -> JSONValue {
        let value: JSONValue
        do throws(JSONFailure) {
            value = try JSONParser.parse(bytes)
        } catch {
            throw Rejection(.json, "\(error.kind) at byte \(error.offset) of \(place)")
        }
        if let problem = problem(in: value) { throw Rejection(.json, "\(problem) in \(place)") }
        return value
    }

    private static func problem(in value: JSONValue) -> String? {
        switch value {
        case .number(let number): number.integer == nil ? "a number that is no safe integer" : nil
        case .array(let elements): elements.lazy.compactMap(problem).first
        case .object(let object):
            object.members.lazy.compactMap { member in
                member.name.utf8.allSatisfy { $0 < 0x80 } ? problem(in: member.value) : "a member name outside ASCII"
            }.first
        default: nil
        }
    }
}
