import VRMBundle
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// The wish of an intent out of options, a file or answers at a prompt; and what a reader sees of it.
struct IntentWording {
    let command: NewIntent

    init(_ command: NewIntent) { self.command = command }

    /// The longest text of a wish's file.
    private static let longest = 64 * 1024

    func want(_ context: Context) throws -> Want {
        if let file = command.file {
            let bytes = try context.console.read(file: file, cap: IntentWording.longest)
            guard let object = (try? JSONParser.parse(bytes))?.object else {
                throw Message("the file is no JSON object", hint: "schemas/payload/intent.schema.json", status: .malformed)
            }
            let read: Want
            do throws(Rejection) { read = try Want(json: object) } catch {
                throw Message("the wish is malformed: \(error.reason)", status: .malformed)
            }
            return try completed(read, context)
        }
        let title = try context.console.answer(command.want, "What do you want", "--want") { $0 }
        var want = try completed(Want(title: title), context)
        guard command.isAsked else { return want }
        want.must += try context.console.answers("Must have") { $0 }
        want.nice += try context.console.answers("Nice to have, with its weight (mudguards=3)", IntentWording.wish)
        let budget = try context.console.answerMaybe("Budget, everybody reads it (400 EUR, empty for none)", IntentWording.amount)
        want.budget = budget ?? want.budget
        return want
    }

    private func completed(_ read: Want, _ context: Context) throws -> Want {
        var want = read
        func usage(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .usage) }
        guard !want.title.isEmpty else { throw usage("what is wanted is not said", "--want 'an espresso grinder'") }
        want.description = command.description ?? want.description
        want.items += command.item.map { Want.Item(name: $0) }
        want.must += command.must
        want.nice += try command.nice.map(IntentWording.wish)
        guard want.nice.allSatisfy({ (1...100).contains($0.weight) && !$0.text.isEmpty }), !want.must.contains(""),
            !command.item.contains("")
        else { throw IntentWording.noWish }
        if let needBy = command.needBy { want.needBy = try context.day(needBy, "--need-by") }
        if let budget = command.budget { want.budget = try IntentWording.amount(budget, command.currency, "--budget") }
        return want
    }

    private static let noWish = Message(
        "a weight is not from 1 to 100, or a text is empty", hint: "--nice 'mudguards=3'", status: .usage)

    /// `mudguards=3`; without a weight it is 1.
    private static func wish(_ text: String) throws -> Want.Wish {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        let weight = parts.count > 1 ? Int64(parts[parts.count - 1]) : nil
        let words = weight == nil ? text : parts.dropLast().joined(separator: "=")
        guard (1...100).contains(weight ?? 1), !words.isEmpty else { throw noWish }
        return Want.Wish(text: words, weight: weight ?? 1)
    }

    /// `310.50 EUR`, as it is typed at a prompt.
    static func amount(_ text: String) throws -> Amount {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 2, let amount = Amount(parts[0], parts[1].uppercased()) else {
            throw Message("not an amount of money", hint: "310.50 EUR", status: .usage)
        }
        return amount
    }

    static func amount(_ text: String, _ currency: String?, _ option: String) throws -> Amount {
        guard let currency else { throw Message("the currency is not said", hint: "--currency EUR", status: .usage) }
        guard let amount = Amount(text, currency) else {
            throw Message("\(option) is no amount of money", hint: "\(option) 310.50 --currency EUR", status: .usage)
        }
        return amount
    }

    // MARK: What a reader sees

    /// Exactly the signed members, none left out.
    static func lines(_ payload: IntentPayload, _ intent: Intent) -> [String] {
        let want = payload.want
        var lines = ["wanted    \(printable(want.title))"]
        func add(_ name: String, _ text: String?) {
            if let text { lines.append(name + String(repeating: " ", count: max(1, 10 - name.count)) + printable(text)) }
        }
        add("", want.description)
        for item in want.items {
            let parts = [
                item.quantity.map { "\($0) ×" }, item.name, item.gtin.map { "GTIN \($0)" }, item.sku.map { "SKU \($0)" },
            ]
            add("item", parts.compactMap(\.self).joined(separator: " "))
        }
        for must in want.must { add("must", must) }
        for wish in want.nice { add("nice", "\(wish.text) (\(wish.weight))") }
        add("needed by", want.needBy?.description)
        add("budget", want.budget?.description)
        add("category", payload.category + (intent.category.label.map { " \($0)" } ?? ""))
        add("region", payload.region)
        add("until", intent.until.description)
        add("terms", "\(payload.terms.id ?? "?") (\(payload.terms.lang))" + payload.riders.map { ", \($0.rawValue)" }.joined())
        add("asks", payload.audience.flatMap { $0.allow.isEmpty ? nil : $0.allow.map(\.description).joined(separator: ", ") })
        add("not", payload.audience.flatMap { $0.block.isEmpty ? nil : $0.block.map(\.description).joined(separator: ", ") })
        add("answers", payload.replyTo == IntentPayload.whereFound ? "where it was found" : payload.replyTo)
        add("", "a key made for this, and 16 digests")
        return lines
    }

    static func preview(_ intent: Intent, _ vault: Vault, _ context: Context) throws {
        let payload = try vault.published(intent).payload
        var lines = ["Everybody reads:"] + IntentWording.lines(payload, intent).map { "  " + $0 }
        for giveaway in try giveaways(payload, intent, vault) { lines.append("vrm: warning: \(giveaway.warning)") }
        context.console.note(lines.joined(separator: "\n"))
    }

    static func giveaways(_ payload: IntentPayload, _ intent: Intent, _ vault: Vault) throws -> [Giveaway] {
        let want = payload.want
        var texts = [want.title, want.description].compactMap(\.self) + want.must + want.nice.map(\.text)
        texts += want.items.flatMap { [$0.name, $0.sku].compactMap(\.self) }
        var found = Giveaway.find(in: texts, values: try vault.personalValues())
        if try vault.terms(intent.terms, languages: [intent.language]).source == .own { found.append(.ownTerms) }
        if payload.audience != nil { found.append(.audience) }
        if payload.replyTo != IntentPayload.whereFound, try vault.hasUsed(replyTo: payload.replyTo, besides: intent) {
            found.append(.answerAddressUsed)
        }
        return found
    }
}

extension Giveaway {
    var warning: String {
        switch self {
        case .value(let name): "your \(name) stands in it"
        case .emailAddress: "an e-mail address stands in it"
        case .phoneNumber: "a phone number stands in it"
        case .name: "a name stands in it"
        case .place: "a place finer than the region stands in it"
        case .webAddress: "a web address or a handle stands in it"
        case .ownTerms: "the terms are a text of your own, which ties your intents together"
        case .answerAddressUsed: "the host for answers was named in an earlier intent, which ties them together"
        case .audience: "the companies you ask or avoid are read by everybody"
        }
    }
}
