/// Every cap of the wire format, checked before the work it limits (docs/spec/bundle.md, §9).
public enum Limits {
    /// A file as it arrives: the largest encrypted bundle, base64 and wrapping included, and room to spare.
    public static let fileBytes = 512 * 1024
    /// A token in compact form. Sixteen times a full grant; verifying it stays under a millisecond.
    public static let tokenBytes = 256 * 1024
    /// A sealed bundle: a token of 256 KiB in base64url, its header and its tag.
    public static let sealedBytes = 384 * 1024
    /// Each costs a digest and an entry in a table.
    public static let disclosures = 512
    /// Reading recurses once per level.
    public static let jsonDepth = 32
    /// The text of terms or of a message: it travels inside a token, and a person reads it.
    public static let textBytes = 64 * 1024
    /// What an intent can reveal. Always as many, so that the number tells nothing (§5.7).
    public static let attributes = 16
    /// A Key Binding JWT is an answer to a question just asked (§5.13).
    public static let keyBindingSeconds: Int64 = 86_400
    /// A header has three short members, a sealed bundle's six.
    public static let headerBytes = 1024
    /// Clocks differ; PyJWT and joserfc forgive nothing, so issuers backdate by a minute (§6, B-10).
    public static let leewaySeconds: Int64 = 120
    /// A JWKS or issuer document.
    public static let keyDocumentBytes = 64 * 1024
    /// Keys in one document: current, next and a few old ones.
    public static let keysInDocument = 16
}
