/// Where a rule stands, and that somebody read it there.
public struct Citation: Hashable, Sendable {
    /// `Art. 12(3) GDPR`.
    public let article: String
    /// The sentence, as the source has it.
    public let quote: String
    /// The address it was read at.
    public let source: String
    public let read: Day
    /// What the quoted page is when it is not the law itself: a report about it, a translation, a parallel provision.
    public let secondary: String?

    public init(article: String, quote: String, source: String, read: Day, secondary: String? = nil) {
        self.article = article
        self.quote = quote
        self.source = source
        self.read = read
        self.secondary = secondary
    }
}
