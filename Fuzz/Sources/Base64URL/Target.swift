import VRMBundle

/// What is decoded has one spelling.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    if let decoded = Base64URL.decode(bytes) {
        guard Array(Base64URL.encode(decoded).utf8) == bytes else { fatalError("two spellings of the same bytes") }
    }
    guard Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes else { fatalError("encoding loses bytes") }
    return 0
}
