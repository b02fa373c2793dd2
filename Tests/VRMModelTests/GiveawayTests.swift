import Testing
import VRMModel

@Suite struct GiveawayTests {
    static let values: [(name: DataItemName, value: Private<String>)] = [
        (DataItemName("name")!, Private("Mara Lodestar")), (DataItemName("locality")!, Private("Testville")),
        (DataItemName("shoe_size")!, Private("39 and a half")), (DataItemName("country")!, Private("DE")),
    ]

    /// Ten texts with what must be said of each, and what must not.
    static let planted: [(text: String, found: [Giveaway])] = [
        ("a quiet espresso grinder, up to 400 EUR", []),
        ("shoes in 39 and a half", [.value(DataItemName("shoe_size")!)]),
        ("delivered to Testville", [.value(DataItemName("locality")!)]),
        ("write to erika@muster.example", [.emailAddress]),
        ("call +49 40 5550101", [.phoneNumber]),
        ("a gift for Lodestar's garden", [.name]),
        ("my name is Erika", [.name]),
        ("bring it to Musterstraße 12", [.place]),
        ("pick-up near 20095 Hamburg", [.place]),
        ("like the one on www.shop.example", [.webAddress]),
    ]

    @Test(arguments: planted.indices)
    func `a planted text gets exactly its warnings`(_ number: Int) {
        let (text, expected) = Self.planted[number]
        #expect(Giveaway.find(in: [text], values: Self.values) == expected)
    }

    @Test(arguments: [
        "DE", "size 42", "10.5 kg, 2027 model", "0.5 litre", "15 bar, 1350 W", "Dr. is no title alone", "M8 screws, 500 of them",
    ])
    func `what is everybody's is no giveaway`(_ text: String) {
        #expect(Giveaway.find(in: [text], values: Self.values) == [])
    }
}

@Suite struct AmountTests {
    @Test(arguments: [
        ("310", "310.0000", true), ("310.0001", "310", false), ("0", "0.0001", true),
        ("999999999999.9999", "999999999999.9999", true),
        ("289.00", "310", true), ("9", "10", true),
    ])
    func `prices are compared to the last digit`(_ price: String, _ limit: String, _ isWithin: Bool) throws {
        let (price, limit) = (try #require(Amount(price, "EUR")), try #require(Amount(limit, "EUR")))
        #expect(price.isWithin(limit) == isWithin)
    }

    @Test func `between two currencies there is no answer`() throws {
        #expect(try #require(Amount("1", "EUR")).isWithin(try #require(Amount("2", "USD"))) == nil)
    }

    @Test(arguments: ["-1", "1e3", "01", "", ".5", "1.", "1.00000", "1,5", String(repeating: "9", count: 60), "１"])
    func `what is no amount is refused`(_ text: String) { #expect(Amount(text, "EUR") == nil) }
}

@Suite struct IntentWordTests {
    @Test func `categories are a number of the taxonomy, a name at its top, or a word`() {
        #expect(IntentCategory("Home & Garden")?.description == "google:536")
        #expect(IntentCategory("google:536")?.label == "Home & Garden")
        #expect(IntentCategory("kitchen")?.description == "kitchen")
        for text in ["google:", "google:0", "google:x", "Kitchen things", "kitchen things", "", "google:12345678"] {
            #expect(IntentCategory(text) == nil)
        }
    }

    @Test func `a region is no finer than ISO 3166-2`() {
        #expect(Region("DE-HH") != nil && Region("DE") != nil)
        for text in ["de", "DE-20095", "DE-HH-1", "Hamburg", "DE-", ""] { #expect(Region(text) == nil) }
    }
}
