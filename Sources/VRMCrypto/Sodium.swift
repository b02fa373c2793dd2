import CSodium

/// libsodium, initialised once before anything of it is used.
enum Sodium {
    static let ready: Void = {
        guard sodium_init() >= 0 else { fatalError("libsodium cannot start") }
    }()
}

/// Why a cryptographic operation did not succeed. Carries no bytes.
public enum CryptoFailure: Error, Equatable {
    /// The tag does not match: wrong key, wrong place, or changed bytes.
    case notAuthentic
    /// The key derivation could not get its memory, or its parameters are out of range.
    case derivationFailed
    /// Not a key of this kind: wrong length, not on the curve, of small order, or not canonical.
    case invalidKey
}

public enum Random {
    /// `count` bytes from the operating system's generator.
    public static func bytes(_ count: Int) -> [UInt8] {
        _ = Sodium.ready
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }
}

/// Compares without a hint, by its duration, of where the first difference is.
public func equalInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe sodium_memcmp(a, b, a.count) == 0
}
