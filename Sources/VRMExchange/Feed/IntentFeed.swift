public import VRMBundle
public import VRMModel

/// A folder of intents that any web host can serve: `intents/` with one file each, and two lists of them. Several people can share
/// one.
///
/// The lists are unsigned and prove nothing: they are made anew from the files, each of which is verified. So whoever writes next
/// needs to know nothing of the others, and a file put in another's place counts for nothing.
public struct IntentFeed: Sendable {
    /// Open, the newest first.
    public let open: [Entry]
    /// Withdrawn, until they would have ended anyway.
    public let over: [Entry]
    /// Names of files whose time is over.
    public let expired: [String]

    public struct Entry: Sendable {
        /// The name of its key.
        public let id: String
        public let file: String
        /// Nil for a withdrawal.
        public let intent: IntentPayload?
        /// Dated to the hour.
        public let made: Instant
        public let ends: Instant
    }

    public static let folder = "intents"
    /// The most that is read of a folder.
    public static let mostFiles = 10_000

    /// What the file of an intent is called, and later that of its withdrawal: the thumbprint of its key.
    public static func file(of issuer: String) -> String { issuer.split(separator: ":").last.map(String.init)! + ".json" }

    /// - Parameter files: Names and contents of `intents/`.
    public init(_ files: [(name: String, bytes: [UInt8])], at now: Instant) {
        var (open, over, expired): ([Entry], [Entry], [String]) = ([], [], [])
        for (name, bytes) in files {
            let bundle: VerifiedBundle
            do throws(Rejection) {
                bundle = try Verifier(Policy(audience: nil, types: [.intent, .withdrawal])).verify(
                    bytes, recalling: Recollection(), at: now)
            } catch {
                if error.isExpiry { expired.append(name) }
                continue
            }
            // A stranger's withdrawal is signed by another key, and so has another name.
            guard IntentFeed.file(of: bundle.common.iss) == name else { continue }
            var intent: IntentPayload?
            if case .intent(let payload) = bundle.payload { intent = payload }
            let entry = Entry(
                id: bundle.common.iss, file: name, intent: intent, made: bundle.common.iat, ends: bundle.common.exp)
            if intent == nil { over.append(entry) } else { open.append(entry) }
        }
        self.open = open.sorted { ($0.made, $0.id) > ($1.made, $1.id) }
        self.over = over.sorted { ($0.made, $0.id) > ($1.made, $1.id) }
        self.expired = expired
    }

    /// As precise as its newest entry, which is dated to the hour.
    var updated: Instant { (open + over).map(\.made).max() ?? Instant(seconds: 0) }

    static let title = "Wanted: intents to buy"
    public static let mediaType = "application/vrm-bundle+json"

    /// JSON Feed 1.1 (`https://www.jsonfeed.org/version/1.1/`). Its extension `_vrm` has what the format has no place for.
    ///
    /// - Parameter id: Of the folder, for ever the same, of no person.
    public func json(id: String) -> [UInt8] {
        let items = open.compactMap { entry -> JSONValue? in
            guard let intent = entry.intent else { return nil }
            return [
                "id": .string(entry.id), "title": .string(intent.want.title), "content_text": .string(intent.plainText),
                "date_published": .string(entry.made.description),
                "tags": [.string(intent.category), .string(intent.region)],
                "attachments": [
                    ["url": .string(IntentFeed.folder + "/" + entry.file), "mime_type": .string(IntentFeed.mediaType)]
                ],
                "_vrm": ["expires": .string(entry.ends.description)],
            ]
        }
        let gone = over.map { entry -> JSONValue in
            [
                "id": .string(entry.id), "at": .string(entry.made.description),
                "url": .string(IntentFeed.folder + "/" + entry.file),
            ]
        }
        let feed: JSONValue = [
            "version": "https://jsonfeed.org/version/1.1", "title": .string(IntentFeed.title),
            "description": "Unsigned list; each attached file is signed and counts alone.", "items": .array(items),
            "_vrm": ["id": .string(id), "withdrawn": .array(gone)],
        ]
        return feed.bytes + [10]
    }

    /// The id a list names.
    public static func id(inJSON bytes: [UInt8]) -> String? {
        guard let id = (try? JSONParser.parse(bytes))?.object?["_vrm"]?.object?["id"]?.string, id.hasPrefix("urn:uuid:"),
            id.utf8.count == 45,
            id.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") })
        else { return nil }
        return id
    }

    /// Atom (RFC 4287) with tombstones (RFC 6721).
    public func atom(id: String) -> [UInt8] {
        var text = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
            <id>\(id)</id>
            <title>\(IntentFeed.title)</title>
            <subtitle>Unsigned list; each enclosed file is signed and counts alone.</subtitle>
            <author><name>whoever writes here</name></author>
            <updated>\(updated)</updated>

            """
        for entry in open {
            guard let intent = entry.intent else { continue }
            text += """
                <entry>
                <id>\(entry.id)</id>
                <title>\(xml(intent.want.title))</title>
                <updated>\(entry.made)</updated>
                <category term="\(xml(intent.category))"/>
                <category term="\(xml(intent.region))"/>
                <link rel="enclosure" type="\(IntentFeed.mediaType)" href="\(IntentFeed.folder)/\(entry.file)"/>
                <content type="text">\(xml(intent.plainText))</content>
                </entry>

                """
        }
        for entry in over {
            text += """
                <at:deleted-entry ref="\(entry.id)" when="\(entry.made)">
                <link rel="enclosure" type="\(IntentFeed.mediaType)" href="\(IntentFeed.folder)/\(entry.file)"/>
                </at:deleted-entry>

                """
        }
        return Array((text + "</feed>\n").utf8)
    }
}

extension IntentPayload {
    /// The wish in lines, for readers of feeds.
    var plainText: String {
        var lines: [String] = []
        if let description = want.description { lines.append(description) }
        for item in want.items {
            let parts = [
                item.quantity.map { "\($0) ×" }, item.name, item.gtin.map { "GTIN \($0)" }, item.sku.map { "SKU \($0)" },
            ]
            lines.append(parts.compactMap(\.self).joined(separator: " "))
        }
        lines += want.must.map { "must: \($0)" } + want.nice.map { "nice: \($0.text) (\($0.weight))" }
        if let day = want.needBy { lines.append("needed by \(day)") }
        if let budget = want.budget { lines.append("budget \(budget)") }
        return lines.isEmpty ? want.title : lines.joined(separator: "\n")
    }
}

/// A text as XML 1.0 takes it: markup escaped, characters it has no way to write left out.
private func xml(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": out += "&amp;"
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        case "\"": out += "&quot;"
        default:
            let value = scalar.value
            guard
                value == 9 || value == 10 || (0x20...0xD7FF).contains(value) || (0xE000...0xFFFD).contains(value)
                    || value > 0xFFFF
            else { continue }
            out.unicodeScalars.append(scalar)
        }
    }
    return out
}
