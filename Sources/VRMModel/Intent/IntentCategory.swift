/// What kind of thing an intent is after: a number of the Google product taxonomy, or a plain word.
///
/// The taxonomy is published at `https://www.google.com/basepages/producttype/taxonomy-with-ids.en-US.txt` and its numbers keep
/// their meaning (docs/decisions/0030-categories.md). Only the top of it is named here: the coarser, the more people look alike.
public struct IntentCategory: Hashable, Sendable, LosslessStringConvertible {
    /// `google:` and the number, or a word.
    public let description: String

    public static let taxonomy = "google:"

    /// Reads a number of the taxonomy (`google:536`), the name of a top category in any case, or a plain word: lower-case ASCII
    /// letters, digits and hyphens, at most 40.
    public init?(_ text: String) {
        if let top = IntentCategory.top.first(where: { $0.name.lowercased() == text.lowercased() }) {
            description = IntentCategory.taxonomy + String(top.number)
            return
        }
        if text.hasPrefix(IntentCategory.taxonomy) {
            let digits = text.utf8.dropFirst(IntentCategory.taxonomy.utf8.count)
            guard (1...7).contains(digits.count), digits.allSatisfy(\.isASCIIDigit), digits.first != UInt8(ascii: "0") else {
                return nil
            }
        } else {
            guard (1...40).contains(text.utf8.count), let first = text.utf8.first, (97...122).contains(first),
                text.utf8.allSatisfy({ (97...122).contains($0) || $0.isASCIIDigit || $0 == UInt8(ascii: "-") })
            else { return nil }
        }
        description = text
    }

    /// What people call it; nil for a plain word and for numbers below the top.
    public var label: String? {
        IntentCategory.top.first { description == IntentCategory.taxonomy + String($0.number) }?.name
    }

    /// The categories at the top of the taxonomy.
    public static let top: [(number: Int, name: String)] = [
        (1, "Animals & Pet Supplies"), (166, "Apparel & Accessories"), (8, "Arts & Entertainment"), (537, "Baby & Toddler"),
        (111, "Business & Industrial"), (141, "Cameras & Optics"), (222, "Electronics"), (412, "Food, Beverages & Tobacco"),
        (436, "Furniture"), (632, "Hardware"), (469, "Health & Beauty"), (536, "Home & Garden"), (5181, "Luggage & Bags"),
        (772, "Mature"), (783, "Media"), (922, "Office Supplies"), (5605, "Religious & Ceremonial"), (2092, "Software"),
        (988, "Sporting Goods"), (1239, "Toys & Games"), (888, "Vehicles & Parts"),
    ]
}
