public import VRMCrypto

/// 160 random bits that open the vault when the passphrase is lost. Shown once, on paper from then on.
///
/// Eight groups of four Crockford base32 letters and a check letter (mod 37, weighted by position and group), so that a
/// typing error is noticed and its group named.
public struct RecoveryCode: ~Copyable {
    let bits: SecretBytes

    static let byteCount = 20
    private static let groups = 8
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U".utf8)

    private init(bits: consuming SecretBytes) { self.bits = bits }

    public static func random() -> RecoveryCode { RecoveryCode(bits: SecretBytes(random: byteCount)) }

    /// Whether a text is meant as a recovery code: 40 letters once hyphens and spaces are dropped.
    public static func looksLike(_ text: borrowing SecretBytes) -> Bool {
        unsafe text.withUnsafeBytes { bytes in
            let letters = unsafe bytes.filter { !isSeparator($0) }
            let isText = unsafe bytes.allSatisfy { (0x20..<0x7F).contains($0) }
            let isGrouped = unsafe bytes.contains(UInt8(ascii: "-"))
            return isText && isGrouped && letters.count == groups * 5
        }
    }

    /// Reads what was typed: any case, `O` for 0, `I` and `L` for 1, hyphens and spaces anywhere.
    ///
    /// - Throws: ``RecoveryCodeFailure`` naming the first wrong group.
    public init(typed text: borrowing SecretBytes) throws(RecoveryCodeFailure) {
        var values: [Int] = []
        var letters = unsafe text.withUnsafeBytes { unsafe $0.filter { !RecoveryCode.isSeparator($0) } }
        defer { wipe(&letters) }
        guard letters.count == RecoveryCode.groups * 5 else { throw .wrongLength }
        for (i, letter) in letters.enumerated() {
            guard let value = RecoveryCode.value(letter), value < 32 || i % 5 == 4 else { throw .wrongGroup(i / 5 + 1) }
            values.append(value)
        }
        var bytes: [UInt8] = []
        for group in 0..<RecoveryCode.groups {
            let part = values[group * 5..<group * 5 + 4]
            guard RecoveryCode.check(Array(part), group) == values[group * 5 + 4] else { throw .wrongGroup(group + 1) }
            let number = part.reduce(0) { $0 << 5 | $1 }  // 20 bits
            bytes += group % 2 == 0 ? [UInt8(number >> 12), UInt8(number >> 4 & 255), UInt8(number & 15) << 4] : []
            if group % 2 == 1 {
                bytes[bytes.count - 1] |= UInt8(number >> 16)
                bytes += [UInt8(number >> 8 & 255), UInt8(number & 255)]
            }
        }
        bits = SecretBytes(copying: bytes)
        wipe(&bytes)
        values = []
    }

    /// The code as it is shown: `ABCDE-FGHJK-…`, 47 letters. The caller shows it and wipes it.
    public borrowing func letters() -> [UInt8] {
        var bytes = unsafe bits.withUnsafeBytes { unsafe Array($0) }
        defer { wipe(&bytes) }
        var out: [UInt8] = []
        for group in 0..<RecoveryCode.groups {
            let at = group * 20
            var values: [Int] = []
            for k in 0..<4 {
                let bit = at + k * 5
                let window = Int(bytes[bit / 8]) << 8 | (bit / 8 + 1 < bytes.count ? Int(bytes[bit / 8 + 1]) : 0)
                values.append(window >> (11 - bit % 8) & 31)
            }
            if group > 0 { out.append(UInt8(ascii: "-")) }
            out += values.map { RecoveryCode.alphabet[$0] } + [RecoveryCode.alphabet[RecoveryCode.check(values, group)]]
        }
        return out
    }

    private static func check(_ values: [Int], _ group: Int) -> Int {
        (values.enumerated().reduce(0) { $0 + ($1.offset + 2) * $1.element } + 7 * (group + 1)) % 37
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: " ") }

    private static func value(_ letter: UInt8) -> Int? {
        let upper = (97...122).contains(letter) ? letter - 32 : letter
        switch upper {
        case UInt8(ascii: "O"): return 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
        default: return alphabet.firstIndex(of: upper)
        }
    }
}

/// Why a text is no recovery code.
public enum RecoveryCodeFailure: Error, Equatable {
    case wrongLength
    /// 1 to 8.
    case wrongGroup(Int)
}
