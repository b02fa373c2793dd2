/// The words of one language: the letters, and phrases by their keys. Read from the templates built into the program.
struct LetterWords: Sendable {
    let frame: LetterTemplate
    let bodies: [LetterKind: LetterTemplate]
    let phrases: [String: LetterTemplate]

    /// Nil when a template of this program is broken; a test reads them all.
    static func of(_ language: LetterLanguage) -> LetterWords? {
        switch language {
        case .en: english
        case .de: german
        case .fr: french
        }
    }

    private static let english = try? LetterWords(
        frame: PackageResources.frame_en_txt,
        bodies: [
            .access: PackageResources.access_en_txt,
            .erasure: PackageResources.erasure_en_txt,
            .grantErasure: PackageResources.grant_erasure_en_txt,
            .rectification: PackageResources.rectification_en_txt,
            .objection: PackageResources.objection_en_txt,
            .restriction: PackageResources.restriction_en_txt,
            .portability: PackageResources.portability_en_txt,
            .optOutOfSale: PackageResources.opt_out_of_sale_en_txt,
            .revocation: PackageResources.revocation_en_txt,
            .terms: PackageResources.terms_en_txt,
            .grant: PackageResources.grant_en_txt,
            .reminder: PackageResources.reminder_en_txt,
            .admonition: PackageResources.admonition_en_txt,
            .identityDispute: PackageResources.identity_dispute_en_txt,
            .channelDispute: PackageResources.channel_dispute_en_txt,
            .excessiveDispute: PackageResources.excessive_dispute_en_txt,
            .languageDispute: PackageResources.language_dispute_en_txt,
            .appeal: PackageResources.appeal_en_txt,
            .companyComplaint: PackageResources.company_complaint_en_txt,
            .complaint: PackageResources.complaint_en_txt,
        ], phrases: PackageResources.phrases_en_txt)

    private static let german = try? LetterWords(
        frame: PackageResources.frame_de_txt,
        bodies: [
            .access: PackageResources.access_de_txt,
            .erasure: PackageResources.erasure_de_txt,
            .grantErasure: PackageResources.grant_erasure_de_txt,
            .rectification: PackageResources.rectification_de_txt,
            .objection: PackageResources.objection_de_txt,
            .restriction: PackageResources.restriction_de_txt,
            .portability: PackageResources.portability_de_txt,
            .optOutOfSale: PackageResources.opt_out_of_sale_de_txt,
            .revocation: PackageResources.revocation_de_txt,
            .terms: PackageResources.terms_de_txt,
            .grant: PackageResources.grant_de_txt,
            .reminder: PackageResources.reminder_de_txt,
            .admonition: PackageResources.admonition_de_txt,
            .identityDispute: PackageResources.identity_dispute_de_txt,
            .channelDispute: PackageResources.channel_dispute_de_txt,
            .excessiveDispute: PackageResources.excessive_dispute_de_txt,
            .languageDispute: PackageResources.language_dispute_de_txt,
            .appeal: PackageResources.appeal_de_txt,
            .companyComplaint: PackageResources.company_complaint_de_txt,
            .complaint: PackageResources.complaint_de_txt,
        ], phrases: PackageResources.phrases_de_txt)

    private static let french = try? LetterWords(
        frame: PackageResources.frame_fr_txt,
        bodies: [
            .access: PackageResources.access_fr_txt,
            .erasure: PackageResources.erasure_fr_txt,
            .grantErasure: PackageResources.grant_erasure_fr_txt,
            .rectification: PackageResources.rectification_fr_txt,
            .objection: PackageResources.objection_fr_txt,
            .restriction: PackageResources.restriction_fr_txt,
            .portability: PackageResources.portability_fr_txt,
            .optOutOfSale: PackageResources.opt_out_of_sale_fr_txt,
            .revocation: PackageResources.revocation_fr_txt,
            .terms: PackageResources.terms_fr_txt,
            .grant: PackageResources.grant_fr_txt,
            .reminder: PackageResources.reminder_fr_txt,
            .admonition: PackageResources.admonition_fr_txt,
            .identityDispute: PackageResources.identity_dispute_fr_txt,
            .channelDispute: PackageResources.channel_dispute_fr_txt,
            .excessiveDispute: PackageResources.excessive_dispute_fr_txt,
            .languageDispute: PackageResources.language_dispute_fr_txt,
            .appeal: PackageResources.appeal_fr_txt,
            .companyComplaint: PackageResources.company_complaint_fr_txt,
            .complaint: PackageResources.complaint_fr_txt,
        ], phrases: PackageResources.phrases_fr_txt)

    /// - Parameter phrases: One `key = words` a line; empty lines and those that start with `#` say nothing.
    init(frame: [UInt8], bodies: [LetterKind: [UInt8]], phrases: [UInt8]) throws(LetterTemplate.Failure) {
        self.frame = try LetterTemplate(String(decoding: frame, as: UTF8.self))
        var templates: [LetterKind: LetterTemplate] = [:]
        for (kind, body) in bodies { templates[kind] = try LetterTemplate(String(decoding: body, as: UTF8.self)) }
        self.bodies = templates
        var words: [String: LetterTemplate] = [:]
        for line in String(decoding: phrases, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, parts[1] == "=" else { throw .badName }
            words[String(parts[0])] = try LetterTemplate(String(parts[2]))
        }
        self.phrases = words
    }
}
