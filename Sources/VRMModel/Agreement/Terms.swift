/// The name of a text of terms within the vault: `SD-BASE`, `vrm-service-1`, `own-1`.
///
/// ASCII letters, digits, `-`, `.` and `_`, at most 64 bytes.
public struct TermsID: Hashable, Comparable, Sendable, LosslessStringConvertible {
    public let description: String

    public init?(_ text: String) {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({
                (97...122).contains($0) || (65...90).contains($0) || $0.isASCIIDigit || "-._".utf8.contains($0)
            })
        else { return nil }
        description = text
    }

    public static func < (a: TermsID, b: TermsID) -> Bool { a.description < b.description }
}

/// A text of terms the person can proffer, pinned by the digest of its exact bytes.
public struct Terms: Hashable, Sendable {
    public let id: TermsID
    public let language: LanguageCode
    /// Where the text says it is published. Never fetched.
    public let uri: String?
    public let text: String
    /// SHA-256 of the text's UTF-8 bytes.
    public let sha256: [UInt8]
    /// What it permits. What it does not name is prohibited.
    public let purposes: Set<Purpose>
    public let source: Source

    public enum Source: String, Sendable {
        /// Ships with this program, in its own words.
        case shipped
        /// The person's own text.
        case own
        /// The text of a roster agreement, which the person imported.
        case roster
    }

    /// The longest text, in bytes: it travels inside the offer (docs/spec/bundle.md, §9).
    public static let longestText = 64 * 1024

    public init(
        id: TermsID, language: LanguageCode, uri: String?, text: String, sha256: [UInt8], purposes: Set<Purpose>,
        source: Source
    ) {
        self.id = id
        self.language = language
        self.uri = uri
        self.text = text
        self.sha256 = sha256
        self.purposes = purposes
        self.source = source
    }

    /// What a text permits when nobody said: the service, nothing else. Unknown means prohibited.
    public static let servicePurposes = Set(Purpose.allCases.filter { $0.use == .service })
}
