/// JSON as tokens may hold it: strict, ASCII member names, whole numbers within ±(2^53 − 1).
enum StrictJSON {
    static func parse(_ bytes: [UInt8], in place: String) throws(Rejection) -> JSONNode {
        JSONNode(text: try parse(bytes, [0..<bytes.count]) { _ in place }, index: 0)
    }

    /// Reads texts that stand in `bytes`.
    ///
    /// - Parameter place: What a text is called, by its number.
    /// - Returns: Their values, each behind the one before.
    static func parse(_ bytes: [UInt8], _ texts: [Range<Int>], in place: (Int) -> String) throws(Rejection) -> JSONText {
        try JSONParser.read(bytes) { bytes throws(Rejection) in
            var parser = JSONParser(bytes, isToken: true)
            for (number, range) in texts.enumerated() {
                do throws(JSONFailure) {
                    try parser.read(range)
                } catch {
                    throw refusal(error, of: place(number))
                }
            }
            return parser
        }
    }

    private static func refusal(_ failure: JSONFailure, of place: String) -> Rejection {
        switch failure.kind {
        case .unsafeNumber: Rejection(.json, "a number that is no safe integer in \(place)")
        case .foreignName: Rejection(.json, "a member name outside ASCII in \(place)")
        default: Rejection(.json, "\(failure.kind) at byte \(failure.offset) of \(place)")
        }
    }
}
