import VRMBundle

/// What is read is written and read again as the same value.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let value = try? JSONParser.parse(bytes) else { return 0 }
    guard (try? JSONParser.parse(value.bytes)) == value else { fatalError("written and read again, it is another value") }
    return 0
}
