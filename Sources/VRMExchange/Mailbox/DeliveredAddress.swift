import VRMMail
import VRMModel

/// Which of the person's addresses a message was for: the alias the sender has.
struct DeliveredAddress {
    /// Addresses the person is known to have, lower case.
    let own: Set<String>

    /// More than one when a message names several of the person's addresses.
    ///
    /// The envelope's recipient comes first (X-Original-To, as Postfix notes it); then those of To and Cc that are the person's;
    /// then where it was delivered; then a sole recipient. Anybody may write these fields, but only the mail of a sender that
    /// was found genuine is asked.
    ///
    /// - Throws: ``MailFault/tooManyAddresses``.
    func aliases(_ header: MessageHeader) throws(MailFault) -> [Private<String>] {
        let to = header.all("to").flatMap { MailAddress.list($0[...]) }
        let recipients = (to + header.all("cc").flatMap { MailAddress.list($0[...]) }).map { $0.address.lowercased() }
        guard recipients.count <= MailLimits.addresses else { throw .tooManyAddresses }
        if let envelope = address(header, "x-original-to") { return [Private(envelope)] }
        let delivered = ["delivered-to", "envelope-to", "x-envelope-to", "x-delivered-to"].compactMap { address(header, $0) }
        var mine = own
        mine.formUnion(delivered)
        let bases = Set(mine.map(DeliveredAddress.base))
        // A domain of one's own gives every name before the @ to one person.
        let domains = Set(delivered.compactMap { DeliveredAddress.domain($0) }.filter { !MailProviders.contains($0) })
        let meant = recipients.filter { recipient in
            mine.contains(recipient) || bases.contains(DeliveredAddress.base(recipient))
                || DeliveredAddress.domain(recipient).map(domains.contains) ?? false
        }
        let found = meant.isEmpty ? (delivered.isEmpty && recipients.count == 1 ? recipients : Array(delivered.prefix(1))) : meant
        return Set(found.filter(isMailAddress)).sorted().prefix(8).map { Private($0) }
    }

    private func address(_ header: MessageHeader, _ name: String) -> String? {
        guard let field = header.first(name) else { return nil }
        let found = MailAddress.list(field[...]).first?.address.lowercased()
        return found.flatMap { isMailAddress($0) ? $0 : nil }
    }

    static func domain(_ address: String) -> Domain? { address.split(separator: "@").last.flatMap { Domain(String($0)) } }

    /// Without what follows `+`, where the same mailbox gets it (RFC 5233).
    private static func base(_ address: String) -> String {
        guard let at = address.lastIndex(of: "@") else { return address }
        return String(address[..<at].prefix { $0 != "+" }) + address[at...]
    }
}
