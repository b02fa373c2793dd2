/// What in a public text tells who wrote it. A warning, never a refusal: the person decides.
///
/// It looks for what can be recognised by its form, and for the person's own values. What it does not find may still give them
/// away.
public enum Giveaway: Hashable, Sendable {
    /// A value the vault holds, by the item's name.
    case value(DataItemName)
    case emailAddress
    case phoneNumber
    case name
    /// A postcode, a street, a place on the map: finer than the region.
    case place
    case webAddress
    /// Nobody else uses these terms.
    case ownTerms
    /// A host or mailbox for answers that an earlier intent had.
    case answerAddressUsed
    /// The list of companies asked or avoided says where one shops.
    case audience

    /// - Parameters:
    ///   - texts: Everything readers see that the person worded.
    ///   - values: What the vault holds.
    /// - Returns: Each kind once, in the order of their finding.
    public static func find(in texts: [String], values: [(name: DataItemName, value: Private<String>)]) -> [Giveaway] {
        var found: [Giveaway] = []
        func add(_ giveaway: Giveaway) { if !found.contains(giveaway) { found.append(giveaway) } }
        for text in texts {
            let words = Giveaway.words(text)
            let folded = words.map { $0.lowercased() }
            for (name, value) in values where Giveaway.holds(folded, value.revealed, isName: name.description.hasSuffix("name")) {
                add(name.description == "name" ? .name : .value(name))
            }
            if Giveaway.hasEmail(text) { add(.emailAddress) }
            if Giveaway.hasPhone(text) { add(.phoneNumber) }
            if Giveaway.hasWebAddress(text) { add(.webAddress) }
            if Giveaway.hasName(words) { add(.name) }
            if Giveaway.hasPlace(text, words) { add(.place) }
        }
        return found
    }

    private static func words(_ text: String) -> [String] {
        text.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// The whole value, at the bounds of words; of a name also one part of it.
    private static func holds(_ words: [String], _ value: String, isName: Bool) -> Bool {
        let wanted = Giveaway.words(value).map { $0.lowercased() }
        // Two letters (a country, a language) are everybody's.
        guard wanted.joined().count >= 3 else { return false }
        if isName, wanted.contains(where: { $0.count >= 3 && words.contains($0) }) { return true }
        guard wanted.count <= words.count else { return false }
        return (0...(words.count - wanted.count)).contains { words[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }

    private static func hasEmail(_ text: String) -> Bool {
        text.split { $0.isWhitespace || "<>()[],;\"".contains($0) }.contains { word in
            let parts = word.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && parts[1].count > 3
        }
    }

    /// Seven digits or more in a row but for what people put between them, begun by + or 0.
    private static func hasPhone(_ text: String) -> Bool {
        var (digits, isBegun) = (0, false)
        var before: Character = " "
        for character in text {
            if character.isNumber, character.isASCII {
                if digits == 0 { isBegun = character == "0" || before == "+" }
                digits += 1
                if isBegun, digits >= 7 { return true }
            } else if !" -/().".contains(character) || digits == 0 {
                digits = 0
            }
            if character != " " { before = character }
        }
        return false
    }

    private static func hasWebAddress(_ text: String) -> Bool {
        let text = text.lowercased()
        return text.contains("://") || text.contains("www.")
            || text.split(whereSeparator: \.isWhitespace).contains { $0.first == "@" && $0.count > 3 }
    }

    private static let introductions: [[String]] = [
        ["my", "name", "is"], ["i", "am", "called"], ["ich", "heiße"], ["ich", "heisse"], ["mein", "name", "ist"],
        ["je", "m", "appelle"], ["mr"], ["mrs"], ["ms"], ["dr"], ["herr"], ["frau"], ["madame"], ["monsieur"], ["regards"],
        ["gruß"],
        ["grüße"],
    ]

    /// A title or an introduction, and a word with a capital after it.
    private static func hasName(_ words: [String]) -> Bool {
        let folded = words.map { $0.lowercased() }
        return introductions.contains { phrase in
            guard words.count > phrase.count else { return false }
            return (0..<(words.count - phrase.count)).contains { at in
                folded[at..<(at + phrase.count)].elementsEqual(phrase) && words[at + phrase.count].first!.isUppercase
            }
        }
    }

    private static let streets = [
        "straße", "strasse", "str", "weg", "platz", "allee", "gasse", "street", "road", "lane", "avenue", "drive", "close", "rue",
        "boulevard", "chemin",
    ]

    /// A street with a number, a postcode with a town, or two coordinates.
    private static func hasPlace(_ text: String, _ words: [String]) -> Bool {
        func isNumber(_ word: String) -> Bool { (1...4).contains(word.count) && word.first!.isNumber && word.first != "0" }
        for (at, word) in words.enumerated() {
            let folded = word.lowercased()
            let next = at + 1 < words.count ? words[at + 1] : ""
            let isStreet = streets.contains { folded == $0 || $0.count > 3 && folded.hasSuffix($0) }
            if isStreet, !next.isEmpty, isNumber(next) { return true }
            if isStreet, at >= 1, words[max(0, at - 3)..<at].contains(where: isNumber) { return true }
            // A number of five digits before a word with a capital: 20095 Hamburg. Two parts of a British one: SW1A 1AA.
            if word.count == 5, word.allSatisfy(\.isNumber), next.first?.isUppercase == true { return true }
            if next.count == 3, next.first!.isNumber, next.dropFirst().allSatisfy({ $0.isUppercase }),
                (2...4).contains(word.count),
                word.first!.isUppercase, word.contains(where: \.isNumber)
            {
                return true
            }
        }
        let numbers = text.split { !($0.isNumber || $0 == ".") }
        return zip(numbers, numbers.dropFirst()).contains { a, b in
            [a, b].allSatisfy { part in
                let halves = part.split(separator: ".", omittingEmptySubsequences: false)
                return halves.count == 2 && (1...3).contains(halves[0].count) && halves[1].count >= 3
            }
        }
    }
}
