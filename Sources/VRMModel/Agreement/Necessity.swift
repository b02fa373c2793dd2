extension Purpose {
    /// The data items it cannot do without: our reading of data minimisation (Art. 5(1)(c) GDPR), on the strict side. A company
    /// that asks for more may have a reason, and has to give it.
    public var needs: Set<DataItemName> {
        let names: [String] =
            switch self {
            case .RequestedServiceProvision: ["email", "postal_code", "country", "clothing_size", "shoe_size", "dietary_needs"]
            case .DeliveryOfGoods:
                [
                    "name", "given_name", "family_name", "honorific", "address", "delivery_address", "street_address",
                    "postal_code", "locality", "region", "country",
                ]
            case .AccountManagement: ["email", "username", "language", "customer_number"]
            case .PaymentManagement: ["name", "billing_address", "iban", "payment_card"]
            case .CustomerCare: ["name", "email", "phone_number", "customer_number", "language"]
            case .EstablishContractualAgreement:
                ["name", "given_name", "family_name", "address", "billing_address", "email", "country", "postal_code", "region"]
            case .IdentityVerification: ["name", "birthdate", "id_card_number", "passport_number", "photo"]
            case .AgeVerification: ["birthdate"]
            case .LegalCompliance: ["name", "billing_address", "vat_id", "tax_id", "birthdate"]
            case .RightsFulfilment: ["name", "email", "customer_number", "username"]
            case .FraudPreventionAndDetection, .ServiceUsageAnalytics, .ServicePersonalisation, .ProvideProductRecommendations,
                .DirectMarketing, .PersonalisedAdvertising, .ResearchAndDevelopment, .SellDataToThirdParties:
                []
            }
        return Set(names.compactMap { DataItemName($0) })
    }
}
