/// JSON as tokens may hold it: strict, ASCII member names, whole numbers within ±(2^53 − 1).
enum StrictJSON {
    static func parse(_ bytes: [UInt8], in place: String) throws(Rejection) -> JSONValue {
        do throws(JSONFailure) {
            return try JSONParser.parse(bytes, isToken: true)
        } catch {
            switch error.kind {
            case .unsafeNumber: throw Rejection(.json, "a number that is no safe integer in \(place)")
            case .foreignName: throw Rejection(.json, "a member name outside ASCII in \(place)")
            default: throw Rejection(.json, "\(error.kind) at byte \(error.offset) of \(place)")
            }
        }
    }
}
