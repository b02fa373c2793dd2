import VRMCrypto
public import VRMModel

/// Short terms in our own words, so that the vault is of use before the person has found better ones. Texts are pinned:
/// a change is a new id.
public enum ShippedTerms {
    public static let usual = TermsID("vrm-service-1")!

    public static let all: [Terms] = [
        terms(usual, .english, PackageResources.vrm_service_1_en_txt),
        terms(usual, LanguageCode("de")!, PackageResources.vrm_service_1_de_txt),
    ]

    private static func terms(_ id: TermsID, _ language: LanguageCode, _ text: [UInt8]) -> Terms {
        Terms(
            id: id, language: language, uri: nil, text: String(decoding: text, as: UTF8.self), sha256: SHA256.digest(text),
            purposes: Terms.servicePurposes, source: .shipped)
    }
}
