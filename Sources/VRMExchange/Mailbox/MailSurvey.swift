import VRMBundle
public import VRMMail
public import VRMModel

/// Goes through a mailbox and finds the companies in it, what they have, and the answers to our letters.
///
/// docs/decisions/0013-companies-in-mail.md says who counts as a company. Memory grows with the companies found, not with the mail.
public struct MailSurvey: MailReader {
    /// What is known before the first message is read.
    public struct Knowledge: Sendable {
        /// Names under which the person's own hosts stamp mail, lower case.
        public var ownHosts: Set<String> = []
        /// The person's addresses, lower case.
        public var ownAddresses: Set<String> = []
        /// Every domain of every company in the vault.
        public var companies: Set<Domain> = []
        /// Message ids of our letters.
        public var letters: Set<String> = []
        public let today: Day
        /// SHA-256.
        let digest: @Sendable ([UInt8]) -> [UInt8]

        public init(today: Day, digest: @escaping @Sendable ([UInt8]) -> [UInt8]) {
            self.today = today
            self.digest = digest
        }
    }

    /// How well it is known who wrote a message.
    public enum Standing: String, Sendable {
        /// The person's own host found it genuine.
        case checked
        /// A signature of that domain is claimed; no own host said anything.
        case claimed
        case unknown
    }

    private let knowledge: Knowledge
    private let delivered: DeliveredAddress
    private let ownDomains: Set<Domain>
    public private(set) var contacts: [Domain: MailContact] = [:]
    public private(set) var replies: [MailReply] = []
    public private(set) var messages = 0
    public private(set) var faults: [MailFault: Int] = [:]
    /// Messages that tell of no company, by the reason.
    public private(set) var others: [Other: Int] = [:]
    private var heldBytes = 0
    private var replyIDs: Set<String> = []

    public enum Other: String, Sendable, CaseIterable {
        /// Neither the own host nor a signature says that the sender is who it claims to be.
        case notGenuine = "not_genuine"
        /// From a domain where people have their mail.
        case provider
        /// From a domain of the person's own.
        case own
        /// From nobody known, and without the marks of a company's mail.
        case notACompany = "not_a_company"
        case tooManyCompanies = "too_many_companies"
        case tooManyReplies = "too_many_replies"
    }

    /// Nobody deals with more; a mailbox full of spam must not fill the memory.
    public static let mostCompanies = 20_000
    public static let mostReplies = 5000
    /// Of all signed answers together; the rest is reported without what is in it.
    static let mostHeldBytes = 16 * 1024 * 1024

    public init(_ knowledge: Knowledge) {
        self.knowledge = knowledge
        delivered = DeliveredAddress(own: knowledge.ownAddresses)
        ownDomains = Set(
            knowledge.ownAddresses.compactMap { DeliveredAddress.domain($0).flatMap(PublicSuffixes.registrableDomain) })
    }

    public func wants(_ header: MessageHeader) -> Bool {
        !knowledge.letters.isEmpty && (DeliveryReport.isLikely(header) || !answered(by: header).isEmpty)
    }

    public mutating func passOver(_ fault: MailFault) {
        messages += 1
        faults[fault, default: 0] += 1
    }

    public mutating func take(_ header: MessageHeader, message: [UInt8]?, file: String?) {
        do throws(MailFault) {
            try look(at: header, message, file)
            messages += 1
        } catch {
            passOver(error)
        }
    }

    private mutating func look(at header: MessageHeader, _ message: [UInt8]?, _ file: String?) throws(MailFault) {
        let sender = try MailSurvey.sender(header)
        let date = header.first("date").flatMap { MailDate.parse($0[...]) }
        let day = try day(header, date)
        let host = Punycode.asciiForm(ofHost: sender.domain).flatMap { Domain($0) }
        let domain = host.flatMap(PublicSuffixes.registrableDomain)
        let standing: Standing = domain.map { self.standing(of: $0, header) } ?? .unknown
        let isOwn = knowledge.ownAddresses.contains(sender.address.lowercased())
        let report = DeliveryReport.isLikely(header) ? message.flatMap { DeliveryReport($0) } : nil
        let reported = report?.messageIDs.intersection(knowledge.letters).sorted() ?? []
        let answers = reported.isEmpty ? answered(by: header) : reported
        if !answers.isEmpty, !isOwn {
            let kind = MailSurvey.kind(header, report, namesALetter: !reported.isEmpty)
            note(
                MailReply(
                    answers: answers, kind: kind, sender: sender, domain: domain, standing: standing, arrived: day, date: date,
                    subject: header.text("subject").capped(toBytes: MailReply.subjectBytes),
                    messageID: header.first("message-id").flatMap { MessageIDs.list($0[...]).first },
                    files: [.written, .automatic].contains(kind) ? files(message) : [],
                    digest: message.map(knowledge.digest), file: file))
        }
        guard let domain, standing != .unknown else { return count(.notGenuine) }
        let isKnown = knowledge.companies.contains(domain)
        let aliases = try delivered.aliases(header)
        let mine = ownDomains.union(
            aliases.compactMap { DeliveredAddress.domain($0.revealed).flatMap(PublicSuffixes.registrableDomain) })
        if isOwn || !isKnown && mine.contains(domain) { return count(.own) }
        if MailProviders.contains(domain) { return count(.provider) }
        guard isKnown || MailSurvey.isWrittenByACompany(header, sender) else { return count(.notACompany) }
        guard contacts[domain] != nil || contacts.count < MailSurvey.mostCompanies else { return count(.tooManyCompanies) }
        contacts[domain, default: MailContact(domain: domain, on: day, isChecked: false)].note(
            on: day, isChecked: standing == .checked, aliases: aliases, unsubscribe: Unsubscribe(header, on: day))
    }

    private mutating func count(_ other: Other) { others[other, default: 0] += 1 }

    // MARK: Who wrote it

    private static func sender(_ header: MessageHeader) throws(MailFault) -> MailAddress {
        let fields = header.all("from")
        guard fields.count <= 1 else { throw .severalSenders }
        let found = fields.flatMap { MailAddress.list($0[...]) }
        guard found.count <= 1 else { throw .severalSenders }
        guard let sender = found.first else { throw .noSender }
        return sender
    }

    /// Two names belong together when their registrable domain is the same (RFC 7489 §3.1, relaxed).
    private func standing(of domain: Domain, _ header: MessageHeader) -> Standing {
        func isAligned(_ name: String) -> Bool { Domain(name).flatMap(PublicSuffixes.registrableDomain) == domain }
        if let said = AuthenticationResults.topmost(in: header), knowledge.ownHosts.contains(said.host) {
            return said.passed.contains(where: isAligned) ? .checked : .unknown
        }
        return DKIMSignature.domains(in: header).contains(where: isAligned) ? .claimed : .unknown
    }

    /// Mail to many, or by a machine; but not of a list where people talk, which has an address to post to (RFC 2369 §3.4).
    private static func isWrittenByACompany(_ header: MessageHeader, _ sender: MailAddress) -> Bool {
        let post = header.text("list-post").lowercased()
        if !post.isEmpty, post != "no" { return false }
        if ["list-unsubscribe", "list-id", "feedback-id"].contains(where: { header.first($0) != nil }) { return true }
        if ["bulk", "list", "junk"].contains(header.text("precedence").lowercased()) { return true }
        let submitted = header.text("auto-submitted").lowercased()
        if submitted.hasPrefix("auto-generated") { return true }
        let local = sender.address.lowercased().prefix { $0 != "@" }.filter { $0.isLetter }
        return ["noreply", "donotreply"].contains { local.hasPrefix($0) }
    }

    /// The day the topmost Received gives, which the own host wrote; else what the sender says. Up to a day ahead of us is a
    /// clock's fault.
    private func day(_ header: MessageHeader, _ date: Instant?) throws(MailFault) -> Day {
        guard let day = (header.first("received").flatMap { MailDate.parse(received: $0[...]) } ?? date)?.day,
            day <= knowledge.today.adding(days: 1), day.components.year >= 1980
        else { throw .noDate }
        return day
    }

    // MARK: Answers to us

    private func answered(by header: MessageHeader) -> [String] {
        guard !knowledge.letters.isEmpty else { return [] }
        if let own = header.first("message-id"), MessageIDs.list(own[...]).contains(where: knowledge.letters.contains) {
            return []
        }
        let named = (header.all("in-reply-to") + header.all("references")).flatMap { MessageIDs.list($0[...]) }
        return Set(named).intersection(knowledge.letters).sorted()
    }

    /// What a mail server writes of its own accord is never an answer of the company, whatever it says of itself.
    private static func kind(_ header: MessageHeader, _ report: DeliveryReport?, namesALetter: Bool) -> MailReply.Kind {
        switch report?.fate {
        case .returned where namesALetter: return .bounce
        case .arrived: return .arrival
        default: break
        }
        if DeliveryReport.isLikely(header) || DeliveryReport.isFromAMailServer(header) { return .notice }
        // "no", or a word for how a machine came to send it, with parameters or a comment after it.
        let submitted = header.text("auto-submitted").lowercased().drop { $0 == " " || $0 == "\t" }.prefix {
            $0.isLetter || $0 == "-"
        }
        return submitted.isEmpty || submitted == "no" ? .written : .automatic
    }

    /// Folders often hold one message twice.
    private mutating func note(_ reply: MailReply) {
        if let id = reply.messageID, !replyIDs.insert("\(id) \(reply.sender.address)").inserted { return }
        guard replies.count < MailSurvey.mostReplies else { return count(.tooManyReplies) }
        replies.append(reply)
    }

    private mutating func files(_ message: [UInt8]?) -> [[UInt8]]? {
        guard let message, let found = try? AttachedFiles.bundles(inMessage: message) else { return nil }
        let files = found.prefix(MailReply.mostFiles)
        heldBytes += files.reduce(0) { $0 + $1.count }
        return heldBytes <= MailSurvey.mostHeldBytes && files.allSatisfy { $0.count <= Limits.fileBytes } ? Array(files) : nil
    }
}
