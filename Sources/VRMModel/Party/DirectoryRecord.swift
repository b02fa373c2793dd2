/// Reference data about a company from a public directory, keyed by slug. No relationship follows from it.
public struct DirectoryRecord: Hashable, Sendable {
    /// Which directory it is from; a slug means something only within it.
    public enum Source: String, Sendable, CaseIterable {
        case datenanfragen, justdeleteme
        /// Supervisory authorities, of datenanfragen/data: no companies.
        case authorities
    }
    public let source: Source
    public let slug: String
    public var name: String
    /// Registrable domains it answers for, the main one first. May be empty.
    public var domains: [Domain]
    /// Brands and companies it says it runs.
    public var runs: [String] = []
    public var email: String?
    public var webform: String?
    public var address: String?
    /// The one country it is meant for, when there is exactly one.
    public var country: CountryCode?
    public var language: LanguageCode?
    public var identification: [IdentificationElement] = []
    /// Where an account is closed, and how hard that is said to be.
    public var deletionURL: String?
    public var deletionDifficulty: String?
    public var notes: [String] = []

    public init(source: Source, slug: String, name: String, domains: [Domain]) {
        self.source = source
        self.slug = slug
        self.name = name
        self.domains = domains
    }

    /// Whether it says how to be reached at all.
    public var isReachable: Bool { email != nil || webform != nil || address != nil }
}
