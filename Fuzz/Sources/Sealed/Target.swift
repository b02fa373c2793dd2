import VRMBundle

/// The five parts of a sealed bundle, one a line, not yet encoded: nothing opens, nothing crashes.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let parts = UnsafeBufferPointer(start: data, count: count).split(separator: 10, maxSplits: 4, omittingEmptySubsequences: false)
    let text = parts.map { Base64URL.encode(Array($0)) }.joined(separator: ".")
    _ = try? Unverified(parsing: Array(text.utf8))
    return 0
}
