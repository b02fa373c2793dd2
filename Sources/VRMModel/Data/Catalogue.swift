/// The fixed list of data items. An id never changes its meaning; new ones are added at the end.
public struct CatalogueEntry: Hashable, Sendable {
    public let name: DataItemName
    public let label: String
    /// Where the name comes from: an OpenID Connect claim (`oidc:`), a schema.org property (`schema:`)
    /// or a vCard property (`vcard:`).
    public let source: String
    /// The W3C DPV personal-data concept (`https://w3id.org/dpv/pd#`).
    public let category: String
    /// A special category (Art. 9 GDPR) or one that hurts when it leaks.
    public let isSensitive: Bool
}

public enum Catalogue {
    public static func entry(_ name: DataItemName) -> CatalogueEntry? { byName[name] }

    public static let entries: [CatalogueEntry] = [
        entry("name", "full name", "oidc:name", "Name"),
        entry("given_name", "given name", "oidc:given_name", "Name"),
        entry("family_name", "family name", "oidc:family_name", "Name"),
        entry("honorific", "title before the name", "schema:honorificPrefix", "Name"),
        entry("nickname", "nickname", "oidc:nickname", "Name"),
        entry("birthdate", "date of birth, YYYY-MM-DD", "oidc:birthdate", "BirthDate"),
        entry("gender", "gender", "oidc:gender", "Gender"),
        entry("email", "e-mail address", "oidc:email", "EmailAddress"),
        entry("phone_number", "telephone number, E.164", "oidc:phone_number", "TelephoneNumber"),
        entry("address", "postal address", "oidc:address", "PhysicalAddress"),
        entry("street_address", "street and number", "oidc:street_address", "Street"),
        entry("postal_code", "postcode", "oidc:postal_code", "PhysicalAddress"),
        entry("locality", "town", "oidc:locality", "City"),
        entry("region", "state or region", "oidc:region", "Location"),
        entry("country", "country, ISO 3166-1 alpha-2", "oidc:country", "Country"),
        entry("delivery_address", "address for deliveries", "schema:deliveryAddress", "PhysicalAddress"),
        entry("billing_address", "address for invoices", "schema:billingAddress", "PhysicalAddress"),
        entry("website", "own web page", "oidc:website", "SocialMedia"),
        entry("username", "login name", "schema:identifier", "Username"),
        entry("customer_number", "the company's number for the person", "schema:customerNumber", "AccountIdentifier"),
        entry("language", "language, BCP 47", "oidc:locale", "Language"),
        entry("photo", "picture", "oidc:picture", "Picture"),
        entry("employer", "employer", "schema:worksFor", "CurrentEmployment"),
        entry("job_title", "occupation", "schema:jobTitle", "Job"),
        entry("tax_id", "tax number", "schema:taxID", "OfficialID", sensitive: true),
        entry("vat_id", "VAT number", "schema:vatID", "OfficialID"),
        entry("iban", "bank account, IBAN", "schema:bankAccount", "BankAccount", sensitive: true),
        entry("payment_card", "payment card, last four digits", "schema:paymentMethodId", "PaymentCard", sensitive: true),
        entry("passport_number", "passport number", "schema:passport", "Passport", sensitive: true),
        entry("id_card_number", "identity card number", "schema:identifier", "OfficialID", sensitive: true),
        entry("social_security_number", "social security number", "schema:identifier", "OfficialID", sensitive: true),
        entry(
            "health_insurance_number", "health insurance number", "schema:healthInsuranceNumber", "HealthRecord", sensitive: true),
        entry("vehicle_registration", "number plate", "schema:vehicleRegistration", "VehicleLicenseRegistration"),
        entry("clothing_size", "clothing size", "schema:size", "Preference"),
        entry("shoe_size", "shoe size", "schema:size", "Preference"),
        entry("dietary_needs", "what the person does not eat", "schema:suitableForDiet", "Health", sensitive: true),
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })

    private static func entry(
        _ name: String, _ label: String, _ source: String, _ category: String, sensitive: Bool = false
    ) -> CatalogueEntry {
        CatalogueEntry(name: DataItemName(name)!, label: label, source: source, category: category, isSensitive: sensitive)
    }
}
