import FuzzTargets

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    if let complaint = FuzzTarget.base64URL.complaint(about: bytes) { fatalError(complaint) }
    return 0
}
