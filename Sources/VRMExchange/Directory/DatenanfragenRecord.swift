import VRMBundle
import VRMModel

extension DirectoryRecord {
    static let nameBytes = 300
    static let textBytes = 4096

    /// A record of datenanfragen/data (`schema.json` there, or `schema-supervisory-authorities.json`: what has sources and says
    /// nothing of their quality is an authority). Nil without slug and name, or without what tells it from
    /// other directories.
    init?(datenanfragen object: JSONObject) {
        guard let slug = object["slug"]?.string, DirectoryRecord.isSlug(slug),
            let name = object["name"]?.string?.content(cappedToBytes: DirectoryRecord.nameBytes),
            let countries = object["relevant-countries"]?.array
        else { return nil }
        self.init(
            source: object["quality"] == nil && object["sources"] != nil ? .authorities : .datenanfragen, slug: slug, name: name,
            domains: DirectoryRecord.registrableDomains(of: [object["web"]?.string].compactMap(\.self)))
        runs = DirectoryRecord.texts(object["runs"])
        email = DirectoryRecord.mailAddress(object["email"])
        webform = DirectoryRecord.address(object["webform"])
        address = DirectoryRecord.text(object["address"])
        if countries.count == 1, let only = countries[0].string { country = CountryCode(only) }  // "all" is no code
        language = (object["request-language"] ?? object["complaint-language"])?.string.flatMap { LanguageCode($0) }
        identification = (object["required-elements"]?.array ?? []).compactMap { element in
            guard let element = element.object, let type = element["type"]?.string else { return nil }
            return IdentificationElement(
                kind: IdentificationElement.Kind(rawValue: type) ?? .input,
                label: DirectoryRecord.text(element["desc"]) ?? "",
                isOptional: element["optional"]?.bool ?? false)
        }
        notes = DirectoryRecord.texts(object["comments"])
    }

    private static func isSlug(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }

    static func text(_ value: JSONValue?) -> String? { value?.string?.content(cappedToBytes: textBytes) }

    private static func texts(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(text) }

    /// A web address is dropped when it is too long, because half of it leads elsewhere.
    static func address(_ value: JSONValue?) -> String? {
        guard let text = value?.string?.trimmed, !text.isEmpty, text.utf8.count <= textBytes else { return nil }
        return text
    }

    /// A mail address ends up in a header, so it has to be one. Its host is put into ASCII.
    static func mailAddress(_ value: JSONValue?) -> String? {
        guard let text = address(value), let at = text.lastIndex(of: "@"),
            let host = Punycode.asciiForm(ofHost: String(text[text.index(after: at)...]))
        else { return nil }
        let ascii = String(text[...at]) + host
        return isMailAddress(ascii) ? ascii : nil
    }

    /// Each once, in their order. What is no host name is left out.
    static func registrableDomains(of addresses: [String]) -> [Domain] {
        var domains: [Domain] = []
        var seen: Set<Domain> = []
        for address in addresses {
            guard let domain = PublicSuffixes.registrableDomain(ofURL: address), seen.insert(domain).inserted else { continue }
            domains.append(domain)
        }
        return domains
    }
}
