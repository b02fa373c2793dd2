import VRMBundle
import VRMModel

extension DirectoryRecord {
    /// A site of JustDeleteMe (jdm-contrib/jdm, `_data/sites.json`). Nil without name, address and difficulty.
    /// Of the translations only English is read.
    init?(justDeleteMe object: JSONObject) {
        guard let full = object["name"]?.string, let url = object["url"]?.string,
            let difficulty = object["difficulty"]?.string?.content(cappedToBytes: 40),
            let name = full.content(cappedToBytes: DirectoryRecord.nameBytes)
        else { return nil }
        let domains = (object["domains"]?.array ?? []).compactMap(\.string)
        self.init(
            source: .justdeleteme, slug: DirectoryRecord.slug(fromName: full), name: name,
            domains: DirectoryRecord.registrableDomains(of: domains.isEmpty ? [url] : domains))
        email = DirectoryRecord.mailAddress(object["email"])
        deletionURL = DirectoryRecord.address(object["url"])
        deletionDifficulty = difficulty
        notes = [DirectoryRecord.text(object["notes"])].compactMap(\.self)
    }

    /// The directory has no ids, so the name makes one that depends on nothing else: lower-case letters and digits,
    /// anything between them one hyphen. A name that loses more than spaces, dots and hyphens that way (`Nike+`)
    /// gets a digest of itself, so that it stays apart from the plain one.
    static func slug(fromName name: String) -> String {
        var slug: [UInt8] = []
        var isLossy = false
        for byte in name.trimmed.utf8 {
            switch byte {
            case 97...122, 48...57: slug.append(byte)
            case 65...90: slug.append(byte + 32)
            default:
                if ![0x20, 0x2D, 0x2E].contains(byte) { isLossy = true }
                if slug.last != nil, slug.last != UInt8(ascii: "-") { slug.append(UInt8(ascii: "-")) }
            }
        }
        if slug.last == UInt8(ascii: "-") { slug.removeLast() }
        var text = String(decoding: slug.prefix(100), as: UTF8.self)
        if isLossy || slug.isEmpty || slug.count > 100 {
            let digest = String(fnv1a(name.trimmed.utf8), radix: 16)
            text += (text.isEmpty ? "" : "-") + String(repeating: "0", count: 8 - digest.count) + digest
        }
        return text
    }

    /// FNV-1a, 32 bits (Fowler, Noll, Vo). It tells names apart and protects nothing.
    private static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
