import VRMModel

extension Letter {
    /// Writes the letter these facts ask for.
    ///
    /// Reads no clock and no value of the person; the same facts give the same letter. The articles quoted beside
    /// ``LetterFacts/article`` are those of Regulation (EU) 2016/679, whose numbering the UK GDPR shares; letters under
    /// other laws quote none. What a law says of complaints is a phrase of its own.
    ///
    /// - Throws: The first fact that is missing or cannot stand in a letter.
    public static func compose(_ facts: LetterFacts) throws(LetterFailure) -> Letter {
        try facts.check()
        guard let language = LetterLanguage(rawValue: facts.language.description) else { throw .languageNotWritten }
        guard let words = LetterWords.of(language), let english = LetterWords.of(.en) else { throw .brokenTemplate }
        do {
            var composition = LetterComposition(facts: facts, words: words)
            try composition.compose(englishLaw: facts.regimeID.flatMap { english.phrases["law.\($0)"] })
            return Letter(
                subject: try composition.phrase("subject").plain,
                segments: try words.frame.filled(with: composition.values) + [.text("\n")].merged)
        } catch {
            throw .brokenTemplate
        }
    }
}

/// The values of a letter's places while they are worked out, each from those before it.
struct LetterComposition {
    let facts: LetterFacts
    let words: LetterWords
    var values: [String: [LetterSegment]] = [:]
    var lawID: String { facts.regimeID ?? "" }

    mutating func compose(englishLaw: LetterTemplate?) throws(LetterTemplate.Failure) {
        values["me.name"] = [.personal("me.name")]
        values["me.address"] = facts.hasAddress ? [.personal("me.address")] : []
        values["me.email"] = facts.hasEmail ? [.personal("me.email")] : []
        set("company", StrangersText(facts.companyName).line)
        set("company.address", StrangersText(facts.companyAddress ?? "").lines.joined(separator: "\n"))
        set("reference", facts.reference)
        set("bundle.file", facts.bundleFile)
        set("bundle.digest", facts.bundleSHA256Hex)
        values["law"] = try facts.regimeID.map { id throws(LetterTemplate.Failure) in try phrase("law.\(id)") } ?? []
        try setArticle(englishLaw: englishLaw?.filled(with: [:]).plain ?? "")
        for key in words.phrases.keys where key.hasPrefix("cite.") {
            values[key] = facts.sharesGDPRNumbers ? [.text(" ")] + (try phrase(key)) : []
        }
        try setDates()
        try setAnswer()
        try setData()
        try setMatter()
        values["title"] = try phrase("title.\(facts.kind.rawValue)")
        values["act"] = try phrase(
            facts.kind.isFollowUp && facts.kind != .complaint ? "act.follow-up" : "act.\(facts.kind.rawValue)")
        values["identifiers"] = try identifiers()
        values["signature"] = try phrase(signature)
        values["doubt"] =
            !facts.kind.isRightsRequest ? [] : try phrase(facts.kind == .optOutOfSale ? "doubt.opt-out-of-sale" : "doubt")
        guard let body = words.bodies[facts.kind] else { throw .unknownPlace("body") }
        values["body"] = try body.filled(with: values)
    }

    /// What is said of the file: with a further letter goes the request, whose signature says nothing of that letter.
    private var signature: String {
        let file = facts.kind.isFollowUp ? "signature.follow-up" : "signature"
        return facts.identifiers.isEmpty ? "\(file).alone" : facts.kind == .complaint ? "signature.complaint" : "\(file).match"
    }

    /// "Art. 15 GDPR" under the name the law has in this language; what is called by a code has the law's name beside it.
    private mutating func setArticle(englishLaw: String) throws(LetterTemplate.Failure) {
        let (article, law) = (facts.article ?? "", values["law"] ?? [])
        let isNumbered = article.hasPrefix("Art. ")
        let start = isNumbered ? try phrase("article.word") : []
        let rest = String(isNumbered ? article.dropFirst(4) : article[...])
        let number =
            isNumbered && rest.hasSuffix(" " + englishLaw)
            ? rest.dropFirst().dropLast(englishLaw.utf8.count + 1) : rest.split(separator: " ").last ?? ""
        values["article"] =
            if article.isEmpty {
                []
            } else if let own = words.phrases["article.\(lawID).\(number)"] {
                try own.filled(with: values)
            } else if rest.hasSuffix(" " + englishLaw) {
                (start + [.text(String(rest.dropLast(englishLaw.count)))] + law).merged
            } else if rest.hasPrefix(englishLaw) {
                (law + [.text(String(rest.dropFirst(englishLaw.count)))]).merged
            } else {
                (start + [.text(rest + " (")] + law + [.text(")")]).merged
            }
        let own = "under.\(lawID)"
        values["under"] = try phrase(isNumbered ? "under.article" : words.phrases[own] == nil ? "under" : own)
    }

    private mutating func setDates() throws(LetterTemplate.Failure) {
        values["date"] = try date(facts.date)
        values["until"] = try date(facts.until)
        values["deadline"] = try date(facts.deadline)
        values["silence"] = facts.kind.isRightsRequest || facts.kind.isFollowUp ? try phrase("silence.\(lawID)") : []
        values["confirm"] = try phrase(facts.deadline == nil ? "confirm" : "confirm.by")
        set("grant.reference", facts.ended?.reference ?? "")
        set("notice.reference", facts.ended?.notice ?? "")
        values["grant.date"] = try date(facts.ended?.made)
    }

    private mutating func setAnswer() throws(LetterTemplate.Failure) {
        values["answer"] = []
        guard facts.kind.isRightsRequest, let rule = facts.answer else { return }
        guard rule.isBinding else {
            values["answer"] = try phrase("answer.asked")
            return
        }
        let own = "rule.\(lawID)"
        values["rule"] = words.phrases[own] == nil ? [.text(rule.citation.article)] : try phrase(own)
        let (key, number) =
            switch rule.period {
            case .months(1): ("period.month", 1)
            case .months(let months): ("period.months", months)
            case .days(let days): (rule.countsFrom == .sending ? "period.sending" : "period.days", days)
            case .businessDays(let days): ("period.business", days)
            }
        set("number", String(number))
        values["period"] = try phrase(key)
        values["longer"] = facts.canBeExtended ? [.text(" ")] + (try phrase("longer")) : []
        values["answer"] = try phrase("answer")
    }

    private mutating func setData() throws(LetterTemplate.Failure) {
        set("runs", facts.runs.map { StrangersText($0).line }.filter { !$0.isEmpty }.joined(separator: "; "))
        values["brands"] = values["runs"] == [] ? [] : try phrase("brands")
        var items: [[LetterSegment]] = []
        for item in facts.items { items.append(try label(item)) }
        values["items"] = items.joined(by: "; ")
        values["changes"] = try changes()
        values["answered"] = try answered()
        var purposes: [[LetterSegment]] = []
        for purpose in facts.purposes { purposes.append(try phrase("purpose.\(purpose)") + [.text(" (\(purpose))")]) }
        values["purposes"] = purposes.joined(by: "; ")
        if let basis = facts.basis {
            values["basis"] = try phrase(basis == .consent ? "basis.consent" : "basis.contract")
            values["basis.line"] = try phrase("basis.line")
        } else {
            values["basis.line"] = []
        }
        values["effect"] = try phrase(facts.basis == .consent ? "effect.consent" : "effect")
        set("terms", facts.terms?.description ?? "")
        values["terms.line"] = facts.terms == nil ? [] : try phrase("terms.line")
    }

    private mutating func changes() throws(LetterTemplate.Failure) -> [LetterSegment] {
        var lines: [[LetterSegment]] = []
        for change in facts.changes {
            values["item"] = try label(change.item)
            values["new"] = [.personal("new.\(change.item.name)")]
            values["old"] = [.personal("old.\(change.item.name)")]
            lines.append(try phrase(change.hasOld ? "change.old" : "change"))
        }
        return lines.joined(by: "\n")
    }

    /// What an earlier answer shows or lacks, by the company's own names where they say anything.
    private mutating func answered() throws(LetterTemplate.Failure) -> [LetterSegment] {
        guard let answered = facts.answered else { return [] }
        var named: [[LetterSegment]] = []
        for shown in answered.shows.prefix(LetterFacts.Answered.mostNamed) {
            switch shown {
            case .field(let path): named.append([.text(StrangersText(path).line)])
            case .item(let item): named.append(try label(item))
            }
        }
        if answered.shows.count > LetterFacts.Answered.mostNamed { named.append([.text("…")]) }
        set("answered.reference", answered.reference)
        values["shown"] = named.filter { !$0.plain.isEmpty }.joined(by: "; ")
        return try phrase("answered.\(facts.kind.rawValue)")
    }

    private func identifiers() throws(LetterTemplate.Failure) -> [LetterSegment] {
        var lines: [[LetterSegment]] = []
        for item in facts.identifiers {
            lines.append(try line(try label(item), [.personal("identifier.\(item.name)")]))
        }
        return lines.joined(by: "\n")
    }

    /// `- item: value`
    func line(_ item: [LetterSegment], _ value: [LetterSegment]) throws(LetterTemplate.Failure) -> [LetterSegment] {
        guard let line = words.phrases["line"] else { throw .unknownPlace("line") }
        return try line.filled(with: ["item": item, "value": value])
    }

    /// What an item is called: by the words given, by the usual ones, or by its name when it is the person's own.
    private func label(_ item: LetterFacts.Item) throws(LetterTemplate.Failure) -> [LetterSegment] {
        if let label = item.label.map({ StrangersText($0).line }), !label.isEmpty { return [.text(label)] }
        let key = "item.\(item.name)"
        return words.phrases[key] == nil ? [.text(item.name.description)] : try phrase(key)
    }

    /// `16 April 2027`, `16. April 2027`, `1er avril 2027`.
    func date(_ day: Day?) throws(LetterTemplate.Failure) -> [LetterSegment] {
        guard let day else { return [] }
        let parts = day.components
        guard let date = words.phrases["date"] else { throw .unknownPlace("date") }
        return try date.filled(with: [
            "day": parts.day == 1 ? try phrase("first") : [.text(String(parts.day))], "month": try phrase("month.\(parts.month)"),
            "year": [.text(String(parts.year))],
        ])
    }

    func phrase(_ key: String) throws(LetterTemplate.Failure) -> [LetterSegment] {
        guard let phrase = words.phrases[key] else { throw .unknownPlace(key) }
        return try phrase.filled(with: values)
    }

    mutating func set(_ key: String, _ text: String) { values[key] = [.text(text)].merged }
}

extension [LetterSegment] {
    /// The words alone, without what is personal.
    var plain: String {
        map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }
}

extension LetterFacts {
    /// Whether the articles of the GDPR that letters cite stand under the same numbers in this law.
    var sharesGDPRNumbers: Bool { regimeID == "gdpr" || regimeID == "uk-gdpr" }

    /// Refuses facts that make no letter.
    fileprivate func check() throws(LetterFailure) {
        if let regimeID {
            guard LetterWords.of(.en)?.phrases["law.\(regimeID)"] != nil else { throw .unknownRegime }
        } else if kind.isRightsRequest || kind.isFollowUp {
            throw .unknownRegime
        }
        guard !StrangersText(companyName).lines.isEmpty else { throw .noCompanyName }
        guard (1...40).contains(reference.utf8.count), reference.utf8.allSatisfy(\.isReferenceByte) else { throw .badReference }
        guard (1...100).contains(bundleFile.utf8.count), bundleFile.utf8.allSatisfy(\.isFileNameByte) else { throw .badFileName }
        guard bundleSHA256Hex.utf8.count == 64, bundleSHA256Hex.utf8.allSatisfy(\.isLowerHexDigit) else { throw .badDigest }
        switch kind {
        case .access, .erasure, .grantErasure, .rectification, .objection, .restriction, .portability, .optOutOfSale:
            guard article?.isEmpty == false else { throw .noArticle }
            guard deadline != nil, answer != nil else { throw .noDeadline }
            guard !identifiers.isEmpty else { throw .noIdentifier }
            if kind == .rectification { guard !changes.isEmpty else { throw .noChanges } }
            if let answered {
                guard [.access, .erasure].contains(kind), !answered.shows.isEmpty else { throw .noItems }
                guard answered.reference.utf8.allSatisfy(\.isReferenceByte) else { throw .badReference }
            }
            if kind == .grantErasure {
                try checkEnded()
                guard let notice = ended?.notice else { throw .noGrant }
                guard notice.utf8.allSatisfy(\.isReferenceByte) else { throw .badReference }
            }
        case .reminder, .admonition, .identityDispute, .channelDispute, .excessiveDispute, .languageDispute, .appeal,
            .companyComplaint, .complaint:
            guard matter != nil else { throw .noMatter }
            guard article?.isEmpty == false else { throw .noArticle }
            guard kind == .complaint || deadline != nil else { throw .noDeadline }
        case .revocation: try checkEnded()
        case .terms:
            guard terms != nil else { throw .noTerms }
            guard !purposes.isEmpty else { throw .noPurpose }
            guard until != nil else { throw .noLastDay }
        case .grant:
            guard !items.isEmpty else { throw .noItems }
            guard !purposes.isEmpty else { throw .noPurpose }
            guard until != nil else { throw .noLastDay }
        }
    }
}

extension LetterFacts {
    private func checkEnded() throws(LetterFailure) {
        guard let ended else { throw .noGrant }
        guard ended.reference.utf8.allSatisfy(\.isReferenceByte) else { throw .badReference }
        guard !items.isEmpty else { throw .noItems }
        guard !purposes.isEmpty else { throw .noPurpose }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (48...57).contains(self) }
    fileprivate var isLowerHexDigit: Bool { isDigit || (97...102).contains(self) }
    fileprivate var isReferenceByte: Bool {
        isDigit || (97...122).contains(self) || (65...90).contains(self) || self == UInt8(ascii: "-")
    }
    fileprivate var isFileNameByte: Bool { isReferenceByte || self == UInt8(ascii: ".") || self == UInt8(ascii: "_") }
}
