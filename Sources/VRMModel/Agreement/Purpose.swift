/// What data may be used for: a concept of the W3C Data Privacy Vocabulary 2.3 (`https://w3id.org/dpv#`).
public enum Purpose: String, Sendable, CaseIterable, CustomStringConvertible {
    case RequestedServiceProvision, DeliveryOfGoods, AccountManagement, PaymentManagement, CustomerCare
    case EstablishContractualAgreement, IdentityVerification, AgeVerification, FraudPreventionAndDetection
    case LegalCompliance, RightsFulfilment
    case ServiceUsageAnalytics
    case ServicePersonalisation, ProvideProductRecommendations
    case DirectMarketing, PersonalisedAdvertising
    case ResearchAndDevelopment, SellDataToThirdParties

    public static let vocabulary = "https://w3id.org/dpv#"

    public var description: String { rawValue }
    public var iri: String { Purpose.vocabulary + rawValue }

    /// Reads an IRI in exactly its one spelling.
    public init?(iri: String) {
        guard iri.hasPrefix(Purpose.vocabulary) else { return nil }
        self.init(rawValue: String(iri.utf8.dropFirst(Purpose.vocabulary.utf8.count)) ?? "")
    }

    /// Reads an id, also in other case, or a whole IRI.
    public init?(named text: String) {
        let id = text.hasPrefix(Purpose.vocabulary) ? String(text.dropFirst(Purpose.vocabulary.count)) : text
        guard let match = Purpose.allCases.first(where: { $0.rawValue.lowercased() == id.lowercased() }) else { return nil }
        self = match
    }

    /// The column of the roster table that decides about this purpose.
    public var use: Use {
        switch self {
        case .RequestedServiceProvision, .DeliveryOfGoods, .AccountManagement, .PaymentManagement, .CustomerCare,
            .EstablishContractualAgreement, .IdentityVerification, .AgeVerification, .FraudPreventionAndDetection,
            .LegalCompliance, .RightsFulfilment:
            .service
        case .ServiceUsageAnalytics: .analytics
        case .ServicePersonalisation, .ProvideProductRecommendations: .profiling
        case .DirectMarketing, .PersonalisedAdvertising: .marketing
        case .ResearchAndDevelopment: .research
        case .SellDataToThirdParties: .sharing
        }
    }

    /// In words a person says.
    public var label: String {
        switch self {
        case .RequestedServiceProvision: "do what I asked for"
        case .DeliveryOfGoods: "deliver goods"
        case .AccountManagement: "run my account"
        case .PaymentManagement: "take or make payments"
        case .CustomerCare: "answer my questions and complaints"
        case .EstablishContractualAgreement: "make a contract"
        case .IdentityVerification: "check who I am"
        case .AgeVerification: "check my age"
        case .FraudPreventionAndDetection: "prevent fraud"
        case .LegalCompliance: "obey the law"
        case .RightsFulfilment: "answer my rights requests"
        case .ServiceUsageAnalytics: "measure how the service is used"
        case .ServicePersonalisation: "adapt the service to me"
        case .ProvideProductRecommendations: "recommend products"
        case .DirectMarketing: "send me advertising"
        case .PersonalisedAdvertising: "choose advertising by my data"
        case .ResearchAndDevelopment: "research and development"
        case .SellDataToThirdParties: "sell it"
        }
    }
}

/// What terms permit or prohibit, coarser than a purpose.
public enum Use: String, Sendable, CaseIterable {
    case service, analytics, tracking, profiling, marketing, research, sharing
}

/// The legal basis a grant names (`https://w3id.org/dpv/legal/eu/gdpr#`).
public enum LegalBasis: String, Sendable, CaseIterable {
    /// Consent, Art. 6(1)(a) GDPR.
    case consent = "eu-gdpr:A6-1-a"
    /// Performance of a contract, Art. 6(1)(b) GDPR: under terms the company has agreed to.
    case contract = "eu-gdpr:A6-1-b"
}
