import VRMBundle
import VRMModel

/// A whole file, as the company's program gets it.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let bundle = try? Unverified(parsing: bytes) else { return 0 }
    _ = bundle.reference
    _ = try? bundle.disclosures
    _ = try? Verifier(Policy(audience: "https://shop.example")).verify(
        bundle, recalling: Recollection(), at: Instant(seconds: 1_798_761_600))
    return 0
}
