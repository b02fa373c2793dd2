/// base64url without padding (RFC 4648 §5), in its one canonical spelling.
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
        return table
    }()

    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        bytes.withContiguousStorageIfAvailable(encode) ?? Array(bytes).withUnsafeBufferPointer(encode)
    }

    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { out in
            var (buffer, bits, end): (UInt32, UInt32, Int) = (0, 0, 0)
            for byte in bytes {
                buffer = buffer << 8 | UInt32(byte)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    out[end] = alphabet[Int(buffer >> bits & 63)]
                    end += 1
                }
            }
            if bits > 0 {
                out[end] = alphabet[Int(buffer << (6 - bits) & 63)]
                end += 1
            }
            return end
        }
    }

    /// Nil for padding, white space, a foreign letter, an impossible length, or bits set that no byte uses:
    /// encoding the result gives the input again.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        if let decoded = text.withContiguousStorageIfAvailable(decode) { return decoded }
        return Array(text).withUnsafeBufferPointer(decode)
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var isCanonical = true
        let decoded = [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4) { out, count in
            var (buffer, bits): (UInt32, UInt32) = (0, 0)
            let values = values
            for letter in text {
                let value = values[Int(letter)]
                guard value < 64 else {
                    isCanonical = false
                    return
                }
                buffer = buffer << 6 | UInt32(value)
                bits += 6
                if bits >= 8 {
                    bits -= 8
                    out[count] = UInt8(truncatingIfNeeded: buffer >> bits)
                    count += 1
                }
            }
            isCanonical = buffer & (1 << bits - 1) == 0
        }
        return isCanonical ? decoded : nil
    }
}
