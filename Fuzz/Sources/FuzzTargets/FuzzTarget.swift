import VRMBundle
import VRMCrypto
import VRMModel

/// What reads a stranger's bytes: fuzzed by the programs beside this, and run over what they found by `CorpusTests`, which
/// shares this file.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case json = "JSON"
    case base64URL = "Base64URL"
    case envelope = "Envelope"
    case selectiveDisclosure = "SelectiveDisclosure"
    case sealed = "Sealed"

    /// - Returns: What is wrong, when the answer contradicts itself. Nearly everything is refused, and that is fine.
    public func complaint(about bytes: [UInt8]) -> String? {
        switch self {
        case .json: json(bytes)
        case .base64URL: base64URL(bytes)
        case .envelope: envelope(bytes)
        case .selectiveDisclosure: signed(bytes)
        case .sealed: sealed(bytes)
        }
    }

    /// What is read is written and read again as the same value.
    private func json(_ bytes: [UInt8]) -> String? {
        guard let value = try? JSONParser.parse(bytes) else { return nil }
        return (try? JSONParser.parse(value.bytes)) == value ? nil : "written and read again, it is another value"
    }

    /// What is decoded has one spelling.
    private func base64URL(_ bytes: [UInt8]) -> String? {
        if let decoded = Base64URL.decode(bytes), Array(Base64URL.encode(decoded).utf8) != bytes {
            return "two spellings of the same bytes"
        }
        return Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes ? nil : "encoding loses bytes"
    }

    /// A whole file, as the company's program gets it.
    private func envelope(_ bytes: [UInt8]) -> String? {
        guard let bundle = try? Unverified(parsing: bytes) else { return nil }
        _ = bundle.reference
        _ = try? bundle.disclosures
        judge(bundle, recalling: Recollection())
        return nil
    }

    /// The first line is a `typ`, the second a payload, each further one a Disclosure, all signed here: the rules behind the
    /// signature are reached, and nobody need learn base64url. A company goes by the kid `k`.
    private func signed(_ bytes: [UInt8]) -> String? {
        let lines = bytes.split(separator: 10, maxSplits: 64, omittingEmptySubsequences: false)
        guard lines.count > 1, let key = try? SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 5, count: 32))) else {
            return nil
        }
        let held = PublicJWK.ed25519(key.publicKey)
        let typ = String(decoding: lines[0], as: UTF8.self)
        let isCompany = lines[1].starts(with: #"{"iss":"https:"#.utf8)
        let header = JSONValue.object(
            JSONObject([
                ("alg", "EdDSA"), ("kid", .string(isCompany ? "k" : held.thumbprint)), ("typ", .string(typ)),
            ]))
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(Array(lines[1]))
        var text = input + "." + Base64URL.encode(key.sign(Array(input.utf8)))
        if typ == "dc+sd-jwt" { text += lines.dropFirst(2).map { "~" + Base64URL.encode(Array($0)) }.joined() + "~" }
        guard let bundle = try? Unverified(parsing: Array(text.utf8)) else { return nil }
        _ = try? bundle.unpacked
        judge(bundle, recalling: Recollection(pinned: [PinnedKey(held, kid: isCompany ? "k" : nil)]))
        return nil
    }

    /// The five parts of a sealed bundle, one a line, not yet encoded.
    private func sealed(_ bytes: [UInt8]) -> String? {
        let parts = bytes.split(separator: 10, maxSplits: 4, omittingEmptySubsequences: false)
        let text = parts.map { Base64URL.encode(Array($0)) }.joined(separator: ".")
        guard let key = try? OpeningKey(seed: SecretBytes(copying: [UInt8](repeating: 3, count: 32))),
            let bundle = try? Unverified(parsing: Array(text.utf8), opening: [key])
        else { return nil }
        judge(bundle, recalling: Recollection())
        return nil
    }

    /// What these bundles mean does not matter, only that there is an answer.
    private func judge(_ bundle: Unverified, recalling recollection: Recollection) {
        let verifier = Verifier(Policy(audience: "https://shop.example"))
        _ = try? verifier.verify(bundle, recalling: recollection, at: Instant(seconds: 1_798_761_600))
    }
}
