public import VRMModel

extension Unsubscribe {
    /// What List-Unsubscribe and List-Unsubscribe-Post offer (RFC 2369 §3.2, RFC 8058). Nothing is fetched.
    ///
    /// - Parameter day: The day of the message.
    public init?(_ header: MessageHeader, on day: Day) {
        guard let field = header.first("list-unsubscribe") else { return nil }
        let uris = MessageIDs.list(field[...].filter { !$0.isBlank }[...]).map { String($0.dropFirst().dropLast()) }.filter {
            let scheme = $0.prefix { $0 != ":" }.lowercased()
            return ["https", "http", "mailto"].contains(scheme) && $0.utf8.count <= MailLimits.addressBytes
        }
        guard !uris.isEmpty else { return nil }
        let post = String(decoding: (header.first("list-unsubscribe-post") ?? []).filter { !$0.isBlank }, as: UTF8.self)
        let isOneClick = post == "List-Unsubscribe=One-Click" && uris.contains { $0.lowercased().hasPrefix("https:") }
        self.init(uris: Array(uris.prefix(4)), isOneClick: isOneClick, seen: day)
    }
}
