import VRMBundle

/// Reads Bitwarden's unencrypted JSON export, of a person or an organisation.
///
/// The text has to be in memory as a whole while it is parsed, passwords included; nothing of it is kept afterwards.
public enum BitwardenExport {
    /// Some 100,000 items.
    public static let fileBytes = 64 << 20
    private static let login: Int64 = 1

    /// - Throws: ``PasswordExportFailure``, or what the source or `each` throws.
    public static func read(
        _ source: inout some ByteSource, each: (ImportedAccount) throws -> Void, progress: (Int64) -> Void
    ) throws -> PasswordImportSummary {
        let items = try items(from: &source, progress: progress)
        var summary = PasswordImportSummary(format: "bitwarden-json")
        for item in items {
            guard let item = item.object else { throw PasswordExportFailure.notBitwarden }
            summary.secretsDropped += secrets(in: item)
            try summary.take(entry(item), each: each)
        }
        return summary
    }

    private static func items(from source: inout some ByteSource, progress: (Int64) -> Void) throws -> [JSONValue] {
        guard var bytes = try source.readAll(upTo: fileBytes, progress: progress) else {
            throw PasswordExportFailure.tooLarge
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let parsed: JSONValue
        do {
            parsed = try JSONParser.parse(bytes)
        } catch {
            throw PasswordExportFailure.brokenJSON(offset: error.offset)
        }
        guard let export = parsed.object else { throw PasswordExportFailure.notBitwarden }
        if export["encrypted"]?.bool == true { throw PasswordExportFailure.encrypted }
        // Exports without "encrypted" exist; the two lists beside the items say whose they are.
        let isBitwarden = export["encrypted"]?.bool != nil || export["folders"] != nil || export["collections"] != nil
        guard isBitwarden, let items = export["items"]?.array else { throw PasswordExportFailure.notBitwarden }
        return items
    }

    private static func secrets(in item: JSONObject) -> Int {
        let login = item["login"]?.object
        let texts = [login?["password"], login?["totp"]].count { $0?.string?.isEmpty == false }
        let lists = [item["fields"], item["passwordHistory"], login?["fido2Credentials"]].count {
            $0?.array?.isEmpty == false
        }
        return texts + lists
    }

    private static func entry(_ item: JSONObject) -> ExportedEntry {
        guard item["type"]?.integer == login, let login = item["login"]?.object else { return ExportedEntry() }
        return ExportedEntry(
            addresses: (login["uris"]?.array ?? []).compactMap { $0.object?["uri"]?.string },
            name: item["name"]?.string ?? "",
            logins: [login["username"]?.string ?? ""],
            firstSeen: item["creationDate"]?.string ?? "", lastSeen: item["revisionDate"]?.string ?? "")
    }
}
