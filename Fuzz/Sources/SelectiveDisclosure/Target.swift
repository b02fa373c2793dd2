import VRMBundle
import VRMModel

/// The first line is a payload, each further one a Disclosure: libFuzzer need not learn base64url.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let lines = UnsafeBufferPointer(start: data, count: count).split(
        separator: 10, maxSplits: 64, omittingEmptySubsequences: false)
    let header = #"{"alg":"EdDSA","kid":"k","typ":"dc+sd-jwt"}"#
    var text = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(lines[0])) + ".AAAA"
    for line in lines.dropFirst() { text += "~" + Base64URL.encode(Array(line)) }
    guard let bundle = try? Unverified(parsing: Array((text + "~").utf8)) else { return 0 }
    _ = try? bundle.disclosures
    _ = try? bundle.unpacked
    _ = try? Verifier(Policy(audience: nil)).verify(bundle, recalling: Recollection(), at: Instant(seconds: 1_798_761_600))
    return 0
}
