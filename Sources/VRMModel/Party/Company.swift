/// Who is on the other side: what is known of a company whoever deals with it.
///
/// The domain is its registrable one and tells companies apart.
public struct Company: Hashable, Sendable {
    public let domain: Domain
    /// More domains it answers to, from merging.
    public var otherDomains: [Domain] = []
    public var name: String
    /// Where it takes privacy matters.
    public var privacyEmail: String?
    public var webform: String?
    public var address: String?
    public var country: CountryCode?
    /// The second part of the ISO 3166-2 code of its seat: `HH` of `DE-HH`. Some public holidays are a region's own.
    public var region: String?
    /// The language it asks requests to be in.
    public var language: LanguageCode?
    /// The least it says it needs to find a person. Empty when nothing is known.
    public var identification: [IdentificationElement]
    /// How bundles name it, when that is not `https://` and the domain.
    public var declaredOrigin: Origin?
    /// The directory record these facts came from.
    public var directorySlug: String?

    public init(domain: Domain, name: String? = nil) {
        self.domain = domain
        self.name = name ?? domain.description
        self.identification = []
    }

    /// Whose public holidays it keeps, as far as is known.
    public var place: Place? { country.map { Place(country: $0, region: region) } }

    public var origin: Origin { declaredOrigin ?? Origin(domain) }

    /// Takes from a directory record whatever is not known yet.
    public mutating func complete(from record: DirectoryRecord) {
        if name == domain.description { name = record.name }
        privacyEmail = privacyEmail ?? record.email
        webform = webform ?? record.webform
        address = address ?? record.address
        country = country ?? record.country
        language = language ?? record.language
        if identification.isEmpty { identification = record.identification }
        directorySlug = directorySlug ?? record.slug
    }
}

/// One thing a company says it needs to find a person in its records.
public struct IdentificationElement: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case name, email, address, birthdate, input, textarea
    }
    public let kind: Kind
    /// In the company's words, for kinds that have no fixed meaning.
    public let label: String
    public let isOptional: Bool

    public init(kind: Kind, label: String, isOptional: Bool) {
        self.kind = kind
        self.label = label
        self.isOptional = isOptional
    }
}
