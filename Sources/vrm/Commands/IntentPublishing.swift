import ArgumentParser
import Glibc
import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

struct PublishIntent: VaultCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Put an intent where companies find it, or the word that it is over.",
        discussion: """
            Examples:
              vrm intent publish 9f3a1c0e --feed ~/web/wanted
              vrm intent publish 9f3a1c0e --post https://market.example/intents

            --feed writes a folder for any web host: intents/ with one file each, feed.json and feed.atom. Several people can share
            it; what others wrote stays. --post sends the file by https with your curl, waits in the vault until it arrived, and
            takes it up again when you say the same later. What was withdrawn or awarded is published as over.
            """)

    @Argument(help: "Its id, or the start of it.") var id: String
    @Option(help: "The folder of a feed.") var feed: String?
    @Option(help: "An address that takes intents: https://…") var post: String?
    @OptionGroup var options: VaultOptions

    func run(in context: Context) throws {
        guard (feed == nil) != (post == nil) else {
            throw Message("either --feed or --post", hint: "vrm intent publish ID --feed DIR", status: .usage)
        }
        // Opened once: a passphrase out of a pipe can be read only once.
        let vault = try context.openVault(.changing)
        let intent = try vault.intent(id)
        try IntentWording.preview(intent, vault, context)
        if let feed { try publish(intent, in: feed, vault, context) }
        if let post { try send(intent, to: post, vault, context) }
    }

    private func answer(_ intent: Intent, _ vault: Vault, _ context: Context, to place: String, _ said: String) throws {
        let report = try IntentReport(intent, vault, at: context.now)
        var json = report.json(state: context.isRehearsal ? "rehearsed" : nil, file: place)
        json["over"] = .bool(intent.withdrawal != nil)
        try context.console.show(Answer(.object(json)) { _ in context.isRehearsal ? "would publish it" : said })
    }

    // MARK: A folder

    private func publish(_ intent: Intent, in path: String, _ vault: Vault, _ context: Context) throws {
        let place = Context.whole(path)
        let before = try FeedFolder(path, at: context.now)
        let ours = try vault.intents(at: { $0.kind == .feed && $0.place == place }, besides: intent.id)
        if !ours.isEmpty {
            let own = Set(try ours.map { try vault.published($0).bundle.common.iss })
            let isShared = before.feed.open.contains { !own.contains($0.id) }
            context.console.note(
                isShared
                    ? "vrm: warning: another intent of yours is in this feed"
                    : "vrm: warning: only your intents are in this feed, which ties them together")
        }
        try context.console.confirm("Publish it in \(printable(path))?")
        let files = OutputFiles(force: true, rehearse: context.isRehearsal, isPublic: true)
        let (signed, issuer) = (try vault.current(intent).signed, try vault.published(intent).bundle.common.iss)
        try before.stage(signed.file, as: IntentFeed.file(of: issuer), files, at: context.now)
        let published = try context.change("intent publish", of: vault, files: files) { _, change in
            try change.publish(intent, .feed, at: place)
        }
        before.removeExpired(context)
        try answer(
            published, vault, context, to: path, "published in \(printable(path))\nserve the folder, or send it to your host")
    }

    // MARK: An address

    /// The longest answer that is read: a receipt of the post, no more.
    private static let longestAnswer = 64 * 1024
    /// In one run; the next run goes on.
    private static let attemptsAtOnce = 3

    private func send(_ intent: Intent, to address: String, _ vault: Vault, _ context: Context) throws {
        guard let request = WebRequest(address, cap: PublishIntent.longestAnswer) else {
            throw Message("not an address to post to", hint: "--post https://market.example/intents", status: .usage)
        }
        guard !request.leadsHome() else { throw request.homeward }
        let ours = try vault.intents(
            at: { $0.kind == .post && WebRequest($0.place, cap: 0)?.host == request.host }, besides: intent.id)
        if !ours.isEmpty {
            context.console.note("vrm: warning: \(request.host) had an intent of yours before, and can tell by your address")
        }
        try context.console.confirm("Send it to \(request.host)?")
        // In the outbox first: what is said to be sent is not lost when the machine stops here.
        let posting = try context.change("intent publish", of: vault) { _, change in try change.post(intent, to: address) }
        guard !context.isRehearsal, posting.delivered == nil else {
            return try answer(intent, vault, context, to: address, "it arrived there already")
        }
        let body = try vault.current(intent).signed.file
        var (attempts, outcome) = (0, WebRequest.Answer.none)
        var problem: Message?
        repeat {
            if attempts > 0 { sleep(UInt32(attempts)) }
            attempts += 1
            do { outcome = try request.post(body, as: IntentFeed.mediaType) } catch let message as Message { problem = message }
        } while problem == nil && outcome.isTransient && attempts < PublishIntent.attemptsAtOnce
        let noted = try context.change("intent publish", of: vault) { _, change in
            try change.note(attempts, of: posting, isDelivered: outcome.isSuccess)
        }
        guard noted.state == .delivered else {
            throw Message(
                problem?.fact ?? outcome.fact(request.host),
                hint: noted.state == .givenUp
                    ? "publish it elsewhere"
                    : "it waits in the vault; later: vrm intent publish \(intent.id.short) --post \(posting.typed)",
                status: .unavailable)
        }
        try answer(try vault.intent(intent.id.description), vault, context, to: address, "sent to \(request.host)")
    }
}

extension WebRequest.Answer {
    var isSuccess: Bool { if case .status(200...299, _) = self { true } else { false } }

    /// Trying again may help.
    var isTransient: Bool {
        switch self {
        case .none, .status(429, _), .status(500...599, _): true
        case .status: false
        }
    }

    func fact(_ host: String) -> String {
        switch self {
        case .none: "\(host) did not answer as it should"
        case .status(300...399, _): "\(host) sends on to another address, which is not followed"
        case .status(let code, _): "\(host) answered \(code)"
        }
    }
}

/// The folder of a feed as it lies there.
private struct FeedFolder {
    let path: String
    let feed: IntentFeed
    private let files: [(name: String, bytes: [UInt8])]
    private let id: String

    init(_ path: String, at now: Instant) throws {
        self.path = path
        files = try FeedFolder.read(path + "/" + IntentFeed.folder)
        feed = IntentFeed(files, at: now)
        let known = FileDescriptor.contents(path + "/feed.json", cap: 64 * 1024 * 1024).flatMap { IntentFeed.id(inJSON: $0) }
        id = known ?? FeedFolder.newID()
    }

    private static func read(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        for name in (Folder.jsonFiles(in: folder) ?? []).prefix(IntentFeed.mostFiles) {
            if let bytes = FileDescriptor.contents(folder + "/" + name, cap: Limits.fileBytes) { files.append((name, bytes)) }
        }
        return files
    }

    private static func newID() -> String {
        let hex = Random.bytes(16).hex
        let cuts = [0, 8, 12, 16, 20, 32].map { hex.index(hex.startIndex, offsetBy: $0) }
        return "urn:uuid:" + zip(cuts, cuts.dropFirst()).map { String(hex[$0..<$1]) }.joined(separator: "-")
    }

    /// One file more, or in the place of an older one, and both lists anew.
    func stage(_ bytes: [UInt8], as name: String, _ output: OutputFiles, at now: Instant) throws {
        try output.makeFolder(path)
        try output.makeFolder(path + "/" + IntentFeed.folder)
        let next = IntentFeed(files.filter { $0.name != name } + [(name, bytes)], at: now)
        try output.stage(bytes, as: path + "/" + IntentFeed.folder + "/" + name)
        try output.stage(next.json(id: id), as: path + "/feed.json")
        try output.stage(next.atom(id: id), as: path + "/feed.atom")
    }

    func removeExpired(_ context: Context) {
        guard !context.isRehearsal else { return }
        for name in feed.expired { unlink(path + "/" + IntentFeed.folder + "/" + name) }
    }
}
