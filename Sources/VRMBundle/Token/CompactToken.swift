/// A compact JWS inside another token: a proof of possession or a Key Binding JWT.
struct CompactToken {
    let header: JSONObject
    let payload: JSONObject
    private let signature: [UInt8]
    private let signingInput: [UInt8]

    /// Nil for anything but three canonical parts with strict JSON objects in the first two.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count <= 2 * Limits.headerBytes, let head = Base64URL.decode(parts[0]),
            let body = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2]),
            let header = (try? StrictJSON.parse(head, in: ""))?.object,
            let payload = (try? StrictJSON.parse(body, in: ""))?.object
        else { return nil }
        self.header = header
        self.payload = payload
        self.signature = signature
        signingInput = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    /// Whether `key` signed it under an algorithm of its kind.
    func isSigned(by key: PublicJWK) -> Bool {
        guard let alg = try? header.token("alg"), key.algorithms.contains(alg) else { return false }
        return key.isValid(signature, of: signingInput)
    }

    static func sign(_ header: JSONObject, _ payload: JSONObject, with key: borrowing TokenKey) -> String {
        let input = Base64URL.encode(JSONValue.object(header).bytes) + "." + Base64URL.encode(JSONValue.object(payload).bytes)
        return input + "." + Base64URL.encode(key.sign(Array(input.utf8)))
    }
}
